import { announceDue, type DueDeps } from './due.ts'

/**
 * Looks, at intervals, for what the clock alone has changed. Every gateway has one.
 *
 * @param everyMs between two looks
 * @returns stops it, and settles when a look that is under way has ended
 */
export function startDueClock(
  deps: DueDeps,
  { everyMs, onFailure }: { everyMs: number; onFailure: (error: unknown) => void },
): () => Promise<void> {
  let looking: Promise<void> | null = null
  const timer = setInterval(() => {
    looking ??= announceDue(deps)
      .catch(onFailure)
      .finally(() => {
        looking = null
      })
  }, everyMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await looking
  }
}
