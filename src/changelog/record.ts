import type { Publish } from '../bus/bus.ts'
import type { ChangeKind, Prisma } from '../db/client/client.ts'
import { lockArticlesShared } from '../db/locks.ts'

/** The bus channel that announces growth of the change sequence; the payload is the new head. */
export const CHANGE_CHANNEL = 'dateline_changes'

export interface ArticleChangeEntry {
  articleId: string
  kind: ChangeKind
  /** The article's version after the change. */
  version: number
  /** The only partner that the change concerns; all partners when omitted. */
  partnerId?: string
}

/** A change of a licence: one entry for all articles that it affects. They are determined when it is read. */
export interface LicenceChangeEntry {
  articleId: null
  kind: 'RIGHTS_CHANGED'
  /** The licence's version after the change. */
  version: number
  /** Its version before; the same when the licence started or ended by date. */
  licenceBefore: number
  partnerId: string
}

export type NewChange = ArticleChangeEntry | LicenceChangeEntry

/**
 * Appends changes to the change sequence, in order, and notifies all gateways. The sequence stays locked
 * until the end of the transaction, so call this last: a transaction that waits for the sequence must not
 * hold a lock that its holder still needs.
 *
 * @returns the position of the last change; the head when there are none
 */
export async function recordChanges(
  tx: Prisma.TransactionClient,
  changes: readonly NewChange[],
  { at, publish }: { at: Date; publish: Publish },
): Promise<number> {
  if (changes.length === 0) return (await tx.changeHead.findUniqueOrThrow({ where: { id: 1 } })).position
  await lockArticlesShared(
    tx,
    changes.flatMap(({ articleId }) => articleId ?? []),
  )
  const { position: head } = await tx.changeHead.update({
    where: { id: 1 },
    data: { position: { increment: changes.length } },
  })
  const first = head - changes.length + 1
  const before = changes.map((change) => ('licenceBefore' in change ? change.licenceBefore : null))
  // One statement for any number of entries.
  await tx.$executeRaw`
    INSERT INTO "ArticleChange" ("position", "articleId", "kind", "version", "licenceBefore", "partnerId", "at")
    SELECT ${first}::int - 1 + c.n, c.article, c.kind::"ChangeKind", c.version, c.before, c.partner, ${at}
    FROM unnest(${changes.map(({ articleId }) => articleId)}::uuid[], ${changes.map(({ kind }) => kind)}::text[],
      ${changes.map(({ version }) => version)}::int[], ${before}::int[],
      ${changes.map(({ partnerId }) => partnerId ?? null)}::uuid[])
      WITH ORDINALITY AS c(article, kind, version, before, partner, n)
    ORDER BY c.n`
  await publish({ channel: CHANGE_CHANNEL, payload: String(head) })
  return head
}
