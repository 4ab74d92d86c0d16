import { Prisma, type PrismaClient } from '../db/client/client.ts'
import { type Audience, termsOf } from '../licensing/audience.ts'
import { licensedSql, type TopicPaths } from '../licensing/licensed.ts'
import { loadSummaries } from '../syndication/load.ts'
import { mayHave } from '../syndication/project.ts'
import type { Removal } from './feed.ts'

/** For so long a feed says that a story is gone, in ms. */
export const REMOVALS_MAX_AGE_MS = 30 * 24 * 60 * 60 * 1000

/** A feed says so of so many, the newest. */
const MAX_REMOVALS = 1000

/** A removal with the version that was withdrawn, for the ledger. */
export interface RecordedRemoval extends Removal {
  version: number
}

interface RemovalsDeps {
  prisma: PrismaClient
  audience: Audience
  topics: TopicPaths
  now: Date
}

/**
 * The stories that an audience had and may not have any more, newest first: a partner those that it was given,
 * the public those that were published. They are the same in each of its feeds: which names or topics a story
 * had is not told of one that is gone.
 */
export async function findRemovals(deps: RemovalsDeps): Promise<RecordedRemoval[]> {
  const { prisma, audience, now } = deps
  const rows = await readGone(deps)
  const summaries = await loadSummaries(
    prisma,
    rows.map(({ id }) => id),
  )
  return rows.filter(({ id }) => {
    const summary = summaries.get(id)
    return !summary || !mayHave(summary, audience, now)
  })
}

/**
 * When it went is when the sequence last said something that takes stories away; a story that only changed,
 * to a topic that the licence does not cover, went then.
 */
function readGone({ prisma, audience, topics, now }: RemovalsDeps): Promise<RecordedRemoval[]> {
  const since = new Date(now.getTime() - REMOVALS_MAX_AGE_MS)
  return prisma.$queryRaw<RecordedRemoval[]>`
    SELECT "id", "version", "at" FROM (
      SELECT a."id", ${had(audience).version} AS "version", greatest((
        SELECT coalesce(
          max(c."at") FILTER (WHERE c."kind" IN ('WITHHELD', 'CANCELED', 'EMBARGOED', 'RIGHTS_CHANGED')),
          max(c."at"))
        FROM "ArticleChange" c WHERE c."articleId" = a."id" AND ${concerns(audience)}
      ), ${licensed(audience)}) AS "at"
      FROM "Article" a ${had(audience).join}
      WHERE ${licensedSql(termsOf(audience), topics, now)} IS NOT TRUE AND ${had(audience).where}
    ) gone
    WHERE "at" > ${since} ORDER BY "at" DESC, "id" LIMIT ${MAX_REMOVALS}`
}

/** How it is known that the audience had a story. */
function had(audience: Audience): { join: Prisma.Sql; where: Prisma.Sql; version: Prisma.Sql } {
  if (audience.kind === 'partner') {
    return {
      join: Prisma.sql`JOIN "Holding" h ON h."articleId" = a."id" AND h."partnerId" = ${audience.id}::uuid`,
      where: Prisma.sql`TRUE`,
      version: Prisma.sql`h."version"`,
    }
  }
  return {
    join: Prisma.empty,
    where: Prisma.sql`EXISTS (SELECT FROM "ArticleChange" p WHERE p."articleId" = a."id"
      AND p."kind" = 'PUBLISHED')`,
    version: Prisma.sql`a."version"`,
  }
}

/** When the licence last changed, for stories that nothing else takes away. */
function licensed(audience: Audience): Prisma.Sql {
  if (audience.kind !== 'partner') return Prisma.sql`NULL`
  return Prisma.sql`CASE WHEN a."status" = 'USABLE' THEN (
    SELECT max(l."at") FROM "ArticleChange" l
    WHERE l."articleId" IS NULL AND l."partnerId" = ${audience.id}::uuid) END`
}

function concerns(audience: Audience): Prisma.Sql {
  if (audience.kind !== 'partner') return Prisma.sql`c."partnerId" IS NULL`
  return Prisma.sql`(c."partnerId" IS NULL OR c."partnerId" = ${audience.id}::uuid)`
}
