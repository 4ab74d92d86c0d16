import type { PrismaClient } from '../db/client/client.ts'
import { includesLanguage } from '../text/language.ts'

/**
 * The languages of articles that a language range includes: "en" includes "en-GB". A list of one language is then read
 * in the order of an index, however rare the language is. There are few languages; each costs one look into the index.
 */
export async function languagesIn(range: string, db: Pick<PrismaClient, '$queryRaw'>): Promise<string[]> {
  const rows = await db.$queryRaw<{ language: string | null }[]>`
    WITH RECURSIVE found AS (
      SELECT min("language") AS "language" FROM "Article"
      UNION ALL
      SELECT (SELECT min(a."language") FROM "Article" a WHERE a."language" > found."language") FROM found
      WHERE found."language" IS NOT NULL
    )
    SELECT "language" FROM found`
  return rows.flatMap(({ language }) =>
    language !== null && includesLanguage([range], language) ? [language] : [],
  )
}
