/** Node's timers hold no more than 31 bits of milliseconds. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

/** A timer for a moment, however far away. */
export interface Timer {
  cancel(): void
}

/**
 * Does something at intervals, never twice at once.
 * @param everyMs between two beginnings, in ms
 * @returns stops it, and settles when what is under way has ended
 */
export function runEvery(
  everyMs: number,
  work: () => Promise<void>,
  onFailure: (error: unknown) => void,
): () => Promise<void> {
  let working: Promise<void> | null = null
  const timer = setInterval(() => {
    working ??= work()
      .catch(onFailure)
      .finally(() => {
        working = null
      })
  }, everyMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await working
  }
}

/** Does something at a moment of a clock; a moment that is over comes at once, but not within this call. */
export function runAt(moment: Date, work: () => void, now: () => Date): Timer {
  let timer: NodeJS.Timeout
  const set = () => {
    const wait = Math.max(0, moment.getTime() - now().getTime())
    timer = setTimeout(() => (wait > MAX_TIMEOUT_MS ? set() : work()), Math.min(wait, MAX_TIMEOUT_MS))
    timer.unref()
  }
  set()
  return { cancel: () => clearTimeout(timer) }
}
