import { expect, test } from 'vitest'
import { PLANNED_EACH_TIME, StatementNames, withReservedNames } from '../../src/db/statement-names.ts'

const HOUR_MS = 3_600_000

/** Sends a statement so often; returns its last name. */
function use(names: StatementNames, sql: string, times: number): string {
  let name = ''
  for (let i = 0; i < times; i++) name = names.nameOf(sql)
  return name
}

test('a statement is prepared from its third use on, always under the same name', () => {
  const names = new StatementNames()
  expect(use(names, 'SELECT 1', 2)).toBe('')
  const name = names.nameOf('SELECT 1')
  expect(name).not.toBe('')
  expect(names.nameOf('SELECT 1')).toBe(name)
  expect(use(names, 'SELECT 2', 3)).not.toBe(name)
})

test('thousands of odd statements take no name from those that everybody sends, nor keep new ones from one', () => {
  const names = new StatementNames()
  const common = Array.from({ length: 100 }, (_, i) => `SELECT common ${i}`)
  for (const sql of common) use(names, sql, 50)
  for (let i = 0; i < 3_000; i++) use(names, `SELECT odd ${i}`, 3)
  for (const sql of common) expect(names.nameOf(sql)).not.toBe('')
  expect(use(names, 'SELECT new', 20)).not.toBe('')
})

test('odd statements that came first give way to what is sent often', () => {
  const names = new StatementNames()
  for (let i = 0; i < 635; i++) use(names, `SELECT odd ${i}`, 3)
  for (let i = 0; i < 200; i++) expect(use(names, `SELECT common ${i}`, 30), `common ${i}`).not.toBe('')
})

test('a connection prepares at most 300 statements at once and 300 more in an hour', () => {
  let now = 0
  const names = new StatementNames(() => now)
  const given = new Set<string>()
  const send = (from: number, to: number, times: number) => {
    for (let i = from; i < to; i++) given.add(use(names, `SELECT ${i}`, times))
    given.delete('')
  }
  send(0, 600, 3)
  expect(given.size).toBe(300)
  send(1_000, 1_700, 20)
  expect(given.size).toBe(600)
  now = HOUR_MS
  send(2_000, 2_010, 60)
  expect(given.size).toBe(610)
})

test('a name is 32 hexadecimal digits, which PostgreSQL does not cut', () => {
  expect(use(new StatementNames(), 'SELECT 1', 3)).toMatch(/^[0-9a-f]{32}$/)
})

test('a statement takes the name of a rarer one when it is used more than twice as often', () => {
  const names = new StatementNames()
  for (let i = 0; i < 300; i++) use(names, `SELECT ${i}`, 10)
  expect(use(names, 'SELECT new', 20)).toBe('')
  expect(names.nameOf('SELECT new')).not.toBe('')
  // The new one is named, and one of the others is counted anew.
  expect(names.nameOf('SELECT new')).not.toBe('')
  const unnamed = Array.from({ length: 300 }, (_, i) => names.nameOf(`SELECT ${i}`)).filter((name) => !name)
  expect(unnamed).toHaveLength(1)
})

test('what was common long ago counts half after 10,000 statements', () => {
  const names = new StatementNames()
  for (let i = 0; i < 300; i++) use(names, `SELECT ${i}`, 10)
  use(names, 'SELECT 0', 6_989)
  expect(use(names, 'SELECT early', 10)).toBe('')
  // The 10,000th statement was among them: the others count 5 now.
  expect(names.nameOf('SELECT early')).not.toBe('')
})

test('a statement of more than 4,000,000 characters is not counted', () => {
  const names = new StatementNames()
  expect(use(names, 'x'.repeat(4_000_001), 10)).toBe('')
  expect(use(names, 'x'.repeat(4_000_000), 3)).not.toBe('')
})

test('after 10,000 other documents, whatever their number of uses, the statements of our own keep their names', () => {
  const names = new StatementNames()
  const own = Array.from({ length: 100 }, (_, i) => `SELECT own ${i}`)
  const given = new Set(own.map((sql) => withReservedNames(() => use(names, sql, 3))))
  const others = new Set<string>()
  for (let i = 0; i < 10_000; i++) others.add(use(names, `SELECT other ${i}`, 3 + (i % 50)))
  others.delete('')
  const kept = own.map((sql) => withReservedNames(() => names.nameOf(sql)))
  expect(new Set(kept)).toEqual(given)
  expect(given.size).toBe(100)
  // And those that nobody had sent before get theirs.
  expect(withReservedNames(() => use(names, 'SELECT own, new', 3))).not.toBe('')
  // At once, and in place of others in this hour.
  expect(others.size).toBeLessThanOrEqual(600)
})

test('our own operations have 200 places', () => {
  const names = new StatementNames()
  const given = withReservedNames(() => Array.from({ length: 250 }, (_, i) => use(names, `SELECT ${i}`, 3)))
  expect(given.filter((name) => name !== '')).toHaveLength(200)
})

test('a statement that is planned each time has no name', () => {
  expect(use(new StatementNames(), `${PLANNED_EACH_TIME} SELECT 1`, 10)).toBe('')
})
