import type { Publish } from '../bus/bus.ts'
import type { ChangeKind, Prisma } from '../db/client/client.ts'

/** The channel of the bus that tells that the change sequence has grown; the payload is its new head. */
export const CHANGE_CHANNEL = 'dateline_changes'

export interface ArticleChangeEntry {
  articleId: string
  kind: ChangeKind
  /** The story's version after the change. */
  version: number
  /** The one partner whom it concerns; everybody when left out. */
  partnerId?: string
}

/** A change of a licence: one entry, however many stories it is about. They are looked up when it is read. */
export interface LicenceChangeEntry {
  articleId: null
  kind: 'RIGHTS_CHANGED'
  /** The licence's version after the change. */
  version: number
  /** Its version before; the same when it came into or went out of force by the clock. */
  licenceBefore: number
  partnerId: string
}

export type NewChange = ArticleChangeEntry | LicenceChangeEntry

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
  { at, publish }: { at: Date; publish: Publish },
): Promise<number> {
  if (changes.length === 0) return (await tx.changeHead.findUniqueOrThrow({ where: { id: 1 } })).position
  // The entries point at their stories, and so wait for whoever renames one; who does holds what we would wait for.
  const articleIds = changes.flatMap(({ articleId }) => articleId ?? [])
  await tx.$executeRaw`
    SELECT FROM "Article" WHERE "id" = ANY(${articleIds}::uuid[]) ORDER BY "id" FOR KEY SHARE`
  const { position: head } = await tx.changeHead.update({
    where: { id: 1 },
    data: { position: { increment: changes.length } },
  })
  const first = head - changes.length + 1
  const before = changes.map((change) => ('licenceBefore' in change ? change.licenceBefore : null))
  // One statement however many there are.
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
