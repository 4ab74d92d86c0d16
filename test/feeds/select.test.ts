import { afterAll, beforeAll, expect, test } from 'vitest'
import { Prisma } from '../../src/db/client/client.ts'
import { findRemovals } from '../../src/feeds/removals.ts'
import type { ResolvedScope } from '../../src/feeds/scope.ts'
import { selectArticles } from '../../src/feeds/select.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

// Of 1,520 stories, the newest first, those with an even number were published together with the one before.

const STORIES = 1_520
const now = new Date('2026-03-01T00:00:00Z')
let database: TestDatabase

beforeAll(async () => {
  database = await freshDatabase()
  await database.prisma.$executeRaw`
    INSERT INTO "Article" ("id", "slug", "canonicalUrl", "language", "headline", "publishedAt", "updatedAt")
    SELECT lpad(to_hex(100000 - i), 32, '0')::uuid, 's-' || i, 'https://news.example/' || i, 'en', 'Story',
      ${now}::timestamptz - ((i + 1) / 2) * interval '1 minute', ${now}
    FROM generate_series(1, ${STORIES}::int) i`
})
afterAll(() => database.close())

function scopeOf(has: ResolvedScope['has'] = () => true): ResolvedScope {
  return { label: null, language: null, parts: [Prisma.sql`TRUE`], has }
}

async function select(size: number, before: string | null, has?: ResolvedScope['has'], since?: Date) {
  const found = await selectArticles({
    prisma: database.prisma,
    publicUrl: 'https://gateway.example',
    audience: { kind: 'public' },
    topics: new Map(),
    scope: scopeOf(has),
    now,
    size,
    before,
    ...(since && { since }),
  })
  return { ...found, numbers: found.articles.map(({ slug }) => Number(slug.slice(2))) }
}

const count = (from: number, to: number, step = 1) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step)

test.each([1, 7, 10, 11, 100, 101, 150])('pages of %d stories follow on each other', async (size) => {
  let before: string | null = null
  const numbers: number[] = []
  for (let page = 0; page < 3; page++) {
    const found = await select(size, before)
    expect(found.numbers).toHaveLength(size)
    numbers.push(...found.numbers)
    before = found.older
  }
  expect(numbers).toEqual(count(1, 3 * size))
})

test('stories that are not in the scope are skipped, and the page is full all the same', async () => {
  const isThird = ({ slug }: { slug: string }) => Number(slug.slice(2)) % 3 === 0
  const first = await select(50, null, isThird)
  expect(first.numbers).toEqual(count(3, 150, 3))
  expect((await select(50, first.older, isThird)).numbers).toEqual(count(153, 300, 3))
})

test('the last page names no older one, whether it is full or not', async () => {
  const since = new Date(now.getTime() - 10 * 60_000)
  for (const [size, more] of [
    [19, true],
    [20, false],
    [21, false],
  ] as const) {
    const { numbers, older } = await select(size, null, undefined, since)
    expect([size, numbers.length, older !== null]).toEqual([size, Math.min(size, 20), more])
  }
  const { older } = await select(19, null, undefined, since)
  expect((await select(19, older, undefined, since)).numbers).toEqual([20])
})

test('after 1,500 stories of which none may be shown, a page ends and says where to go on', async () => {
  const isLate = ({ slug }: { slug: string }) => Number(slug.slice(2)) > 1_505
  const first = await select(50, null, isLate)
  expect(first.articles).toEqual([])
  const second = await select(50, first.older, isLate)
  expect(second.numbers).toEqual(count(1_506, STORIES))
  expect(second.older).toBeNull()
})

test.each(['x', '', 'e30', Buffer.from('{"publishedAt":"x","id":"y"}').toString('base64url')])(
  'the cursor "%s" is refused by its name',
  async (before) => {
    await expect(select(50, before)).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'before' })
  },
)

test('a feed tells of the thousand stories that went last', async () => {
  const { prisma } = database
  const head = prisma.$executeRaw`UPDATE "ChangeHead" SET "position" = "position" + 2002`
  const changes = prisma.$executeRaw`
    INSERT INTO "ArticleChange" ("position", "articleId", "kind", "version", "at")
    SELECT row_number() OVER () + (SELECT "position" - 2002 FROM "ChangeHead"), a."id", k.kind::"ChangeKind", 1,
      ${now}::timestamptz - split_part(a."slug", '-', 2)::int * interval '1 second'
    FROM "Article" a, (VALUES ('PUBLISHED'), ('WITHHELD')) k(kind)
    WHERE split_part(a."slug", '-', 2)::int <= 1001`
  const standing = prisma.$executeRaw`
    UPDATE "Article" SET "status" = 'WITHHELD' WHERE split_part("slug", '-', 2)::int <= 1001`
  await prisma.$transaction([head, changes, standing])
  const removals = await findRemovals({ prisma, audience: { kind: 'public' }, topics: new Map(), now })
  expect(removals).toHaveLength(1000)
  expect(removals.map(({ at }) => (now.getTime() - at.getTime()) / 1000)).toEqual(count(1, 1000))
})
