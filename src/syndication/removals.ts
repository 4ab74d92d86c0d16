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
  /** Returns removals after this cursor of the removals or changes; null for the beginning. */
  after: string | null
  first: number
}

/**
 * Returns only removals after a cursor. Suspended partners get them too.
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
    const { removals, end } = await findRemovals(range, deps)
    const changes = removals.map(({ place, ...change }): AudienceChange => {
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
