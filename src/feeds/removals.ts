import { toSql } from '../articles/condition.ts'
import { notWithdrawn } from '../articles/public.ts'
import type { TopicPaths } from '../articles/topics/paths.ts'
import { Prisma, type PrismaClient } from '../db/client/client.ts'
import { type Audience, termsOf } from '../licensing/audience.ts'
import { licensedArticles } from '../licensing/licensed.ts'
import { loadSummaries } from '../syndication/load.ts'
import { mayHave } from '../syndication/project.ts'
import type { Removal } from './feed.ts'

/** How long a feed lists a removal. */
export const REMOVALS_MAX_AGE_MS = 30 * 24 * 60 * 60 * 1000

/** The maximum number of removals in a feed; the newest. */
const MAX_REMOVALS = 1000

/** A removal with the withdrawn version, for the ledger. */
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
 * Finds the articles that an audience may no longer have, newest first: for a partner those that it received,
 * for the public those that were published. They are the same in all feeds, so that a removal does not reveal
 * topics or names.
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
 * The time of a removal is the last change that withdraws articles; otherwise the last change, for example to a
 * topic that is not licensed.
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
      WHERE ${toSql(licensedArticles(termsOf(audience), now), topics)} IS NOT TRUE AND ${had(audience).where}
    ) gone
    WHERE "at" > ${since} ORDER BY "at" DESC, "id" LIMIT ${MAX_REMOVALS}`
}

/** The condition that the audience had the article. */
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

/** The time of the last licence change, for articles that are not withdrawn. */
function licensed(audience: Audience): Prisma.Sql {
  if (audience.kind !== 'partner') return Prisma.sql`NULL`
  return Prisma.sql`CASE WHEN ${toSql(notWithdrawn)} THEN (
    SELECT max(l."at") FROM "ArticleChange" l
    WHERE l."articleId" IS NULL AND l."partnerId" = ${audience.id}::uuid) END`
}

function concerns(audience: Audience): Prisma.Sql {
  if (audience.kind !== 'partner') return Prisma.sql`c."partnerId" IS NULL`
  return Prisma.sql`(c."partnerId" IS NULL OR c."partnerId" = ${audience.id}::uuid)`
}
