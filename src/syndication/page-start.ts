import { type TopicPaths, topicPathsOf } from '../articles/topics/paths.ts'
import { recordOf } from '../base/records.ts'
import type { ArticleStatus, ChangeKind, PrismaClient } from '../db/client/client.ts'
import { Prisma } from '../db/client/client.ts'
import { HISTORY_SQL } from '../db/history.ts'
import type { Audience } from '../licensing/audience.ts'
import { anythingDueSql } from '../licensing/due-changes.ts'
import { partnerAudienceOf } from '../licensing/partner-audience.ts'
import type { Terms } from '../licensing/terms.ts'
import { topicOf } from './full-article.ts'
import type { ArticleSummary } from './project.ts'

/** What a page of changes starts with, as of one moment. */
export interface PageStart {
  /** Whether changes by the clock are not in the change sequence yet; see `announceDue`. */
  isDue: boolean
  epoch: string
  head: number
  /** The audience with its current licence. */
  audience: Audience
  /** The first entries after the position, in order. */
  entries: StartEntry[]
  /** The articles of the entries, by row id. */
  summaries: Map<string, StampedSummary>
}

export interface StartEntry {
  position: number
  /** Null for a change of a licence. */
  articleId: string | null
  kind: ChangeKind
  at: Date
}

/** A summary, and a text that changes with everything that a full article is made of. */
export interface StampedSummary extends ArticleSummary {
  stamp: string
}

export interface PageStartRequest {
  audience: Audience
  /** The position before the first entry. */
  after: number
  /** The maximum number of entries. */
  take: number
  now: Date
}

/**
 * Reads in one statement, and so as of one moment, what a page of changes starts with.
 *
 * About the stamps: each save of an article has a new version (src/articles/version.ts), also when the rights to one of
 * its images change. Names of people and organisations and rights to images are rows that articles share. The id of the
 * transaction that wrote such a row (xmin) changes with each write, also with one by SQL.
 *
 * @throws Forbidden for a partner that is suspended or has no licence
 */
export async function readPageStart(
  db: Pick<PrismaClient, '$queryRaw'>,
  { audience, after, take, now }: PageStartRequest,
): Promise<PageStart> {
  const partnerId = audience.kind === 'partner' ? audience.id : null
  const [row] = await db.$queryRaw<StartRow[]>`
    WITH entries AS MATERIALIZED (
      SELECT c."position", c."articleId", c."kind", c."at" FROM "ArticleChange" c
      WHERE c."position" > ${after} AND ${concerningSql(audience)} ORDER BY c."position" LIMIT ${take}
    ),
    named AS (
      SELECT x."articleId", sum(hashtext(e.xmin::text)) AS "stamp"
      FROM "ArticleEntity" x JOIN "Entity" e ON e."id" = x."entityId"
      WHERE x."articleId" IN (SELECT c."articleId" FROM entries c) GROUP BY x."articleId"
    ),
    shown AS (
      SELECT u."articleId", sum(hashtext(i.xmin::text)) AS "stamp"
      FROM "ImageUse" u JOIN "Image" i ON i."id" = u."imageId"
      WHERE u."articleId" IN (SELECT c."articleId" FROM entries c) GROUP BY u."articleId"
    )
    SELECT ${anythingDueSql(now)} AS "isDue", (${Prisma.raw(HISTORY_SQL)}) AS "epoch", h."position" AS "head",
      (SELECT json_build_object('slug', p."slug", 'isSuspended', p."suspendedAt" IS NOT NULL,
          'licence', CASE WHEN l."partnerId" IS NOT NULL THEN ${TERMS} END)
        FROM "Partner" p LEFT JOIN "Licence" l ON l."partnerId" = p."id"
        WHERE p."id" = ${partnerId}::uuid)::text AS "partner",
      (SELECT json_agg(json_build_array(e."position", e."articleId", e."kind", ${ms('e."at"')}) ORDER BY e."position")
        FROM entries e)::text AS "entries",
      (SELECT json_agg(json_build_array(a."id", a."version", a."status", ${ms('a."publishedAt"')},
          ${ms('a."embargoedUntil"')}, a."language", a."topicId", ${ms('a."updatedAt"')}, n."stamp", s."stamp"))
        FROM "Article" a LEFT JOIN named n ON n."articleId" = a."id" LEFT JOIN shown s ON s."articleId" = a."id"
        WHERE a."id" IN (SELECT e."articleId" FROM entries e))::text AS "articles",
      (SELECT json_agg(t ORDER BY t."id") FROM "Topic" t)::text AS "topics"
    FROM "ChangeHead" h WHERE h."id" = 1`
  if (!row)
    throw new Error('The table "ChangeHead" has no row. Restore the row, or run the migrations again.')
  const topics = topicsIn(row.topics)
  return {
    isDue: row.isDue,
    epoch: row.epoch,
    head: row.head,
    audience: partnerId === null ? audience : partnerAudienceOf(partnerId, partnerIn(row.partner)),
    entries: listIn<[number, string | null, ChangeKind, number]>(row.entries).map(
      ([position, articleId, kind, at]) => ({ position, articleId, kind, at: new Date(at) }),
    ),
    summaries: new Map(
      listIn<ArticleRow>(row.articles).map((article) => [article[0], summaryOf(article, row.epoch, topics)]),
    ),
  }
}

interface StartRow {
  isDue: boolean
  epoch: string
  head: number
  partner: string | null
  entries: string | null
  articles: string | null
  topics: string | null
}

type ArticleRow = [
  id: string,
  version: number,
  status: ArticleStatus,
  publishedAt: number,
  embargoedUntil: number | null,
  language: string,
  topicId: string | null,
  updatedAt: number,
  entitiesStamp: number | null,
  imagesStamp: number | null,
]

/** The entries of an audience: those for everybody, and for a partner its own. */
function concerningSql(audience: Audience): Prisma.Sql {
  // Editors get changes of articles, not of licences.
  if (audience.kind === 'newsroom') return Prisma.sql`c."articleId" IS NOT NULL`
  if (audience.kind === 'public') return Prisma.sql`c."partnerId" IS NULL`
  return Prisma.sql`(c."partnerId" IS NULL OR c."partnerId" = ${audience.id}::uuid)`
}

/** A time in ms since 1970. The form of a time in JSON depends on settings of the session. */
function ms(column: string): Prisma.Sql {
  return Prisma.raw(`(extract(epoch FROM ${column}) * 1000)::float8`)
}

/** The terms of a licence as JSON: with the names of the model, which are not those of all columns. */
const TERMS = Prisma.raw(
  `json_build_object(${Object.entries({
    ...recordOf(['topics', 'sections', 'languages', 'agencies'], (name) => `coalesce(l."${name}", '{}')`),
    ...recordOf(['fullText', 'quotations', 'embeds', 'attribution'], (name) => `l."${name}"`),
    validFrom: ms('l."validFrom"').sql,
    validUntil: ms('l."validUntil"').sql,
    retentionDays: 'l."keepDays"',
  } satisfies Record<keyof Terms, string>).map(([name, sql]) => `'${name}', ${sql}`)})`,
)

function summaryOf(row: ArticleRow, epoch: string, topics: TopicPaths): StampedSummary {
  const [id, version, status, publishedAt, embargoedUntil, language, topicId] = row
  const topic = topicOf(topicId, topics)
  return {
    id,
    version,
    status,
    publishedAt: new Date(publishedAt),
    embargoedUntil: embargoedUntil === null ? null : new Date(embargoedUntil),
    language,
    topic,
    // After a restore, a version may have other content.
    stamp: JSON.stringify([epoch, row, topic]),
  }
}

function listIn<Row>(json: string | null): Row[] {
  return json === null ? [] : JSON.parse(json)
}

function partnerIn(json: string | null) {
  if (json === null) return null
  const { licence, ...partner } = JSON.parse(json) as PartnerRow
  if (!licence) return { ...partner, licence }
  const { validFrom, validUntil, ...terms } = licence
  return { ...partner, licence: { ...terms, validFrom: dateIn(validFrom), validUntil: dateIn(validUntil) } }
}

interface PartnerRow {
  slug: string
  isSuspended: boolean
  licence:
    | (Omit<Terms, 'validFrom' | 'validUntil'> & Record<'validFrom' | 'validUntil', number | null>)
    | null
}

function dateIn(at: number | null): Date | null {
  return at === null ? null : new Date(at)
}

/** Topics rarely change, so the paths of the last read are used again for equal rows. */
let known: { json: string; topics: TopicPaths } = { json: '[]', topics: new Map() }

function topicsIn(json: string | null): TopicPaths {
  if (json === null) return new Map()
  if (json !== known.json) known = { json, topics: topicPathsOf(JSON.parse(json)) }
  return known.topics
}
