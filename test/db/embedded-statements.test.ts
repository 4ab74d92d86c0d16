import type { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { embeddedDriver, startPGlite } from '../../src/db/embedded.ts'
import { withPrisma } from '../../src/db/open.ts'

let pglite: PGlite
let database: ReturnType<typeof withPrisma>

beforeAll(async () => {
  pglite = await startPGlite('memory://')
  database = withPrisma(embeddedDriver(pglite, true))
  await pglite.exec(
    'CREATE TABLE entry (id integer PRIMARY KEY, words text[], about jsonb, at timestamptz(3))',
  )
})
afterAll(() => database.close())

async function prepared(): Promise<string[]> {
  const { rows } = await pglite.query<{ statement: string }>(
    'SELECT statement FROM pg_prepared_statements ORDER BY prepare_time',
  )
  return rows.map(({ statement }) => statement)
}

const ask = (sql: string, ...values: unknown[]) => database.prisma.$queryRawUnsafe<object[]>(sql, ...values)

test('a statement stays prepared from its third use on, and gives the same results', async () => {
  const sql = 'SELECT $1::int + 1 AS sum, $2::text[] AS words, $3::jsonb AS about, $4::timestamptz AS at'
  const at = new Date('2026-01-02T03:04:05.678Z')
  for (const uses of [1, 2, 3, 4]) {
    const values = [uses, ['a "b"', 'c,d', null], { e: [1, null] }, at] as const
    const [row] = await ask(sql, ...values)
    expect(row).toEqual({ sum: uses + 1, words: values[1], about: values[2], at })
    expect((await prepared()).includes(sql)).toBe(uses >= 3)
  }
})

test('a statement that fails can be used again, in a transaction and outside', async () => {
  const sql = 'INSERT INTO entry (id) VALUES ($1::int) RETURNING id'
  for (const id of [1, 2, 3]) await ask(sql, id)
  await expect(ask(sql, 3)).rejects.toThrow('duplicate key value')
  await expect(
    database.prisma.$transaction(async (transaction) => {
      await transaction.$queryRawUnsafe(sql, 4)
      await transaction.$queryRawUnsafe(sql, 3)
    }),
  ).rejects.toThrow('duplicate key value')
  expect(await ask(sql, 4)).toEqual([{ id: 4 }])
  await expect(ask('SELECT missing FROM entry')).rejects.toThrow('column "missing" does not exist')
  expect(await ask('SELECT count(*)::int FROM entry')).toEqual([{ count: 4 }])
})

test('a column that is added, removed or changed does not break a prepared statement', async () => {
  await pglite.exec('CREATE TABLE changing (id integer, one text); INSERT INTO changing VALUES (1, $$1$$)')
  const sql = 'SELECT id, one FROM changing'
  for (let uses = 0; uses < 4; uses++) await ask(sql)
  await pglite.exec('ALTER TABLE changing ADD COLUMN two text; UPDATE changing SET two = $$2$$')
  expect(await ask(sql)).toEqual([{ id: 1, one: '1' }])
  await pglite.exec('ALTER TABLE changing DROP COLUMN one')
  await expect(ask(sql)).rejects.toThrow('column "one" does not exist')
})

test('a statement is prepared again after the type of its column has changed, and after a value that does not fit', async () => {
  await pglite.exec('CREATE TABLE retyped (value integer); INSERT INTO retyped VALUES (1)')
  const sql = 'SELECT value FROM retyped'
  for (let uses = 0; uses < 4; uses++) await ask(sql)
  await pglite.exec('ALTER TABLE retyped ALTER COLUMN value TYPE text')
  await expect(ask(sql)).rejects.toThrow('must not change result type')
  expect(await ask(sql)).toEqual([{ value: '1' }])
  const typed = 'SELECT $1::bool AS value'
  for (let uses = 0; uses < 4; uses++) await ask(typed, true)
  await expect(ask(typed, 'neither')).rejects.toThrow()
  expect(await ask(typed, false)).toEqual([{ value: false }])
})

test('transactions run one after another, and a statement outside waits for them', async () => {
  const order: string[] = []
  const both = [1, 2].map((number) =>
    database.prisma.$transaction(async (transaction) => {
      order.push(`begin ${number}`)
      for (let i = 0; i < 4; i++) await transaction.$queryRawUnsafe('SELECT $1::int', i)
      order.push(`end ${number}`)
    }),
  )
  const outside = ask('SELECT $1::int', 0).then(() => order.push('outside'))
  await Promise.all([...both, outside])
  const at = (entry: string) => order.indexOf(entry)
  for (const number of [1, 2]) expect(at(`end ${number}`)).toBe(at(`begin ${number}`) + 1)
  expect(order).toContain('outside')
})

test('at most 200 statements stay prepared: the least recently used one is closed', async () => {
  const statements = Array.from({ length: 210 }, (_, i) => `SELECT ${i} AS number, $1::int AS value`)
  for (const sql of statements) for (let uses = 0; uses < 3; uses++) await ask(sql, uses)
  const kept = await prepared()
  expect(kept).toHaveLength(200)
  expect(kept).toEqual(statements.slice(-200))
  expect(await ask(statements[0] as string, 5)).toEqual([{ number: 0, value: 5 }])
  expect(await prepared()).toHaveLength(200)
  expect(await prepared()).toContain(statements[0])
})
