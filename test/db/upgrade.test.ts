import { describe, expect, test } from 'vitest'
import { anonymous, type Viewer } from '../../src/auth/viewer.ts'
import { submitComment } from '../../src/comments/submit.ts'
import { migrate } from '../../src/db/migrate.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { databaseBefore, migrateUpTo } from './database-before.ts'
import { fillVersion02, inTransaction, type Run } from './filled-0.2.ts'
import { rows } from './rows.ts'

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

test('decisions from before their article was kept get it, while gateways of the version before write', async () => {
  await using database = await databaseBefore('20261130190001')
  const { prisma: client } = database
  const make = rows(client)
  const articles = [await make.article(), await make.article()]
  const readerId = crypto.randomUUID()
  await client.$executeRaw`
    INSERT INTO "Reader" ("id", "subject", "displayName", "createdAt") VALUES (${readerId}::uuid, 'a', 'A', now())`
  // As the version before writes a decision.
  const decide = async ({ id: articleId }: { id: string }) => {
    const [comment, decision] = [crypto.randomUUID(), crypto.randomUUID()]
    await client.$executeRaw`
      INSERT INTO "Comment" ("id", "articleId", "readerId", "body", "bodyDigest", "submittedAt")
      VALUES (${comment}::uuid, ${articleId}::uuid, ${readerId}::uuid, 'Words.', sha256('words'), now())`
    await client.$executeRaw`
      INSERT INTO "Decision" ("id", "commentId", "verdict", "moderator", "moderatorName", "at")
      VALUES (${decision}::uuid, ${comment}::uuid, 'APPROVED', 'm', 'M', now())`
    return { id: decision, articleId }
  }
  const before = [await decide(articles[0]!), await decide(articles[1]!)]
  await migrateUpTo('20261130190002', database)
  const between = await decide(articles[1]!)
  await migrate(database)

  const after = await decide(articles[0]!)
  const decisions = await client.decision.findMany({ select: { id: true, articleId: true } })
  expect(new Set(decisions)).toEqual(new Set([...before, between, after]))
  const { id } = after
  const change = client.decision.update({ where: { id }, data: { articleId: articles[1]!.id } })
  await expect(change).rejects.toThrow('is a record')
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
  const article = await make.article()
  const [partnerId, personId, organisationId] = Array.from({ length: 3 }, () => crypto.randomUUID())
  await client.$executeRaw`
    INSERT INTO "Person" ("id", "slug", "name") VALUES (${personId}::uuid, 'ada', 'Ada')`
  await client.$executeRaw`
    INSERT INTO "Organisation" ("id", "slug", "name") VALUES (${organisationId}::uuid, 'body', 'Body')`
  await client.$executeRaw`
    INSERT INTO "Partner" ("id", "slug", "name", "createdAt") VALUES (${partnerId}::uuid, 'daily', 'Daily', now())`
  for (const [namedIn, position] of [
    ['STORY', 1],
    ['CAPTION', 2],
  ] as const) {
    await client.$executeRaw`
      INSERT INTO "ArticlePerson" ("articleId", "personId", "namedIn", "position")
      VALUES (${article.id}::uuid, ${personId}::uuid, ${namedIn}::"NamedIn", ${position})`
  }
  await client.$executeRaw`
    INSERT INTO "ArticleOrganisation" ("articleId", "organisationId", "namedIn", "position")
    VALUES (${article.id}::uuid, ${organisationId}::uuid, 'STORY', 1)`
  for (const kind of ['STORY', 'REMOVAL']) {
    await client.$executeRaw`
      INSERT INTO "Delivery" ("id", "partnerId", "articleId", "version", "kind", "via", "firstAt", "lastAt")
      VALUES (gen_random_uuid(), ${partnerId}::uuid, ${article.id}::uuid, 1, ${kind}::"DeliveryKind", 'REST', now(), now())`
  }
  await migrate(database)
  const named = await client.articleEntity.findMany({ orderBy: [{ kind: 'asc' }, { namedIn: 'asc' }] })
  expect(named.map(({ kind, namedIn, position }) => [kind, namedIn, position])).toEqual([
    ['PERSON', 'ARTICLE', 1],
    ['PERSON', 'CAPTION', 2],
    ['ORGANISATION', 'ARTICLE', 1],
  ])
  const deliveries = await client.delivery.findMany({ orderBy: { kind: 'asc' } })
  expect(deliveries.map(({ kind }) => kind)).toEqual(['ARTICLE', 'REMOVAL'])
})

test('people and organisations of two tables become entities, with their ids and all that refers to them', async () => {
  await using database = await databaseBefore('20261129214000')
  const { prisma: client } = database
  const [article, block, quoted] = [await rows(client).article(), crypto.randomUUID(), crypto.randomUUID()]
  const [ana, bo, office, agency] = Array.from({ length: 4 }, () => crypto.randomUUID())
  await database.executeSql(`
    INSERT INTO "Person" ("id", "slug", "name", "description") VALUES
      ('${ana}', 'same-slug', 'Ana President', 'A president.'), ('${bo}', 'bo', 'Bo Speaker', NULL);
    INSERT INTO "Organisation" ("id", "slug", "name", "description") VALUES
      ('${office}', 'same-slug', 'Example Office', NULL), ('${agency}', 'agency', 'Example Agency', 'An agency.');
    INSERT INTO "Name" ("id", "text", "kind", "normalised", "personId", "organisationId") VALUES
      (gen_random_uuid(), 'Ana President', 'CANONICAL', 'ana president', '${ana}', NULL),
      (gen_random_uuid(), 'Example Office', 'CANONICAL', 'example office', NULL, '${office}'),
      (gen_random_uuid(), 'EA', 'ACRONYM', 'ea', NULL, '${agency}');
    INSERT INTO "ExternalId" ("scheme", "value", "personId", "organisationId") VALUES
      ('wikidata', 'Q1', '${ana}', NULL), ('wikidata', 'Q2', NULL, '${agency}');
    INSERT INTO "Affiliation" ("id", "personId", "organisationId", "title") VALUES
      (gen_random_uuid(), '${ana}', '${office}', 'head');
    INSERT INTO "Block" ("id", "articleId", "position", "kind", "text") VALUES
      ('${block}', '${article.id}', 1, 'QUOTATION', 'Ana of the Example Office'),
      ('${quoted}', '${article.id}', 2, 'QUOTATION', 'So they said.');
    INSERT INTO "Mention" ("id", "articleId", "blockId", "start", "end", "surface", "personId", "organisationId") VALUES
      (gen_random_uuid(), '${article.id}', '${block}', 0, 3, 'Ana', '${ana}', NULL),
      (gen_random_uuid(), '${article.id}', '${block}', 11, 25, 'Example Office', NULL, '${office}');
    INSERT INTO "Quotation" ("id", "articleId", "blockId", "direct", "speakerPersonId", "speakerOrganisationId", "viaOrganisationId") VALUES
      (gen_random_uuid(), '${article.id}', '${block}', true, '${bo}', NULL, '${agency}'),
      (gen_random_uuid(), '${article.id}', '${quoted}', true, NULL, '${office}', NULL);
    INSERT INTO "ArticlePerson" ("articleId", "personId", "namedIn", "position", "rolesAsPrinted") VALUES
      ('${article.id}', '${ana}', 'ARTICLE', 1, '{president}'), ('${article.id}', '${bo}', 'BYLINE', 2, NULL);
    INSERT INTO "ArticleOrganisation" ("articleId", "organisationId", "namedIn", "position") VALUES
      ('${article.id}', '${office}', 'ARTICLE', 1), ('${article.id}', '${office}', 'CAPTION', 2);`)
  await migrate(database)

  const entities = await client.entity.findMany({ orderBy: [{ kind: 'asc' }, { name: 'asc' }] })
  expect(entities).toEqual([
    { id: ana, kind: 'PERSON', slug: 'same-slug', name: 'Ana President', description: 'A president.' },
    { id: bo, kind: 'PERSON', slug: 'bo', name: 'Bo Speaker', description: null },
    { id: agency, kind: 'ORGANISATION', slug: 'agency', name: 'Example Agency', description: 'An agency.' },
    { id: office, kind: 'ORGANISATION', slug: 'same-slug', name: 'Example Office', description: null },
  ])
  const names = await client.name.findMany({ orderBy: { text: 'asc' } })
  expect(names.map(({ text, entityId }) => [text, entityId])).toEqual([
    ['Ana President', ana],
    ['EA', agency],
    ['Example Office', office],
  ])
  const externalIds = await client.externalId.findMany({ orderBy: { value: 'asc' } })
  expect(externalIds.map(({ value, entityId }) => [value, entityId])).toEqual([
    ['Q1', ana],
    ['Q2', agency],
  ])
  expect(await client.affiliation.findMany()).toMatchObject([
    { personId: ana, personKind: 'PERSON', organisationId: office, organisationKind: 'ORGANISATION' },
  ])
  const mentions = await client.mention.findMany({ orderBy: { start: 'asc' } })
  expect(mentions.map(({ surface, entityId }) => [surface, entityId])).toEqual([
    ['Ana', ana],
    ['Example Office', office],
  ])
  const quotations = await client.quotation.findMany({ orderBy: { block: { position: 'asc' } } })
  expect(quotations).toMatchObject([
    { speakerId: bo, viaOrganisationId: agency },
    { speakerId: office, viaOrganisationId: null },
  ])
  const appearances = await client.articleEntity.findMany({ orderBy: [{ kind: 'asc' }, { position: 'asc' }] })
  expect(
    appearances.map(({ entityId, kind, position, rolesAsPrinted }) => [
      entityId,
      kind,
      position,
      rolesAsPrinted,
    ]),
  ).toEqual([
    [ana, 'PERSON', 1, ['president']],
    [bo, 'PERSON', 2, []],
    [office, 'ORGANISATION', 1, []],
    [office, 'ORGANISATION', 2, []],
  ])
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
    expect(await contentsNow(database, before)).toEqual(before)
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
  Block: ['imageId'],
  Comment: ['bodyKey'],
  Delivery: ['kind'],
  Image: ['agency', 'alt', 'caption', 'credit', 'photographer', 'usageTerms'],
}

/** The rows of tables that a migration replaced, read from the tables that have them now. */
const REPLACED: Record<string, string> = {
  Person: `SELECT * FROM "Entity" WHERE "kind" = 'PERSON'`,
  Organisation: `SELECT * FROM "Entity" WHERE "kind" = 'ORGANISATION'`,
  ArticlePerson: `SELECT *, "entityId" AS "personId" FROM "ArticleEntity" WHERE "kind" = 'PERSON'`,
  ArticleOrganisation: `SELECT *, "entityId" AS "organisationId" FROM "ArticleEntity" WHERE "kind" = 'ORGANISATION'`,
  ...Object.fromEntries(
    ['Name', 'ExternalId', 'Mention'].map((table) => [
      table,
      `SELECT t.*, ${bothKinds('personId', 'organisationId')} FROM "${table}" t JOIN "Entity" e ON e."id" = t."entityId"`,
    ]),
  ),
  Quotation: `SELECT t.*, ${bothKinds('speakerPersonId', 'speakerOrganisationId')}
    FROM "Quotation" t LEFT JOIN "Entity" e ON e."id" = t."speakerId"`,
}

/** The pair of columns that version 0.2.0 had for a reference to an entity. */
function bothKinds(person: string, organisation: string): string {
  return `CASE e."kind" WHEN 'PERSON' THEN e."id" END AS "${person}",
    CASE e."kind" WHEN 'ORGANISATION' THEN e."id" END AS "${organisation}"`
}

interface Contents {
  columns: string
  count: number
  hash: string
}

/** The number of rows of each table, and a hash of their values that does not depend on their order. */
async function contents(
  database: TestDatabase,
  changed: Record<string, string[]>,
): Promise<Map<string, Contents>> {
  return inTransaction(database, async (run) => {
    const tables = await run<{ table: string; columns: string[] }>(`
    SELECT c.relname::text AS table, array_agg(a.attname::text ORDER BY a.attname) AS columns
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> '_prisma_migrations'
    GROUP BY c.relname ORDER BY c.relname`)
    const found = new Map<string, Contents>()
    for (const { table, columns } of tables) {
      const kept = columns
        .filter((column) => !changed[table]?.includes(column))
        .map((column) => `"${column}"`)
      found.set(table, await contentsOf(run, `"${table}"`, kept.join(', ')))
    }
    return found
  })
}

/** The same tables and columns after the migrations. */
async function contentsNow(
  database: TestDatabase,
  before: Map<string, Contents>,
): Promise<Map<string, Contents>> {
  return inTransaction(database, async (run) => {
    const found = new Map<string, Contents>()
    for (const [table, { columns }] of before) {
      const source = REPLACED[table] ? `(${REPLACED[table]}) AS former` : `"${table}"`
      found.set(table, await contentsOf(run, source, columns))
    }
    return found
  })
}

async function contentsOf(run: Run, source: string, columns: string): Promise<Contents> {
  const [row] = await run<{ count: number; hash: string }>(
    `SELECT count(*)::int AS count, coalesce(sum(hashtextextended(ROW(${columns})::text, 0)), 0)::text AS hash FROM ${source}`,
  )
  if (!row) throw new Error(`no contents of ${source}`)
  return { columns, ...row }
}

test('no constraint is left unvalidated', async () => {
  await using database = await freshDatabase()
  expect(await database.prisma.$queryRaw`SELECT conname FROM pg_constraint WHERE NOT convalidated`).toEqual(
    [],
  )
})
