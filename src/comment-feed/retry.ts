import { setTimeout as after } from 'node:timers/promises'

/** Delays between attempts, in ms. */
const RETRY_DELAYS_MS = [50, 200, 500, 1_000, 2_000]

/** Retries some work until it succeeds; returns null when it is cancelled. */
export async function retryUntilCancelled<T>(
  work: () => Promise<T>,
  onFailure: (error: unknown) => void,
  isCancelled: () => boolean,
): Promise<T | null> {
  for (let attempt = 0; !isCancelled(); attempt++) {
    try {
      return await work()
    } catch (error) {
      onFailure(error)
      await after(RETRY_DELAYS_MS[Math.min(attempt, RETRY_DELAYS_MS.length - 1)])
    }
  }
  return null
}
