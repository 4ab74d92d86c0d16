/** The longest delay of Node's timers, which store 31 bits of milliseconds. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

/** A timer that can be set for any time, however far away. */
export interface Timer {
  cancel(): void
}

/**
 * Runs some work at intervals, one run at a time.
 * @param everyMs between the starts of two runs, in ms
 * @returns a function that stops it and waits for the current run
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

/** Runs some work at a time of the given clock. A past time runs it at once, but not within this call. */
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
