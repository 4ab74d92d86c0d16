import { atIntervals } from '../clock.ts'
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
  return atIntervals(everyMs, () => announceDue(deps), onFailure)
}
