import { Prisma, type PrismaClient } from '../db/client/client.ts'
import { PLANNED_EACH_TIME } from '../db/statement-names.ts'
import { containing } from '../text/words.ts'
import { type Condition, type StateTest, toSql } from './condition.ts'
import { notWithdrawn, publicArticles } from './public.ts'

/** Who sees an article now, and why others do not. */
export type EditorialState = 'PUBLIC' | 'EMBARGOED' | 'WITHHELD' | 'CANCELED'

export interface EditorialConditions {
  state: EditorialState | null
  /** Whether an editor has opened the comments. */
  commentingOpen: boolean | null
  /** Each must be in the headline, as a word or a part of one. */
  words: readonly string[]
}

/** A place in the list: the order is by publication time and id. */
export interface Published {
  publishedAt: Date
  id: string
}

export interface EditorialPage {
  after: Published | null
  before: Published | null
  take: number
  /** Whether the page is read from the oldest on. */
  backwards: boolean
}

interface Deps {
  db: Pick<PrismaClient, '$queryRaw'>
  now: () => Date
}

/**
 * The articles of a page of the list for editors, latest publication first unless it is read backwards. The statement is
 * planned each time: a state or a word can be frequent or rare.
 */
export async function editorialArticles(
  conditions: EditorialConditions,
  { after, before, take, backwards }: EditorialPage,
  { db, now }: Deps,
): Promise<Published[]> {
  const bounds = [
    after && Prisma.sql`(a."publishedAt", a."id") < (${after.publishedAt}, ${after.id}::uuid)`,
    before && Prisma.sql`(a."publishedAt", a."id") > (${before.publishedAt}, ${before.id}::uuid)`,
  ].filter((bound) => bound !== null)
  const direction = Prisma.raw(backwards ? 'ASC' : 'DESC')
  return db.$queryRaw<Published[]>`${Prisma.raw(PLANNED_EACH_TIME)}
    SELECT a."id", a."publishedAt" FROM "Article" a
    WHERE ${Prisma.join([...conditionsSql(conditions, now()), ...bounds], ' AND ')}
    ORDER BY a."publishedAt" ${direction}, a."id" ${direction} LIMIT ${take}`
}

/** The number of articles on all pages. */
export async function countEditorialArticles(
  conditions: EditorialConditions,
  { db, now }: Deps,
): Promise<number> {
  const rows = await db.$queryRaw<{ count: number }[]>`${Prisma.raw(PLANNED_EACH_TIME)}
    SELECT count(*)::int AS "count" FROM "Article" a
    WHERE ${Prisma.join(conditionsSql(conditions, now()), ' AND ')}`
  return rows[0]?.count ?? 0
}

function conditionsSql({ state, commentingOpen, words }: EditorialConditions, at: Date): Prisma.Sql[] {
  return [
    state === null ? Prisma.sql`TRUE` : toSql(inState(state, at)),
    // The few articles that become public by the clock are found by this column.
    state === 'EMBARGOED' ? Prisma.sql`a."dueAt" IS NOT NULL` : Prisma.sql`TRUE`,
    commentingOpen === null ? Prisma.sql`TRUE` : Prisma.raw(`a."commentingOpen" = ${commentingOpen}`),
    ...words.map((word) => Prisma.sql`a."headline" ILIKE ${containing(word)}`),
  ]
}

/** The articles in a state. Each article is in one. */
export function inState(state: EditorialState, at: Date): Condition<StateTest> {
  if (state === 'PUBLIC') return publicArticles(at)
  if (state !== 'EMBARGOED') return { column: 'status', op: 'equals', value: state }
  const inFuture = (['publishedAt', 'embargoedUntil'] as const).map(
    (column) => ({ column, op: 'gt', value: at }) as const,
  )
  return { all: [notWithdrawn, { any: inFuture }] }
}
