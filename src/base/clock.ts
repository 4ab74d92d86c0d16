/** Node's timers hold no more than 31 bits of milliseconds. */
const LONGEST = 2 ** 31 - 1

/** A timer for a moment, however far away. */
export interface Alarm {
  cancel(): void
}

/**
 * Does something at intervals, never twice at once.
 * @param everyMs between two beginnings, in ms
 * @returns stops it, and settles when what is under way has ended
 */
export function atIntervals(
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
export function atMoment(moment: Date, work: () => void, now: () => Date): Alarm {
  let timer: NodeJS.Timeout
  const set = () => {
    const wait = Math.max(0, moment.getTime() - now().getTime())
    timer = setTimeout(() => (wait > LONGEST ? set() : work()), Math.min(wait, LONGEST))
    timer.unref()
  }
  set()
  return { cancel: () => clearTimeout(timer) }
}
