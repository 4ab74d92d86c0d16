import type { NewChange } from '../change/record.ts'
import { type Licence, Prisma } from '../db/client/client.ts'

/** What a licence says, whoever holds it. In a list, "*" stands for everything and nothing for nothing. */
export interface Terms
  extends Pick<
    Licence,
    | 'topics'
    | 'sections'
    | 'languages'
    | 'agencies'
    | 'fullText'
    | 'quotations'
    | 'embeds'
    | 'validFrom'
    | 'validUntil'
    | 'keepDays'
    | 'attribution'
  > {}

const EVERYTHING = {
  topics: ['*'],
  sections: ['*'],
  languages: ['*'],
  quotations: true,
  embeds: true,
  validFrom: null,
  validUntil: null,
  keepDays: null,
  attribution: '',
} as const

/** What the public may have of a story in a feed: what readers see, but for the body, which is on the page. */
export const publicTerms: Readonly<Terms> = Object.freeze({
  ...EVERYTHING,
  topics: ['*'],
  sections: ['*'],
  languages: ['*'],
  agencies: ['*'],
  fullText: false,
})

/** What the newsroom itself may have. */
export const newsroomTerms: Readonly<Terms> = Object.freeze({ ...publicTerms, fullText: true })

/** What a licence says that says nothing: nothing is licensed. */
export const noTerms: Readonly<Terms> = Object.freeze({
  topics: [],
  sections: [],
  languages: [],
  agencies: [],
  fullText: false,
  quotations: false,
  embeds: false,
  validFrom: null,
  validUntil: null,
  keepDays: null,
  attribution: '',
})

/** Whether a list of a licence covers something. */
export function covers(list: readonly string[], ...values: string[]): boolean {
  return list.includes('*') || values.some((value) => list.includes(value))
}

/** Whether a licence is in force at a moment. */
export function isInForce(
  { validFrom, validUntil }: Pick<Terms, 'validFrom' | 'validUntil'>,
  at: Date,
): boolean {
  return (validFrom === null || validFrom <= at) && (validUntil === null || at < validUntil)
}

/** When a licence next comes into or goes out of force; null for never. */
export function nextBoundary(
  { validFrom, validUntil }: Pick<Terms, 'validFrom' | 'validUntil'>,
  now: Date,
): Date | null {
  const ahead = [validFrom, validUntil].filter((moment) => moment !== null && moment > now) as Date[]
  return ahead.sort((a, b) => a.getTime() - b.getTime())[0] ?? null
}

/**
 * The changes by which a partner hears that its licence changed: one for each story that topics, sections and
 * languages of any of the given terms cover. Topics that stand in a circle end where they meet themselves, as
 * they do in src/syndication/load.ts. Whether the partner may have it is judged when it asks.
 *
 * @param terms those from before and those from now on
 */
export async function licenceChanges(
  tx: Prisma.TransactionClient,
  partnerId: string,
  terms: readonly Pick<Terms, 'topics' | 'sections' | 'languages'>[],
): Promise<NewChange[]> {
  const covered = terms.map(
    ({ topics, sections, languages }) => Prisma.sql`(
      ('*' = ANY(${topics}) OR p."path" && ${topics}) AND
      ('*' = ANY(${sections}) OR p."path"[1] = ANY(${sections})) AND
      ('*' = ANY(${languages}) OR EXISTS (
        SELECT FROM unnest(${languages}::text[]) tag
        WHERE lower(a."language") = lower(tag) OR starts_with(lower(a."language"), lower(tag) || '-')
      ))
    )`,
  )
  const rows = await tx.$queryRaw<{ id: string; version: number }[]>`
    WITH RECURSIVE climbs AS (
      SELECT "id", "parentId" AS "next", ARRAY["slug"] AS "path" FROM "Topic"
      UNION ALL
      SELECT c."id", t."parentId", t."slug" || c."path" FROM "Topic" t JOIN climbs c ON t."id" = c."next"
      WHERE t."slug" <> ALL(c."path")
    ), paths AS (
      SELECT DISTINCT ON ("id") "id", "path" FROM climbs ORDER BY "id", cardinality("path") DESC
    )
    SELECT a."id", a."version" FROM "Article" a LEFT JOIN paths p ON p."id" = a."topicId"
    WHERE a."status" = 'USABLE' AND (${Prisma.join(covered, ' OR ')})
    ORDER BY a."publishedAt", a."id"`
  return rows.map(({ id: articleId, version }) => ({ articleId, version, partnerId, kind: 'RIGHTS_CHANGED' }))
}
