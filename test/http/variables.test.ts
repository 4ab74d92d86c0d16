import { buildSchema, getOperationAST, type OperationDefinitionNode, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { variableErrors } from '../../src/http/graphql/variable-errors.ts'
import { assertUseIsSmall, assertVariablesAreSmall } from '../../src/http/graphql/variables.ts'

// What variables may be, and how it is said that they may not.

describe('variables may hold', () => {
  const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)
  const lists = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)
  const items = (count: number) => Array.from({ length: count }, () => 1)
  const tooLarge = (message: string) =>
    expect.objectContaining({
      message,
      extensions: { code: 'QUERY_TOO_LARGE', http: { status: 400, spec: true } },
    })

  test('10,000 keys and items, counted together, and not one more', () => {
    const refusal = tooLarge('The variables contain more than 10000 keys and items.')
    expect(() => assertVariablesAreSmall({ a: items(9_999) })).not.toThrow()
    expect(() => assertVariablesAreSmall({ a: items(10_000) })).toThrow(refusal)
    expect(() => assertVariablesAreSmall({ a: items(4_999), b: items(4_999) })).not.toThrow()
    expect(() => assertVariablesAreSmall({ a: items(4_999), b: items(5_000) })).toThrow(refusal)
    const keys = (count: number) => Object.fromEntries(items(count).map((_, i) => [`k${i}`, null]))
    expect(() => assertVariablesAreSmall(keys(10_000))).not.toThrow()
    expect(() => assertVariablesAreSmall(keys(10_001))).toThrow(refusal)
  })

  test('16 levels, of objects and lists alike, and not one more', () => {
    const refusal = tooLarge('The variables are nested more than 16 levels deep.')
    for (const make of [nested, lists]) {
      expect(() => assertVariablesAreSmall({ a: make(16) })).not.toThrow()
      expect(() => assertVariablesAreSmall({ a: make(17) })).toThrow(refusal)
    }
  })

  test('nothing at all', () => {
    for (const variables of [undefined, null, {}, { a: null }]) {
      expect(() => assertVariablesAreSmall(variables)).not.toThrow()
    }
  })
})

const schema = buildSchema(`
  enum Order { UP DOWN }
  input Range { from: Int! to: Int = 5 in: Range order: Order }
  input Which @oneOf { id: ID slug: String }
  scalar Moment
  type Query { f(n: Int, r: Range, w: Which): Int }
`)

function complaints(definitions: string, inputs: Record<string, unknown>): string[] {
  const operation = getOperationAST(parse(`query (${definitions}) { f }`)) as OperationDefinitionNode
  return variableErrors(schema, operation, inputs).map(({ message, extensions, nodes }) => {
    expect(extensions).toEqual({ code: 'INVALID_INPUT' })
    expect(nodes).toHaveLength(1)
    return message
  })
}

describe('variables fit', () => {
  test.each<[string, Record<string, unknown>]>([
    ['$n: Int', {}],
    ['$n: Int', { n: null }],
    ['$n: Int', { n: 5, other: 'is not looked at' }],
    ['$n: Int! = 3', {}],
    ['$n: Int = 3', { n: null }],
    ['$n: Float', { n: 1.5 }],
    ['$n: ID!', { n: 5 }],
    ['$n: [Int!]!', { n: [] }],
    ['$n: [Int!]!', { n: 7 }],
    ['$n: [[Int]]', { n: [[1, null], null, 3] }],
    ['$o: Order!', { o: 'UP' }],
    ['$r: Range', { r: { from: 1 } }],
    ['$r: Range', { r: { from: 1, to: null, in: { from: 2, in: null }, order: 'DOWN' } }],
    ['$w: Which', { w: { id: 'a' } }],
    ['$x: Unknown', { x: 1 }],
  ])('(%s) with %j', (definitions, inputs) => {
    expect(complaints(definitions, inputs)).toEqual([])
  })
})

describe('variables do not fit', () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ['$n: Int!', {}, ['Variable "$n" is required and of type "Int!".']],
    ['$n: Int!', { n: null }, ['Variable "$n" is required and of type "Int!".']],
    ['$n: Int! = 3', { n: null }, ['Variable "$n" is required and of type "Int!".']],
    ['$n: Int', { n: 'secret' }, ['Variable "$n" must be of type "Int".']],
    ['$n: Int', { n: 1.5 }, ['Variable "$n" must be of type "Int".']],
    ['$n: Int', { n: [1] }, ['Variable "$n" must be of type "Int".']],
    ['$n: String', { n: 1 }, ['Variable "$n" must be of type "String".']],
    ['$n: [Int!]', { n: [1, null] }, ['Variable "$n[1]" is required and of type "Int!".']],
    [
      '$n: [Int]',
      { n: ['secret', 1, 'secret'] },
      ['Variable "$n[0]" must be of type "Int".', 'Variable "$n[2]" must be of type "Int".'],
    ],
    ['$o: Order', { o: 'secret' }, ['Variable "$o" must be of type "Order".']],
    ['$r: Range', { r: 'secret' }, ['Variable "$r" must be an object of type "Range".']],
    ['$r: Range', { r: [{ from: 1 }] }, ['Variable "$r" must be an object of type "Range".']],
    ['$r: Range', { r: {} }, ['Variable "$r.from" is required and of type "Int!".']],
    [
      '$r: Range',
      { r: { from: 1, secret: 1 } },
      ['Variable "$r" has a field that the type "Range" does not have.'],
    ],
    [
      '$r: Range',
      { r: { from: 1, toString: 1 } },
      ['Variable "$r" has a field that the type "Range" does not have.'],
    ],
    ['$r: Range', { r: { from: 1, in: { from: 'x' } } }, ['Variable "$r.in.from" must be of type "Int".']],
    [
      '$w: Which',
      { w: { id: 'a', slug: 'b' } },
      ['Variable "$w" must set exactly one of the fields of the type "Which".'],
    ],
    ['$w: Which', { w: {} }, ['Variable "$w" must set exactly one of the fields of the type "Which".']],
    [
      '$w: Which',
      { w: { id: null } },
      ['Variable "$w" must set exactly one of the fields of the type "Which".'],
    ],
    [
      '$a: Int!, $b: Int!',
      { b: 'secret' },
      ['Variable "$a" is required and of type "Int!".', 'Variable "$b" must be of type "Int".'],
    ],
    ['$toString: Int!', {}, ['Variable "$toString" is required and of type "Int!".']],
  ])('(%s) with %j', (definitions, inputs, messages) => {
    expect(complaints(definitions, inputs)).toEqual(messages)
  })

  test('and five complaints are enough, over lists and over variables', () => {
    expect(complaints('$n: [Int], $m: Int', { n: Array(9).fill('x'), m: 'x' })).toHaveLength(5)
    const many = Array.from({ length: 9 }, (_, i) => `$n${i}: Int!`).join(', ')
    expect(complaints(many, {})).toHaveLength(5)
    expect(complaints('$n: [Int], $m: Int', { n: Array(4).fill('x'), m: 'x' })).toHaveLength(5)
    expect(complaints('$r: [Range]', { r: Array(9).fill({ secret: 1 }) })).toHaveLength(5)
  })
})

describe('long variables may be used', () => {
  const use = (query: string, inputs: Record<string, unknown>) => () => assertUseIsSmall(parse(query), inputs)
  const times = (count: number, what = 'f(s: $s)') =>
    Array.from({ length: count }, (_, i) => `a${i}: ${what}`).join(' ')
  const refusal = expect.objectContaining({
    message: 'The query is too large: it uses long variables too often. Request less at once.',
    extensions: { code: 'QUERY_TOO_LARGE', http: { status: 400, spec: true } },
  })

  test('for 250,000 characters in one operation, each use counted', () => {
    expect(use(`query { ${times(10)} }`, { s: 'x'.repeat(25_000) })).not.toThrow()
    expect(use(`query { ${times(10)} }`, { s: 'x'.repeat(25_001) })).toThrow(refusal)
    expect(use(`query A { ${times(10)} } query B { ${times(10)} }`, { s: 'x'.repeat(25_000) })).not.toThrow()
    expect(use(`query A { f } query B { ${times(11)} }`, { s: 'x'.repeat(25_000) })).toThrow(refusal)
  })

  test('in fragments, counted wherever these are spread', () => {
    const fragment = `fragment F on Query { ${times(5)} ...G } fragment G on Query { f(s: $s) }`
    expect(use(`{ ...F ...F } ${fragment}`, { s: 'x'.repeat(20_833) })).not.toThrow()
    expect(use(`{ ...F ...F } ${fragment}`, { s: 'x'.repeat(20_834) })).toThrow(refusal)
    expect(use(`{ ...F ... { ...F } ...Unknown } ${fragment}`, { s: 'x'.repeat(20_834) })).toThrow(refusal)
  })

  test('as often as anybody likes where all of them are at most 2,000 characters long', () => {
    expect(use(`{ ${times(300)} }`, { s: 'x'.repeat(2_000) })).not.toThrow()
    expect(use(`{ ${times(300)} }`, { s: 'x'.repeat(2_001) })).toThrow(refusal)
    expect(use(`{ ${times(300)} }`, { s: 'x'.repeat(1_000), t: 'x'.repeat(1_001) })).toThrow(refusal)
  })

  test('and lists and objects are about as long as their JSON', () => {
    expect(use(`{ ${times(10)} }`, { s: Array(1_000).fill('x'.repeat(20)) })).toThrow(refusal)
    expect(use(`{ ${times(10)} }`, { s: { [`k${'x'.repeat(25_000)}`]: 1 } })).toThrow(refusal)
    expect(use(`{ ${times(10)} }`, { s: Array(1_000).fill(7) })).not.toThrow()
    expect(use(`{ ${times(20)} }`, { s: Array(1_000).fill(7) })).toThrow(refusal)
    expect(use('{ f(s: $s) }', { s: null, t: [null, true] })).not.toThrow()
  })
})
