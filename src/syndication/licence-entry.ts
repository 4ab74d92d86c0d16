import { toSql } from '../articles/condition.ts'
import type { TopicPaths } from '../articles/topics/paths.ts'
import { type ArticleChange, Prisma, type PrismaClient } from '../db/client/client.ts'
import { coveredArticles, withinRetention } from '../licensing/licensed.ts'
import { isInForce, type Terms } from '../licensing/terms.ts'
import { mayHaveImage } from './image-rights.ts'

type Db = Pick<PrismaClient, '$queryRaw' | 'licenceChange'>

/** An entry of the change sequence for a licence change. */
export type LicenceChangeEntry = Pick<ArticleChange, 'position' | 'version' | 'at'> & {
  licenceBefore: number
  partnerId: string
}

/**
 * The articles that a licence change concerns, in SQL with "Article" as `a`: those that are added, removed, or
 * shown in another form. The current state of an article may be used instead of the old one, because later
 * changes have their own entries.
 */
export async function affectedSql(
  db: Db,
  entry: LicenceChangeEntry,
  topics: TopicPaths,
): Promise<Prisma.Sql> {
  const { licenceBefore, version, at } = entry
  const rows = await db.licenceChange.findMany({
    where: { partnerId: entry.partnerId, version: { in: [licenceBefore, version] } },
  })
  const termsOf = (wanted: number) => termsIn(rows.find((row) => row.version === wanted)?.terms)
  const [before, after] = [termsOf(licenceBefore), termsOf(version)]
  const [had, has] = [before, after].map((terms) => toSql(coveredArticles(terms), topics))
  const either = Prisma.sql`(${had} OR ${has})`
  const isByTheClock = licenceBefore === version
  const wasInForce = isInForce(before, at)
  if (isByTheClock || wasInForce !== isInForce(after, at)) return either
  if (!wasInForce) return Prisma.sql`FALSE`
  const differs = [Prisma.sql`${had} IS DISTINCT FROM ${has}`]
  if (before.retentionDays !== after.retentionDays) {
    const [was, is] = [before, after].map((terms) => toSql(withinRetention(terms, at)))
    differs.push(Prisma.sql`(${was}) IS DISTINCT FROM (${is})`)
  }
  differs.push(...(await contentSql(db, before, after)))
  return Prisma.sql`(${either} AND (${Prisma.join(differs, ' OR ')}))`
}

/** The articles of which two licences show different parts. */
async function contentSql(db: Db, before: Terms, after: Terms): Promise<Prisma.Sql[]> {
  if (before.fullText !== after.fullText || before.attribution.trim() !== after.attribution.trim()) {
    return [Prisma.sql`TRUE`]
  }
  const parts: Prisma.Sql[] = []
  if (after.fullText && before.quotations !== after.quotations) parts.push(hasBlock('QUOTATION'))
  if (after.fullText && before.embeds !== after.embeds) parts.push(hasBlock('EMBED'))
  const agencies = await agenciesBetween(db, before, after)
  if (agencies.length > 0) parts.push(showsPictureOf(agencies))
  return parts
}

function hasBlock(kind: 'QUOTATION' | 'EMBED'): Prisma.Sql {
  return Prisma.sql`EXISTS (
    SELECT FROM "Block" b WHERE b."articleId" = a."id" AND b."kind" = ${kind}::text::"BlockKind")`
}

function showsPictureOf(agencies: readonly string[]): Prisma.Sql {
  return Prisma.sql`EXISTS (
    SELECT FROM "ImageUse" u JOIN "Image" i ON i."id" = u."imageId"
    WHERE u."articleId" = a."id" AND NOT i."syndicatable" AND u."agency" = ANY(${[...agencies]}))`
}

/** The agencies of images that only one of the two licences includes. */
async function agenciesBetween(db: Db, before: Terms, after: Terms): Promise<string[]> {
  if (JSON.stringify(before.agencies) === JSON.stringify(after.agencies)) return []
  const rows = await db.$queryRaw<{ agency: string }[]>`
    SELECT DISTINCT "agency" FROM "ImageUse" WHERE "agency" IS NOT NULL`
  return rows.flatMap(({ agency }) => (covers(before, agency) === covers(after, agency) ? [] : agency))
}

function covers(terms: Terms, agency: string): boolean {
  const image = { syndicatable: false, partners: [], agency }
  return mayHaveImage(image, { kind: 'partner', id: '', slug: '', terms })
}

/** The terms in a stored licence version: dates are text, and old versions call retentionDays "keepDays". */
function termsIn(json: Prisma.JsonValue | undefined): Terms {
  if (typeof json !== 'object' || json === null)
    throw new Error('the licence version is missing in the history')
  const { keepDays = null, ...terms } = json as unknown as Terms & StoredTerms
  const date = (text: string | null) => (text === null ? null : new Date(text))
  const { retentionDays = keepDays, validFrom, validUntil } = terms
  return { ...terms, retentionDays, validFrom: date(validFrom), validUntil: date(validUntil) }
}

interface StoredTerms {
  validFrom: string | null
  validUntil: string | null
  keepDays?: number | null
}
