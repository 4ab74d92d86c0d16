import type { Viewer } from '../auth/viewer.ts'
import { AsyncSignal } from '../base/async-signal.ts'
import { runAt } from '../base/clock.ts'
import type { ChangeWatch } from '../changelog/watch.ts'
import { TokenExpired } from '../comment-feed/hub.ts'
import type { OperationCharge } from '../graphql/operation-charge.ts'
import { audienceOf } from '../licensing/partner-audience.ts'
import { type ChangeDeps, currentCursor, readChanges } from './changes.ts'
import { QuotaWait } from './charged-changes.ts'
import type { AudienceChange } from './removal-status.ts'

export interface LiveDeps extends ChangeDeps {
  /** Wakes when the change sequence has grown. */
  changes: ChangeWatch
}

export interface FollowRequest {
  viewer: Viewer
  /** The cursor behind which to begin; null for now. */
  after: string | null
  /** What a partner was charged; null for editors. With a quota used up it is told of removals only. */
  charge?: OperationCharge | null
}

/** Changes read at once; who reads slowly is given no more than it takes. */
const BATCH_SIZE = 20

/**
 * What an audience is told of the change sequence, without end: first what came behind the cursor, then
 * everything new. Rights are looked up again at each reading, so a licence that changes is felt at once.
 *
 * @returns a stream that fails with UnknownCursor, with Forbidden once the partner is not served any more, or
 *   with TokenExpired
 */
export async function followChanges(
  { viewer, after, charge = null }: FollowRequest,
  deps: LiveDeps,
): Promise<AsyncIterableIterator<AudienceChange, void>> {
  const signal = new AsyncSignal()
  const start = after ?? (await currentCursor(deps.prisma))
  const told = follow({ viewer, after: start, charge, signal }, deps)
  const stream: AsyncIterableIterator<AudienceChange, void> = {
    next: () => told.next(),
    return() {
      // Whoever leaves while nothing happens must not wait for something to happen.
      signal.stop()
      return told.return()
    },
    [Symbol.asyncIterator]: () => stream,
  }
  return stream
}

async function* follow(
  { viewer, after, charge, signal }: Required<FollowRequest> & { after: string; signal: AsyncSignal },
  deps: LiveDeps,
): AsyncGenerator<AudienceChange, void, void> {
  let cursor = after
  const quota = new QuotaWait(charge, deps.now, () => signal.notify())
  const unwatch = deps.changes.watch(() => signal.notify())
  const expiry = viewer.expiresAt && runAt(viewer.expiresAt, () => signal.fail(new TokenExpired()), deps.now)
  try {
    while (!signal.isStopped) {
      signal.reset()
      const audience = await audienceOf(viewer, deps.prisma)
      const removalsOnly = await quota.isUsedUp()
      const page = await readChanges(
        { audience, via: 'SUBSCRIPTION', after: cursor, first: BATCH_SIZE, removalsOnly },
        deps,
      )
      yield* page.changes
      cursor = page.cursor
      if (!page.more) await signal.wait()
    }
  } finally {
    unwatch()
    expiry?.cancel()
    quota.stop()
  }
}
