import type { Announce } from '../bus/bus.ts'
import type { ChangeKind, Prisma } from '../db/client/client.ts'

/** The channel of the bus that tells that the change sequence has grown; the payload is its new head. */
export const CHANGE_CHANNEL = 'dateline_changes'

export interface NewChange {
  articleId: string
  kind: ChangeKind
  /** The story's version after the change. */
  version: number
  /** The one partner whom it concerns; everybody when left out. */
  partnerId?: string
}

/**
 * Adds changes to the end of the newsroom's change sequence, in their order, and tells every gateway. The
 * sequence is locked from here to the end of the transaction, so this comes last in it: then nobody who
 * waits for the sequence holds what its owner still needs.
 *
 * @returns the position of the last one; that of the head when there are none
 */
export async function recordChanges(
  tx: Prisma.TransactionClient,
  changes: readonly NewChange[],
  { at, announce }: { at: Date; announce: Announce },
): Promise<number> {
  if (changes.length === 0) return (await tx.changeHead.findUniqueOrThrow({ where: { id: 1 } })).position
  const { position: head } = await tx.changeHead.update({
    where: { id: 1 },
    data: { position: { increment: changes.length } },
  })
  const first = head - changes.length + 1
  await tx.articleChange.createMany({
    data: changes.map((change, i) => ({ ...change, position: first + i, at })),
  })
  await announce({ channel: CHANGE_CHANNEL, payload: String(head) })
  return head
}
