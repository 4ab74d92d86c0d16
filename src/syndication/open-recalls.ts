import { toSql } from '../articles/condition.ts'
import { readTopicPaths } from '../articles/topics/paths.ts'
import { InvalidInput } from '../base/errors.ts'
import { Prisma, type PrismaClient } from '../db/client/client.ts'
import { licensedArticles } from '../licensing/licensed.ts'
import { type Recall, recall } from './recall.ts'

export interface RecallPage {
  recalls: { cursor: string; recall: Recall }[]
  more: boolean
}

/**
 * The articles that at least one partner must still remove, latest first.
 * @throws InvalidInput for `after`
 */
export async function openRecalls(
  { first, after }: { first: number; after: string | null },
  deps: { prisma: PrismaClient; now: () => Date },
): Promise<RecallPage> {
  const { prisma, now } = deps
  const behind = after === null ? null : idFromCursor(after)
  const topics = await readTopicPaths(prisma)
  const licences = await prisma.licence.findMany()
  if (licences.length === 0) return { recalls: [], more: false }
  const moment = now()
  const mayNotKeep = licences.map(
    ({ partnerId, ...terms }) => Prisma.sql`(
      h."partnerId" = ${partnerId}::uuid AND ${toSql(licensedArticles(terms, moment), topics)} IS NOT TRUE)`,
  )
  const rows = await prisma.$queryRaw<{ id: string }[]>`
    SELECT a."id" FROM "Article" a
    WHERE (${behind}::uuid IS NULL OR a."id" < ${behind}::uuid) AND EXISTS (
      SELECT FROM "Holding" h
      WHERE h."articleId" = a."id" AND h."removedAt" IS NULL AND (${Prisma.join(mayNotKeep, ' OR ')})
    )
    ORDER BY a."id" DESC LIMIT ${first + 1}`
  const recalls = []
  for (const { id } of rows.slice(0, first)) {
    recalls.push({ cursor: Buffer.from(id).toString('base64url'), recall: await recall(id, deps) })
  }
  return { recalls, more: rows.length > first }
}

function idFromCursor(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString('latin1')
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key)) return key
  throw new InvalidInput(
    'after',
    '"after" is not a cursor of this list. Leave out "after" to start with the first item.',
  )
}
