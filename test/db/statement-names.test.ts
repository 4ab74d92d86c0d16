import { expect, test } from 'vitest'
import { StatementNames } from '../../src/db/statement-names.ts'

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

test('a connection prepares at most 500 statements at once and 500 more in an hour', () => {
  let now = 0
  const names = new StatementNames(() => now)
  const given = new Set<string>()
  const send = (from: number, to: number, times: number) => {
    for (let i = from; i < to; i++) given.add(use(names, `SELECT ${i}`, times))
    given.delete('')
  }
  send(0, 600, 3)
  expect(given.size).toBe(500)
  send(1_000, 1_700, 20)
  expect(given.size).toBe(1_000)
  now = HOUR_MS
  send(2_000, 2_010, 60)
  expect(given.size).toBe(1_010)
})

test('a name is 32 hexadecimal digits, which PostgreSQL does not cut', () => {
  expect(use(new StatementNames(), 'SELECT 1', 3)).toMatch(/^[0-9a-f]{32}$/)
})

test('a statement takes the name of a rarer one when it is used more than twice as often', () => {
  const names = new StatementNames()
  for (let i = 0; i < 500; i++) use(names, `SELECT ${i}`, 10)
  expect(use(names, 'SELECT new', 20)).toBe('')
  expect(names.nameOf('SELECT new')).not.toBe('')
  // The new one is named, and one of the others is counted anew.
  expect(names.nameOf('SELECT new')).not.toBe('')
  const unnamed = Array.from({ length: 500 }, (_, i) => names.nameOf(`SELECT ${i}`)).filter((name) => !name)
  expect(unnamed).toHaveLength(1)
})

test('what was common long ago counts half after 10,000 statements', () => {
  const names = new StatementNames()
  for (let i = 0; i < 500; i++) use(names, `SELECT ${i}`, 10)
  use(names, 'SELECT 0', 4_989)
  expect(use(names, 'SELECT early', 10)).toBe('')
  // The 10,000th statement was among them: the others count 5 now.
  expect(names.nameOf('SELECT early')).not.toBe('')
})

test('a statement of more than 4,000,000 characters is not counted', () => {
  const names = new StatementNames()
  expect(use(names, 'x'.repeat(4_000_001), 10)).toBe('')
  expect(use(names, 'x'.repeat(4_000_000), 3)).not.toBe('')
})
