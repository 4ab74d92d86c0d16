import { type EntityKind, Prisma, type PrismaClient } from '../../db/client/client.ts'
import { normaliseName } from '../../names/names.ts'

/** The minimum pg_trgm similarity of two names, from 0 to 1. */
const MIN_SIMILARITY = 0.45

/** The maximum length of a name inside a query, in words. */
const MAX_NAME_WORDS = 6

/** An entity that matches a query, with the similarity of its best name, from 0 to 1. */
export interface NameMatch {
  kind: EntityKind
  id: string
  score: number
}

/** A query is split into words and names. Each segment must match in any of its spellings. */
export type Segment = { word: string } | { spellings: string[] }

type Db = Pick<PrismaClient, '$queryRaw' | 'name'>

/** The people and organisations with a name similar to the whole query, best match first. */
export async function matchNames(text: string, db: Db): Promise<NameMatch[]> {
  const query = normaliseName(text)
  return db.$queryRaw<NameMatch[]>`
    SELECT e."kind", e."id", max(similarity(n."normalised", ${query}))::float8 AS "score"
    FROM "Name" n JOIN "Entity" e ON e."id" = n."entityId"
    WHERE n."normalised" % ${query} OR n."normalised" = ${query}
    GROUP BY e."id"
    HAVING max(similarity(n."normalised", ${query})) >= ${MIN_SIMILARITY} OR bool_or(n."normalised" = ${query})
    ORDER BY 3 DESC, 1, 2 LIMIT 20`
}

/** Splits a query into known names, longest first, and words. A name gets all spellings of its owner. */
export async function segment(text: string, db: Db): Promise<Segment[]> {
  const words = normaliseName(text).split(' ')
  const candidates = words.flatMap((_, start) =>
    Array.from({ length: Math.min(MAX_NAME_WORDS, words.length - start) }, (_, extra) =>
      words.slice(start, start + extra + 1).join(' '),
    ),
  )
  const spellings = await spellingsOf([...new Set(candidates)], db)
  const segments: Segment[] = []
  for (let start = 0; start < words.length; ) {
    let length = Math.min(MAX_NAME_WORDS, words.length - start)
    while (length > 1 && !spellings.has(words.slice(start, start + length).join(' '))) length--
    const piece = words.slice(start, start + length).join(' ')
    const known = spellings.get(piece)
    segments.push(known ? { spellings: known } : { word: piece })
    start += length
  }
  return segments
}

/** For each given name that is stored: all names of its owner. */
async function spellingsOf(names: string[], db: Db): Promise<Map<string, string[]>> {
  const rows = await db.$queryRaw<{ name: string; spellings: string[] }[]>`
    SELECT n."normalised" AS "name", array_agg(DISTINCT o."normalised") AS "spellings"
    FROM "Name" n JOIN "Name" o ON o."entityId" = n."entityId"
    WHERE n."normalised" IN (${Prisma.join(names)})
    GROUP BY n."normalised"`
  return new Map(rows.map(({ name, spellings }) => [name, spellings]))
}
