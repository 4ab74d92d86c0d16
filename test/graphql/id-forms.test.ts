import { describe, expect, test } from 'vitest'
import {
  isCanonicalId,
  isUuid,
  parseGlobalId,
  rowIdOf,
  rowIdOrNone,
  rowIdOrSlug,
  slugOrRowId,
  toRowId,
} from '../../src/graphql/ids.ts'
import { globalId } from '../support/newsroom.ts'

const key = '0190abcd-0000-7000-8000-00000000000f'
const loud = key.toUpperCase()
const none = '00000000-0000-0000-0000-000000000000'
const id = globalId('Article', key)

test.each([
  [key, true],
  [loud, true],
  [` ${key}`, false],
  [`${key}\n`, false],
  [`${key}0`, false],
  [key.slice(1), false],
  [key.replaceAll('-', ''), false],
  [key.replace('f', 'g'), false],
  ['', false],
])('whether %j is the key of a row: %j', (text, is) => {
  expect(isUuid(text)).toBe(is)
  expect(toRowId(text)).toBe(is ? key : none)
})

describe('an id', () => {
  test.each(['Article', 'Comment', 'Organisation', 'Person', 'Reader', 'Topic'])(
    'of %s is taken apart',
    (type) => {
      expect(parseGlobalId(globalId(type, 'x:y'))).toEqual({ typename: type, id: 'x:y' })
    },
  )

  test.each([
    '',
    'x',
    globalId('Block', key),
    globalId('article', key),
    globalId('', key),
    globalId('toString', key),
  ])('that is not one of this gateway is refused: %j', (text) => {
    expect(() => parseGlobalId(text)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', field: 'id' }))
    expect(() => rowIdOf('Article', text)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
    expect(rowIdOrNone('Article', text)).toBe(none)
    expect(rowIdOrSlug('Article', text)).toEqual({ slug: text })
  })

  test.each([
    ['of another type', globalId('Person', key)],
    ['of no row', globalId('Article', 'x')],
    ['of too long a key', globalId('Article', `${key}0`)],
  ])('%s names nothing', (_what, text) => {
    expect(() => rowIdOf('Article', text)).toThrow(
      expect.objectContaining({
        code: 'NOT_FOUND',
        message: 'The article does not exist, or you may not see it. Check the id or slug.',
      }),
    )
    expect(rowIdOrNone('Article', text)).toBe(none)
    expect(rowIdOrSlug('Article', text)).toEqual({ slug: text })
    expect(slugOrRowId('Article', { id: text })).toEqual({ id: none })
  })

  test('is the same in capitals', () => {
    for (const text of [id, globalId('Article', loud)]) {
      expect(rowIdOf('Article', text)).toBe(key)
      expect(rowIdOrNone('Article', text)).toBe(key)
      expect(rowIdOrSlug('Article', text)).toEqual({ id: key })
      expect(slugOrRowId('Article', { id: text })).toEqual({ id: key })
    }
  })

  test.each<[unknown, boolean]>([
    [id, true],
    [globalId('Block', key), true],
    [globalId('Article', loud), false],
    [id.replace(/=*$/, (end) => (end ? '' : '=')), false],
    [`${id}\n`, false],
    [` ${id}`, false],
    [key, false],
    ['', false],
    [null, false],
    [7, false],
    [[id], false],
  ])('%j is written as this gateway writes it: %j', (value, is) => {
    expect(isCanonicalId(value)).toBe(is)
  })
})

describe('a thing is named by its slug or its id', () => {
  test('by one of them', () => {
    expect(slugOrRowId('Article', { slug: 'a' })).toEqual({ slug: 'a' })
    expect(slugOrRowId('Article', { slug: '', id: null })).toEqual({ slug: '' })
    expect(slugOrRowId('Article', { slug: null, id })).toEqual({ id: key })
    expect(() => slugOrRowId('Article', { id: 'x' })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', field: 'id' }),
    )
  })

  test.each([{}, { slug: null, id: null }, { slug: 'a', id }, { slug: '', id: '' }])(
    'and not by %j',
    (both) => {
      expect(() => slugOrRowId('Article', both)).toThrow(
        expect.objectContaining({
          code: 'INVALID_INPUT',
          field: 'slug',
          message: 'Give either "slug" or "id".',
        }),
      )
    },
  )
})
