import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Condition,
  firstMoment,
  matches,
  type StateTest,
  toSql,
  toWhere,
} from '../../src/articles/condition.ts'
import { publicArticles } from '../../src/articles/public.ts'
import type { TopicPaths } from '../../src/articles/topics/paths.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import {
  addTopics,
  anyMoment,
  anyRow,
  anyRows,
  languages,
  moments,
  replaceArticles,
  topicSlugs,
} from '../support/random-rows.ts'

let database: TestDatabase
let topics: TopicPaths

beforeAll(async () => {
  database = await freshDatabase()
  topics = await addTopics(database.prisma)
})
afterAll(() => database.close())

const stateTest = fc.oneof<fc.Arbitrary<StateTest>[]>(
  fc
    .constantFrom('USABLE', 'WITHHELD', 'CANCELED')
    .map((value) => ({ column: 'status', op: 'equals', value })),
  fc.constant({ column: 'embargoedUntil', op: 'isNull' }),
  fc.record({
    column: fc.constantFrom('publishedAt', 'embargoedUntil'),
    op: fc.constantFrom('lte', 'gt'),
    value: anyMoment,
  }),
)

const contentTest = fc.oneof<fc.Arbitrary<Condition>[]>(
  fc.subarray([...languages, '*']).map((ranges) => ({ column: 'language', op: 'inRanges', ranges })),
  fc.tuple(fc.subarray(topicSlugs), fc.boolean()).map(([slugs, otherwise]) => ({
    column: 'topic',
    op: 'path',
    matches: (path) => (path.length === 0 ? otherwise : path.some((slug) => slugs.includes(slug))),
  })),
)

/** Tests in lists in lists. */
function conditionOf<T extends Condition>(test: fc.Arbitrary<T>): fc.Arbitrary<Condition> {
  return fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      test,
      fc.array(tie('condition'), { maxLength: 3 }).map((all) => ({ all })),
      fc.array(tie('condition'), { maxLength: 3 }).map((any) => ({ any })),
    ),
  })).condition
}

const anyStateCondition = conditionOf(stateTest) as fc.Arbitrary<Condition<StateTest>>
const anyCondition = conditionOf(fc.oneof(stateTest, contentTest))

test('a condition means the same as a predicate, as a Prisma filter and as SQL', {
  timeout: 30_000,
}, async () => {
  const { prisma } = database
  const agree = fc.asyncProperty(
    anyRows,
    fc.array(anyStateCondition, { minLength: 8, maxLength: 8 }),
    fc.array(anyCondition, { minLength: 8, maxLength: 8 }),
    async (rows, ofState, ofAll) => {
      const articles = await replaceArticles(prisma, topics, rows)
      const expected = (condition: Condition) =>
        articles.filter((article) => matches(condition, article)).map(({ id }) => id)
      for (const condition of ofState) {
        const where = toWhere(condition)
        const found = await prisma.article.findMany({ where, orderBy: { id: 'asc' }, select: { id: true } })
        expect(found.map(({ id }) => id)).toEqual(expected(condition))
      }
      for (const condition of [...ofState, ...ofAll])
        expect(await select(condition)).toEqual(expected(condition))
    },
  )
  await fc.assert(agree, { numRuns: 20 })
})

async function select(condition: Condition): Promise<string[]> {
  const rows = await database.prisma.$queryRaw<{ id: string }[]>`
    SELECT a."id" FROM "Article" a WHERE ${toSql(condition, topics)} ORDER BY a."id"`
  return rows.map(({ id }) => id)
}

test('the next moment at which an article becomes public is the first at which the rule holds', () => {
  fc.assert(
    fc.property(anyRow, anyMoment, (row, now) => {
      const isPublic = (at: Date) => matches(publicArticles(at), row)
      const first = isPublic(now) ? undefined : moments.find((moment) => moment > now && isPublic(moment))
      expect(firstMoment(publicArticles, row, now)).toEqual(first ?? null)
    }),
    { numRuns: 2_000 },
  )
})
