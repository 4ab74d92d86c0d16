import type { DeliveryWay } from '../db/client/client.ts'
import { announceDue } from '../licensing/due-changes.ts'
import { audienceForRemovals } from '../licensing/partner-audience.ts'
import { type ChangeDeps, type ChangePage, checkPageSize, endOfSequence } from './changes.ts'
import { readCursor, START, UnknownCursor, writeRemovalCursor } from './cursor.ts'
import { recordDelivery } from './delivery.ts'
import { findRemovals } from './find-removals.ts'
import { type AudienceChange, deliveryRecordsOf } from './removal-status.ts'

export interface RemovalRequest {
  partnerId: string
  via: DeliveryWay
  /** The place after which to read, of the removals or of the changes; null for the beginning. */
  after: string | null
  first: number
}

/**
 * What a partner must remove, and nothing else, behind a cursor. It is told so while it is suspended too: what it
 * has must go all the same.
 *
 * @throws UnknownCursor, InvalidInput for `first`
 */
export async function readRemovalPage(
  { partnerId, via, after, first }: RemovalRequest,
  deps: ChangeDeps,
): Promise<ChangePage> {
  checkPageSize(first)
  await announceDue(deps)
  for (;;) {
    const { epoch, head } = await endOfSequence(deps.prisma)
    const audience = await audienceForRemovals(partnerId, deps.prisma)
    const start = after === null ? START : readCursor(after, epoch)
    if (start.position > head) throw new UnknownCursor()
    const range = { audience, after: start, upTo: head, take: first }
    const { told, end } = await findRemovals(range, deps)
    const changes = told.map(({ place, ...change }): AudienceChange => {
      return { ...change, cursor: writeRemovalCursor({ epoch, ...place }) }
    })
    const { position, within } = end
    const page = {
      changes,
      cursor: writeRemovalCursor({ epoch, position, within }),
      more: position < head,
    }
    if (
      await recordDelivery({ partnerId, via, head, deliveries: deliveryRecordsOf(changes, audience) }, deps)
    )
      return page
  }
}
