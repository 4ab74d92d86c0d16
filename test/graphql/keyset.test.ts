import { describe, expect, test } from 'vitest'
import { pageComplexity } from '../../src/graphql/connections.ts'
import { type KeyColumn, keyset, pageSizeOf } from '../../src/graphql/keyset.ts'

// How a page becomes a condition of the database, and a cursor the values of a row.

const uuid = '01900000-0000-7000-8000-000000000000'

interface Row {
  name: string
  rank: number
  id: string
}
const order = keyset<Row>(
  { field: 'name', direction: 'asc', kind: 'text' },
  { field: 'rank', direction: 'desc', kind: 'number' },
  { field: 'id', direction: 'asc', kind: 'uuid' },
)
const row = (name: string, rank: number): Row => ({ name, rank, id: uuid })
const cursorOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const cursor = cursorOf(row('B', 2))

describe('a page is', () => {
  test('one row more than was asked for, so that it is known whether there are more', () => {
    expect(order.query({})).toEqual({
      where: {},
      orderBy: [{ name: 'asc' }, { rank: 'desc' }, { id: 'asc' }],
      take: 21,
    })
    expect(order.query({ first: 0 }).take).toBe(1)
    expect(order.query({ first: 100 }).take).toBe(101)
    expect(order.query({ last: 7 })).toMatchObject({
      orderBy: [{ name: 'desc' }, { rank: 'asc' }, { id: 'desc' }],
      take: 8,
    })
  })

  test('what lies behind a cursor in each column’s own direction, and ahead of one in the other', () => {
    const behind = {
      name: { gte: 'B' },
      OR: [{ name: { gt: 'B' } }, { rank: { lte: 2 }, OR: [{ rank: { lt: 2 } }, { id: { gt: uuid } }] }],
    }
    const ahead = {
      name: { lte: 'B' },
      OR: [{ name: { lt: 'B' } }, { rank: { gte: 2 }, OR: [{ rank: { gt: 2 } }, { id: { lt: uuid } }] }],
    }
    expect(order.query({ after: cursor }).where).toEqual({ AND: [behind] })
    expect(order.query({ before: cursor }).where).toEqual({ AND: [ahead] })
    expect(order.query({ last: 2, after: cursor, before: cursor }).where).toEqual({ AND: [behind, ahead] })
  })

  test('shown in the order of the list, whichever way it was read', () => {
    const rows = [row('A', 1), row('B', 1), row('C', 1)]
    const names = (args: object) => order.page(rows, args).edges.map(({ node }) => node.name)
    expect(names({ first: 3 })).toEqual(['A', 'B', 'C'])
    expect(names({ first: 2 })).toEqual(['A', 'B'])
    expect(names({ last: 3 })).toEqual(['C', 'B', 'A'])
    expect(names({ last: 2 })).toEqual(['B', 'A'])
  })

  test.each([
    [{ first: 2 }, true, false],
    [{ first: 3 }, false, false],
    [{ first: 3, after: cursor }, false, true],
    [{ first: 2, before: cursor }, true, false],
    [{ last: 2 }, false, true],
    [{ last: 3 }, false, false],
    [{ last: 3, before: cursor }, true, false],
    [{ last: 2, after: cursor }, false, true],
  ])('of three rows, with %j: more after it %j, before it %j', (args, hasNextPage, hasPreviousPage) => {
    const rows = [row('A', 1), row('B', 1), row('C', 1)]
    const { pageInfo, edges } = order.page(rows, args)
    expect(pageInfo).toEqual({
      hasNextPage,
      hasPreviousPage,
      startCursor: edges[0]?.cursor,
      endCursor: edges.at(-1)?.cursor,
    })
  })

  test('without cursors where it is empty', () => {
    expect(order.page([], { first: 5 })).toEqual({
      edges: [],
      pageInfo: { startCursor: null, endCursor: null, hasNextPage: false, hasPreviousPage: false },
    })
  })
})

describe('the size of a page', () => {
  test.each([
    [{}, { size: 20, backwards: false }],
    [
      { first: null, last: null },
      { size: 20, backwards: false },
    ],
    [{ first: 0 }, { size: 0, backwards: false }],
    [{ first: 100 }, { size: 100, backwards: false }],
    [{ last: 0 }, { size: 0, backwards: true }],
    [{ last: 100 }, { size: 100, backwards: true }],
    [
      { first: null, last: 5 },
      { size: 5, backwards: true },
    ],
  ])('of %j', (args, size) => {
    expect(pageSizeOf(args)).toEqual(size)
  })

  test.each([
    [{ first: -1 }, 'first', '"first" must not be negative.'],
    [{ last: -1 }, 'last', '"last" must not be negative.'],
    [{ first: 101 }, 'first', '"first" may be at most 100.'],
    [{ last: 101 }, 'last', '"last" may be at most 100.'],
    [{ first: 0, last: 0 }, 'last', 'Give either "first" or "last", not both.'],
  ])('can not be that of %j', (args, field, message) => {
    expect(() => pageSizeOf(args)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', field, message }))
  })

  test.each([
    [{}, 20],
    [{ first: 1 }, 1],
    [{ first: 100 }, 100],
    [{ last: 100 }, 100],
    [{ last: 7 }, 7],
    [{ first: null, last: 30 }, 30],
    [{ first: 0 }, 1],
    [{ last: 0 }, 1],
    [{ first: -5 }, 1],
    // Refused later; it must not be measured at more than it could bring.
    [{ first: 101 }, 100],
    [{ last: 2_000_000 }, 100],
  ])('is what is charged for each of its items: %j costs %i times', (args, multiplier) => {
    expect(pageComplexity(args)).toEqual({ field: 1, multiplier })
  })
})

describe('a cursor', () => {
  test('holds the values of its row, and is read as these', () => {
    const [edge] = order.page([row('B', 2)], {}).edges
    expect(edge?.cursor).toBe(cursor)
    expect(order.read(cursor)).toEqual(row('B', 2))
    const dated = keyset<{ at: Date; id: string }>(
      { field: 'at', direction: 'desc', kind: 'date' },
      { field: 'id', direction: 'desc', kind: 'uuid' },
    )
    const at = new Date('2026-01-01T00:00:00.123Z')
    const { cursor: own } = dated.page([{ at, id: uuid }], {}).edges[0]!
    expect(dated.read(own)).toEqual({ at, id: uuid })
  })

  test('that is none is refused by the name of its argument', () => {
    const refusal = (field: string) =>
      expect.objectContaining({
        code: 'INVALID_INPUT',
        field,
        message: `"${field}" is not a cursor of this list.`,
      })
    expect(() => order.query({ after: 'x' })).toThrow(refusal('after'))
    expect(() => order.query({ before: 'x' })).toThrow(refusal('before'))
    expect(() => order.query({ after: cursor, before: '' })).toThrow(refusal('before'))
    expect(() => order.read('x')).toThrow(refusal('after'))
    expect(() => order.read('x', 'before')).toThrow(refusal('before'))
  })

  test.each<[KeyColumn<{ value: unknown }>['kind'], unknown[], unknown[]]>([
    [
      'integer',
      [0, -1, 2_147_483_647, -2_147_483_647],
      [2_147_483_648, -2_147_483_648, 1.5, '1', null, true, [1]],
    ],
    ['number', [0, 0.25, -3.5, 2_147_483_647], [2_147_483_648, 1e300, '1', null]],
    ['text', ['', 'A', 'é😀'], ['a\0', '\ud800', 5, null, {}]],
    ['uuid', [uuid, uuid.toUpperCase()], ['', 'x', `${uuid}0`, uuid.replaceAll('-', ''), 5, null]],
    ['date', ['2026-01-01T00:00:00.000Z'], ['yesterday', '', '0000-01-01T00:00:00Z', 5, null]],
  ])('of a column of kind %s has values of that kind only', (kind, good, bad) => {
    const one = keyset<{ value: unknown }>({ field: 'value', direction: 'asc', kind })
    for (const value of good) {
      const { value: read } = one.read(cursorOf({ value }))
      expect(read instanceof Date ? read.toISOString() : read).toEqual(value)
    }
    for (const value of bad) {
      expect(() => one.read(cursorOf({ value })), JSON.stringify(value)).toThrow('is not a cursor')
    }
    expect(() => one.read(cursorOf({ value: good[0], more: 1 }))).toThrow('is not a cursor')
    expect(() => one.read(cursorOf({ other: good[0] }))).toThrow('is not a cursor')
    expect(() => one.read(cursorOf({}))).toThrow('is not a cursor')
  })
})
