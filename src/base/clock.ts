/** The longest delay of Node's timers, which store 31 bits of milliseconds. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

/** A timer that can be set for any time, however far away. */
export interface Timer {
  cancel(): void
}

/**
 * Runs some work at intervals, one run at a time: while a run takes longer than the interval, its turns are
 * skipped. The timer does not keep the process running.
 * @param everyMs between the starts of two runs, in ms
 * @param onFailure without it, an error ends the process, like every unhandled one
 * @returns a function that stops it at once, and resolves when the current run has ended
 */
export function runEvery(
  everyMs: number,
  work: () => Promise<void> | void,
  onFailure: (error: unknown) => void = fail,
): () => Promise<void> {
  let working: Promise<void> | null = null
  const run = () => {
    if (working) return
    try {
      const result = work()
      // Work without a promise has ended.
      if (!result) return
      working = result.catch(onFailure).finally(() => {
        working = null
      })
    } catch (error) {
      onFailure(error)
    }
  }
  const timer = setInterval(run, everyMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await working
  }
}

function fail(error: unknown): never {
  throw error
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
