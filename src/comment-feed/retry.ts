import { setTimeout as after } from 'node:timers/promises'

/** Waits between attempts while the database is away, in ms. */
const PAUSES = [50, 200, 500, 1_000, 2_000]

/** Does something until it succeeds, or until it is not wanted any more (null). */
export async function retrying<T>(
  work: () => Promise<T>,
  onFailure: (error: unknown) => void,
  unwanted: () => boolean,
): Promise<T | null> {
  for (let attempt = 0; !unwanted(); attempt++) {
    try {
      return await work()
    } catch (error) {
      onFailure(error)
      await after(PAUSES[Math.min(attempt, PAUSES.length - 1)])
    }
  }
  return null
}
