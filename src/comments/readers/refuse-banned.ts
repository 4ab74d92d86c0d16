import { BANNED } from '../../auth/refusal.ts'
import type { Viewer } from '../../auth/viewer.ts'
import { Forbidden } from '../../base/errors.ts'
import type { Publisher } from '../../bus/bus.ts'
import { lockReaderShared } from '../../db/locks.ts'

/**
 * A publisher for what a viewer writes: each transaction first checks that the viewer is not banned. It locks
 * the reader's row, or the subject if there is no row, so that a ban waits for the transaction and nothing is
 * written after a ban was acknowledged.
 *
 * @throws Forbidden from `transaction`, before its work
 */
export function refusingBanned(bus: Publisher, viewer: Viewer): Publisher {
  return {
    transaction(work, options) {
      const { subject } = viewer
      if (subject === null) return bus.transaction(work, options)
      return bus.transaction(async (tx, publish) => {
        if ((await lockReaderShared(tx, subject)) === 'BANNED') throw new Forbidden(BANNED)
        return work(tx, publish)
      }, options)
    },
  }
}
