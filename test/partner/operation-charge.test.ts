import { expect, test } from 'vitest'
import { chargeRuleOf } from '../../src/partner/operation-charge.ts'

test.each([
  ['{ changes(first: 1) { edges { cursor } } }', 'unless-removals'],
  ['{ a: changes { edges { cursor } } b: changes { edges { cursor } } }', 'always'],
  [
    'query { ...F } fragment F on Query { ...G } fragment G on Query { changes { edges { cursor } } }',
    'unless-removals',
  ],
  ['{ removals { edges { cursor } } }', 'never'],
  ['mutation { acknowledge(input: { cursor: "a" }) { __typename } }', 'never'],
  ['mutation { acknowledge(input: { cursor: "a" }) { __typename } setLicence { __typename } }', 'always'],
  ['{ changes { edges { cursor } } viewer { __typename } }', 'always'],
])('%s counts: %s', (query, rule) => {
  expect(chargeRuleOf(query)).toBe(rule)
})

// Expanded one by one, these fragments would be 2 to the power of 60 fields.
test('fragments that are spread twice in each other are looked through once', () => {
  const levels = Array.from(
    { length: 60 },
    (_, level) => `fragment f${level} on Query { ...f${level + 1} ...f${level + 1} }`,
  )
  const query = `{ ...f0 ...f0 } ${levels.join(' ')} fragment f60 on Query { changes { edges { cursor } } }`
  expect(chargeRuleOf(query)).toBe('unless-removals')
})

test('fragments that include each other end the look', () => {
  const query =
    '{ ...f } fragment f on Query { ...g } fragment g on Query { ...f removals { edges { cursor } } }'
  expect(chargeRuleOf(query)).toBe('never')
})
