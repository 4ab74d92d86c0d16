import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { PrismaClient } from '../../../src/db/client/client.ts'
import { withCompiledReads } from '../../../src/db/compiled-reads/client.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'
import { addArticle, addComment, approve } from '../../support/newsroom.ts'

let database: TestDatabase
let compiled: PrismaClient
const left: string[] = []
const statements: { sql: string; values: unknown[] }[] = []

beforeAll(async () => {
  database = await freshDatabase({ onStatement: (sql, values) => statements.push({ sql, values }) })
  const { prisma } = database
  for (const slug of ['first', 'second', 'third']) {
    const { key } = await addArticle(prisma, { slug, topic: { slug: 'news', label: 'News' } })
    await approve(prisma, [(await addComment(prisma, key, { body: slug })).id])
  }
  compiled = withCompiledReads(database, { onLeft: (model, operation) => left.push(`${model}.${operation}`) })
})
beforeEach(() => {
  left.length = 0
  statements.length = 0
})
afterAll(() => database?.close())

const id = { id: true }
const bySlug = { orderBy: { slug: 'asc' }, select: { slug: true } } as const

describe('a read is left to Prisma, with its result, if it has', () => {
  test.each<[string, () => object]>([
    ['an operator that is not compiled', () => ({ where: { slug: { endsWith: 'd' } } })],
    ['a mode', () => ({ where: { slug: { contains: 'FIR', mode: 'insensitive' } } })],
    ['a condition on no related row', () => ({ where: { comments: { none: { body: 'first' } } } })],
    ['a condition on every related row', () => ({ where: { comments: { every: { body: 'first' } } } })],
    ['a negated relation', () => ({ where: { NOT: { topic: { slug: 'other' } } } })],
    ['a relation that must not match', () => ({ where: { topic: { isNot: { slug: 'other' } } } })],
    ['a relation that is null', () => ({ where: { topic: null } })],
    ['a negated operator', () => ({ where: { slug: { not: { in: ['first'] } } } })],
    ['several negated conditions', () => ({ where: { NOT: [{ slug: 'first' }, { slug: 'second' }] } })],
    ['an empty alternative', () => ({ where: { OR: [{}, { slug: 'first' }] } })],
    ['no alternatives', () => ({ where: { OR: [] } })],
    ['a time as text', () => ({ where: { publishedAt: { lte: '2100-01-01T00:00:00Z' } } })],
    [
      'another column as the value',
      () => ({ where: { slug: { equals: database.prisma.article.fields.slug } } }),
    ],
    ['an offset', () => ({ skip: 1 })],
    ['a cursor', () => ({ cursor: { slug: 'second' } })],
    ['distinct rows', () => ({ distinct: ['language'] })],
    ['a number of rows from the end', () => ({ take: -2 })],
    [
      'an order that places nulls',
      () => ({ orderBy: [{ kicker: { sort: 'asc', nulls: 'first' } }, { slug: 'asc' }] }),
    ],
    ['an order by a count', () => ({ orderBy: [{ comments: { _count: 'desc' } }, { slug: 'asc' }] })],
    [
      'a part of related rows without an order',
      () => ({ select: { comments: { take: 1, select: { body: true } } } }),
    ],
    ['all counts', () => ({ select: { slug: true, _count: true } })],
    ['columns to omit', () => ({ select: undefined, omit: { slug: true } })],
  ])('%s', async (_, args) => {
    const read = { ...bySlug, ...args() } as object
    const expected = await database.prisma.article.findMany(read)
    expect(await compiled.article.findMany(read)).toStrictEqual(expected)
    expect(left).toEqual(['Article.findMany'])
  })

  test.each<[string, object]>([
    ['an unknown field', { where: { slag: 'first' } }],
    ['an unknown field with no condition', { where: { slag: {} } }],
    ['an unknown argument', { limit: 1 }],
    ['an unknown column', { select: { slag: true } }],
    ['a value of another type', { where: { slug: 1 } }],
    ['a value that is not in the enum', { where: { status: 'PUBLIC' } }],
    ['a time that is not valid', { where: { publishedAt: { lte: new Date(Number.NaN) } } }],
    ['a number that is too large', { where: { version: 2 ** 31 } }],
    ['two selections', { select: id, include: { topic: true } }],
  ])('an error: %s', async (_, args) => {
    await expect(compiled.article.findMany(args)).rejects.toThrow(/Prisma|Invalid/)
    expect(left).toEqual(['Article.findMany'])
  })
})

test('a transaction reads what it has written', async () => {
  const found = await compiled.$transaction(async (tx) => {
    await tx.topic.create({ data: { slug: 'new', label: 'New' } })
    return tx.topic.findFirst({ where: { slug: 'new' }, select: { label: true } })
  })
  expect(found).toEqual({ label: 'New' })
})

test('a row that must exist is missing: the error is that of Prisma', async () => {
  const where = { slug: 'missing' }
  await expect(compiled.article.findFirstOrThrow({ where })).rejects.toMatchObject({ code: 'P2025' })
  expect(await compiled.article.findFirst({ where, select: id })).toBeNull()
})

test('reads that differ only in their values are one statement, which contains none of them', async () => {
  const hostile = `first' OR "slug" <> '`
  for (const slug of ['first', hostile]) {
    await compiled.article.findMany({
      where: { slug: { in: [slug, 'x'] }, headline: { not: slug } },
      ...bySlug,
      take: 7,
    })
  }
  const [one, other] = statements
  expect(one?.sql).toBe(other?.sql)
  expect(one?.sql).not.toMatch(/first|<> '|7/)
  expect(other?.values).toEqual(expect.arrayContaining([[hostile, 'x'], hostile, 7]))
  expect(left).toEqual([])
})

test('a name of an argument that contains SQL is left to Prisma, which refuses it', async () => {
  const args = { where: { 'slug" IS NULL OR "slug': 'first' } } as object
  await expect(compiled.article.findMany(args)).rejects.toThrow('Unknown argument')
})
