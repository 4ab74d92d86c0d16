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
  /** Notifies when the change sequence has grown. */
  changes: ChangeWatch
}

export interface FollowRequest {
  viewer: Viewer
  /** Returns changes after this cursor; null for now. */
  after: string | null
  /** The quota charge of a partner; null for editors. With a used-up quota, only removals are returned. */
  charge?: OperationCharge | null
}

/** The number of changes read at once: a slow client does not buffer more. */
const BATCH_SIZE = 20

/**
 * An endless stream of the changes for an audience: first those after the cursor, then new ones. Rights are
 * read again for each batch, so a licence change applies at once.
 *
 * @returns a stream that fails with UnknownCursor, with Forbidden when the partner is suspended, or with
 *   TokenExpired
 */
export async function followChanges(
  { viewer, after, charge = null }: FollowRequest,
  deps: LiveDeps,
): Promise<AsyncIterableIterator<AudienceChange, void>> {
  const signal = new AsyncSignal()
  const start = after ?? (await currentCursor(deps.prisma))
  const changes = follow({ viewer, after: start, charge, signal }, deps)
  const stream: AsyncIterableIterator<AudienceChange, void> = {
    next: () => changes.next(),
    return() {
      // A client that leaves must not wait for the next change.
      signal.stop()
      return changes.return()
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
