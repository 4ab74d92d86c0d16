import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { anonymous, type Viewer } from '../../src/auth/viewer.ts'
import { submitComment } from '../../src/comments/submit.ts'
import { migrate } from '../../src/db/migrate.ts'
import { prismaFolder } from '../../src/db/schema-files.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { fillVersion02, inTransaction } from './filled-0.2.ts'
import { rows } from './rows.ts'

/** A database as the migrations before this date made it; the date is the beginning of a migration's name. */
async function databaseBefore(date: string) {
  const database = await freshDatabase()
  await database.prisma.$executeRaw`DROP SCHEMA public CASCADE`
  await database.prisma.$executeRaw`CREATE SCHEMA public`
  await migrateUpTo(date, database)
  return database
}

/** Applies only the migrations before a date. */
async function migrateUpTo(date: string, database: Awaited<ReturnType<typeof freshDatabase>>) {
  const folder = await mkdtemp(join(tmpdir(), 'dateline-test-'))
  try {
    await cp(prismaFolder, folder, { recursive: true })
    for (const name of await readdir(join(folder, 'migrations'))) {
      if (/^\d/.test(name) && name >= date) await rm(join(folder, 'migrations', name), { recursive: true })
    }
    await migrate(database, folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('comments from before names were kept get the name of their author, without a change of their words', async () => {
  await using database = await databaseBefore('20261129')
  const { prisma: client } = database
  const story = await rows(client).article()
  const words = '𝄞'.repeat(2_000)
  for (const displayName of ['Ada', 'Reader', 'é'.repeat(501)]) {
    await client.$executeRaw`
      WITH author AS (
        INSERT INTO "Reader" ("id", "subject", "displayName", "createdAt")
        VALUES (gen_random_uuid(), ${displayName}, ${displayName}, now()) RETURNING "id")
      INSERT INTO "Comment" ("id", "articleId", "readerId", "body", "bodyKey", "submittedAt")
      SELECT gen_random_uuid(), ${story.id}::uuid, "id", ${words}, 'words', now() FROM author`
  }
  await migrate(database)
  const comments = await client.comment.findMany()
  const names = comments.map(({ authorName }) => authorName)
  expect(new Set(names)).toEqual(new Set(['Ada', 'Reader', 'é'.repeat(250)]))
  expect(comments.map(({ body }) => body)).toEqual([words, words, words])
  const id = comments[0]?.id
  await expect(client.comment.update({ where: { id }, data: { authorName: 'Other' } })).rejects.toThrow()
})

test('comments from before threads get theirs, and feed entries their count, while gateways of the version before write', async () => {
  await using database = await databaseBefore('20261129212001')
  const { prisma: client } = database
  const { id: articleId } = await rows(client).article()
  const readerId = crypto.randomUUID()
  await client.$executeRaw`
    INSERT INTO "Reader" ("id", "subject", "displayName", "createdAt") VALUES (${readerId}::uuid, 'a', 'A', now())`
  const comment = async (parentId: string | null = null) => {
    const id = crypto.randomUUID()
    await client.$executeRaw`
      INSERT INTO "Comment" ("id", "articleId", "readerId", "parentId", "body", "bodyDigest", "submittedAt")
      VALUES (${id}::uuid, ${articleId}::uuid, ${readerId}::uuid, ${parentId}::uuid, 'Words.', sha256('words'), now())`
    return id
  }
  // As the version before writes a decision.
  const decide = async (id: string, kind: 'APPROVED' | 'RETRACTED') => {
    const change = kind === 'APPROVED' ? 1 : -1
    await client.$transaction(async (tx) => {
      await tx.$executeRaw`
        UPDATE "Article" SET "feedPosition" = "feedPosition" + 1, "commentCount" = "commentCount" + ${change}
        WHERE "id" = ${articleId}::uuid`
      await tx.$executeRaw`
        INSERT INTO "FeedEntry" ("articleId", "position", "kind", "commentId", "at")
        SELECT "id", "feedPosition", ${kind}::"FeedKind", ${id}::uuid, now() FROM "Article" WHERE "id" = ${articleId}::uuid`
    })
  }
  const top = await comment()
  const reply = await comment(top)
  const deep = await comment(reply)
  const other = await comment()
  await decide(top, 'APPROVED')
  await decide(reply, 'APPROVED')
  await decide(top, 'RETRACTED')
  await migrateUpTo('20261129212002', database)
  // Between the migrations.
  const below = await comment(deep)
  await decide(other, 'APPROVED')
  await migrate(database)

  const answer = await comment(below)
  await decide(other, 'RETRACTED')
  const threads = await client.comment.findMany({ select: { id: true, threadId: true } })
  expect(new Map(threads.map(({ id, threadId }) => [id, threadId]))).toEqual(
    new Map([...[top, reply, deep, below, answer].map((id) => [id, top] as const), [other, other]]),
  )
  const entries = await client.feedEntry.findMany({ orderBy: { position: 'asc' } })
  expect(entries.map(({ commentCount }) => commentCount)).toEqual([1, 2, 1, 2, 1])
  await expect(client.comment.update({ where: { id: deep }, data: { threadId: deep } })).rejects.toThrow(
    'never edited',
  )
  const where = { articleId_position: { articleId, position: 1 } }
  await expect(client.feedEntry.update({ where, data: { commentCount: 2 } })).rejects.toThrow('is a record')
})

test('removals from before attempts were kept are told where they arrived, and attempted elsewhere', async () => {
  await using database = await databaseBefore('20261129')
  const { prisma: client } = database
  const partnerId = crypto.randomUUID()
  await client.$executeRaw`
    INSERT INTO "Partner" ("id", "slug", "name", "createdAt") VALUES (${partnerId}::uuid, 'daily', 'Daily', now())`
  const make = rows(client)
  const at = new Date('2026-01-02T03:04:05Z')
  const holding = async (deliveredAt: Date | null, removedAt: Date | null = null) => {
    const { id } = await make.article()
    await client.$executeRaw`
      INSERT INTO "Holding" ("partnerId", "articleId", "version", "since", "removalToldAt", "removedAt")
      VALUES (${partnerId}::uuid, ${id}::uuid, 1, ${at}, ${deliveredAt}, ${removedAt})`
    return id
  }
  const removal = (id: string, via: string, acknowledgedAt: Date | null = null) => client.$executeRaw`
    INSERT INTO "Delivery" ("id", "partnerId", "articleId", "version", "kind", "via", "firstAt", "lastAt", "acknowledgedAt")
    VALUES (gen_random_uuid(), ${partnerId}::uuid, ${id}::uuid, 1, 'REMOVAL', ${via}::"DeliveryWay", ${at}, ${at}, ${acknowledgedAt})`
  const stories = {
    read: await holding(at),
    answered: await holding(at),
    unanswered: await holding(at),
    confirmed: await holding(at, at),
    held: await holding(null),
  }
  await removal(stories.read, 'GRAPHQL')
  await removal(stories.answered, 'WEBHOOK', at)
  await removal(stories.unanswered, 'WEBHOOK')
  await migrate(database)

  const state = async (articleId: string) => {
    const { removalAttemptedAt, removalNotifiedAt } = await client.holding.findUniqueOrThrow({
      where: { partnerId_articleId: { partnerId, articleId } },
    })
    return [removalAttemptedAt, removalNotifiedAt]
  }
  expect(await state(stories.read)).toEqual([at, at])
  expect(await state(stories.answered)).toEqual([at, at])
  expect(await state(stories.unanswered)).toEqual([at, null])
  expect(await state(stories.confirmed)).toEqual([at, at])
  expect(await state(stories.held)).toEqual([null, null])
})

test('parts of articles and deliveries of version 0.2.0 are named as the API names them', async () => {
  await using database = await databaseBefore('20261129203000')
  const { prisma: client } = database
  const make = rows(client)
  const [article, person, organisation] = [
    await make.article(),
    await make.person(),
    await make.organisation(),
  ]
  const partnerId = crypto.randomUUID()
  await client.$executeRaw`
    INSERT INTO "Partner" ("id", "slug", "name", "createdAt") VALUES (${partnerId}::uuid, 'daily', 'Daily', now())`
  for (const [namedIn, position] of [
    ['STORY', 1],
    ['CAPTION', 2],
  ] as const) {
    await client.$executeRaw`
      INSERT INTO "ArticlePerson" ("articleId", "personId", "namedIn", "position")
      VALUES (${article.id}::uuid, ${person.id}::uuid, ${namedIn}::"NamedIn", ${position})`
  }
  await client.$executeRaw`
    INSERT INTO "ArticleOrganisation" ("articleId", "organisationId", "namedIn", "position")
    VALUES (${article.id}::uuid, ${organisation.id}::uuid, 'STORY', 1)`
  for (const kind of ['STORY', 'REMOVAL']) {
    await client.$executeRaw`
      INSERT INTO "Delivery" ("id", "partnerId", "articleId", "version", "kind", "via", "firstAt", "lastAt")
      VALUES (gen_random_uuid(), ${partnerId}::uuid, ${article.id}::uuid, 1, ${kind}::"DeliveryKind", 'REST', now(), now())`
  }
  await migrate(database)
  const people = await client.articlePerson.findMany({ orderBy: { namedIn: 'asc' } })
  expect(people.map(({ namedIn, position }) => [namedIn, position])).toEqual([
    ['ARTICLE', 1],
    ['CAPTION', 2],
  ])
  expect(await client.articleOrganisation.findMany()).toMatchObject([{ namedIn: 'ARTICLE' }])
  const deliveries = await client.delivery.findMany({ orderBy: { kind: 'asc' } })
  expect(deliveries.map(({ kind }) => kind)).toEqual(['ARTICLE', 'REMOVAL'])
})

/** Version 0.2.0 had the migrations before this time. */
const VERSION_02 = '202611292'

/** Set UPGRADE_ARTICLES=100000 to measure the upgrade of a large database. */
const ARTICLES = Number(process.env.UPGRADE_ARTICLES ?? 12)

describe('a database of version 0.2.0', () => {
  test('keeps every row, with the values of every column that stays', { timeout: 3_600_000 }, async () => {
    await using database = await databaseBefore(VERSION_02)
    await fillVersion02(database, ARTICLES)
    const before = await contents(database, CHANGED)
    expect([...before.values()].filter(({ count }) => count === 0)).toEqual([])
    const start = performance.now()
    const { applied } = await migrate(database)
    if (process.env.UPGRADE_ARTICLES) {
      const rows = [...before.values()].reduce((sum, { count }) => sum + count, 0)
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      console.log(`${applied.length} migrations of ${rows} rows in ${before.size} tables took ${seconds} s`)
    }
    expect(applied.length).toBeGreaterThan(0)
    expect(await contents(database, CHANGED, before)).toEqual(before)
  })

  test('still detects that a comment from before the upgrade is repeated', async () => {
    await using database = await databaseBefore(VERSION_02)
    const { prisma } = database
    await fillVersion02(database, 1)
    const submittedAt = new Date('2026-01-02T03:04:06Z')
    await prisma.$executeRaw`
      INSERT INTO "Comment" ("id", "articleId", "readerId", "body", "bodyKey", "submittedAt")
      SELECT gen_random_uuid(), a."id", r."id", 'Straße  👍', 'strasse 👍', ${submittedAt}
      FROM "Article" a, "Reader" r WHERE r."subject" = 'reader-1'`
    await migrate(database)
    const { id: articleId } = await prisma.article.findFirstOrThrow()
    const submit = (body: string) =>
      submitComment({ articleId, body }, { prisma, viewer: readerOne, now: () => submittedAt })
    await expect(submit('STRASSE 👍')).rejects.toMatchObject({ code: 'REPEATED_COMMENT' })
    await submit('Strasse')
  })
})

const readerOne: Viewer = { ...anonymous, role: 'reader', subject: 'reader-1', displayName: 'Reader 1' }

/** Columns whose values a migration changes on purpose, as other tests show. */
const CHANGED: Record<string, string[]> = {
  ArticleOrganisation: ['namedIn'],
  ArticlePerson: ['namedIn'],
  Comment: ['bodyKey'],
  Delivery: ['kind'],
}

interface Contents {
  columns: string
  count: number
  hash: string
}

/**
 * The number of rows of each table, and a hash of their values that does not depend on their order.
 *
 * @param like reads the tables and columns of this result, and no new ones
 */
async function contents(
  database: TestDatabase,
  changed: Record<string, string[]>,
  like?: Map<string, Contents>,
): Promise<Map<string, Contents>> {
  return inTransaction(database, async (run) => {
    const tables = await run<{ table: string; columns: string[] }>(`
    SELECT c.relname::text AS table, array_agg(a.attname::text ORDER BY a.attname) AS columns
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> '_prisma_migrations'
    GROUP BY c.relname ORDER BY c.relname`)
    const found = new Map<string, Contents>()
    for (const { table, columns } of tables) {
      if (like && !like.has(table)) continue
      const kept = columns
        .filter((column) => !changed[table]?.includes(column))
        .map((column) => `"${column}"`)
      const read = like?.get(table)?.columns ?? kept.join(', ')
      const [row] = await run<{ count: number; hash: string }>(
        `SELECT count(*)::int AS count, coalesce(sum(hashtextextended(ROW(${read})::text, 0)), 0)::text AS hash FROM "${table}"`,
      )
      if (row) found.set(table, { columns: read, ...row })
    }
    return found
  })
}

test('no constraint is left unvalidated', async () => {
  await using database = await freshDatabase()
  expect(await database.prisma.$queryRaw`SELECT conname FROM pg_constraint WHERE NOT convalidated`).toEqual(
    [],
  )
})
