import { type GraphQLScalarType, isScalarType, isSpecifiedScalarType } from 'graphql'
import { describe, expect, test } from 'vitest'
import { schema } from '../../src/schema/schema.ts'
import { isValidValue } from '../../src/text/valid-text.ts'

const type = schema.getType('DateTime') as GraphQLScalarType<Date, string>
const read = (text: unknown) => type.coerceInputValue(text as never).toISOString()

describe('a DateTime is taken', () => {
  test.each([
    ['2019-10-15T09:30:00Z', '2019-10-15T09:30:00.000Z'],
    ['2019-10-15t09:30:00z', '2019-10-15T09:30:00.000Z'],
    ['2019-10-15T09:30:00.123456789Z', '2019-10-15T09:30:00.123Z'],
    ['2019-10-15T09:30:00-00:00', '2019-10-15T09:30:00.000Z'],
    ['2019-10-15T09:30:00+23:59', '2019-10-14T09:31:00.000Z'],
    // Leap seconds.
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['1990-12-31T15:59:60-08:00', '1991-01-01T00:00:00.000Z'],
    ['2019-10-15T09:30:00.25Z', '2019-10-15T09:30:00.250Z'],
    ['2019-10-15T09:30:00+03:00', '2019-10-15T06:30:00.000Z'],
    ['2019-10-15T23:30:00-05:30', '2019-10-16T05:00:00.000Z'],
    // The last days of the months, as editors write the ends of embargoes.
    ['2026-01-31T00:00:00Z', '2026-01-31T00:00:00.000Z'],
    ['2026-01-30T00:00:00Z', '2026-01-30T00:00:00.000Z'],
    ['2026-01-29T00:00:00Z', '2026-01-29T00:00:00.000Z'],
    ['2026-02-28T00:00:00Z', '2026-02-28T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['2026-03-31T00:00:00Z', '2026-03-31T00:00:00.000Z'],
    ['2026-04-30T00:00:00Z', '2026-04-30T00:00:00.000Z'],
    ['2026-12-31T23:59:59Z', '2026-12-31T23:59:59.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s', (text, moment) => {
    expect(read(text)).toBe(moment)
  })
})

describe('a DateTime is refused', () => {
  test.each([
    '2026-02-29T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-02-31T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-06-31T00:00:00Z',
    '2026-01-32T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T25:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:61Z',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00+00:60',
    '2026-01-01 00:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00+3',
    '2026-01-01',
    '2026-1-1T00:00:00Z',
    '01/02/2026',
    'Thu, 01 Jan 2026 00:00:00 GMT',
    ' 2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00Z ',
    '0000-12-31T23:59:59Z',
    '9999-12-31T23:59:59-01:00',
    '+12026-01-01T00:00:00Z',
    '',
    1_767_225_600_000,
    null,
    new Date(0),
  ])('%j', (text) => {
    expect(() => read(text)).toThrow('A DateTime must have the form "2019-10-15T09:30:00Z".')
  })
})

test('a DateTime is answered in UTC, to the millisecond', () => {
  expect(type.coerceOutputValue(new Date('2026-01-31T23:59:59.5-01:00'))).toBe('2026-02-01T00:59:59.500Z')
})

describe('a Date', () => {
  const day = schema.getType('Date') as GraphQLScalarType<Date, string>

  test.each(['2019-10-15', '2024-02-29', '0001-01-01', '9999-12-31'])('is taken and answered: %s', (text) => {
    const taken = day.coerceInputValue(text)
    expect(taken.toISOString()).toBe(`${text}T00:00:00.000Z`)
    expect(day.coerceOutputValue(taken)).toBe(text)
  })

  test.each([
    '2026-02-29',
    '2026-13-01',
    '0000-01-01',
    '2026-1-1',
    '2026-01-01T00:00:00Z',
    '',
    20_260_101,
    null,
  ])('is refused: %j', (text) => {
    expect(() => day.coerceInputValue(text as never)).toThrow('A Date must have the form "2019-10-15".')
  })
})

test('each scalar of the schema names its specification', () => {
  const scalars = Object.values(schema.getTypeMap()).filter(isScalarType)
  const own = scalars.filter((scalar) => !isSpecifiedScalarType(scalar))
  expect(Object.fromEntries(own.map(({ name, specifiedByURL }) => [name, specifiedByURL]))).toEqual({
    Date: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
    DateTime: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
    JSON: 'https://www.rfc-editor.org/rfc/rfc8259',
  })
})

test('JSON is only in answers', () => {
  const json = schema.getType('JSON') as GraphQLScalarType
  expect(() => json.coerceInputValue('{}')).toThrow("The type JSON can't be used for input.")
  expect(json.coerceOutputValue({ a: [1] })).toEqual({ a: [1] })
})

test.each<[string | Date, boolean]>([
  ['', true],
  ['a\u0001\u{1f600}', true],
  ['a\0b', false],
  ['\ud83d', false],
  ['\ude00\ud83d', false],
  [new Date('0001-01-01T00:00:00Z'), true],
  [new Date('0000-12-31T23:59:59.999Z'), false],
  [new Date('9999-12-31T23:59:59.999Z'), true],
  [new Date('+010000-01-01T00:00:00Z'), false],
  [new Date(Number.NaN), false],
])('whether PostgreSQL can hold %j: %j', (value, can) => {
  expect(isValidValue(value)).toBe(can)
})
