import { expect, test, vi } from 'vitest'
import { QuotaExceeded } from '../../src/base/errors.ts'
import { chargeOperation, chargeRuleOf } from '../../src/graphql/operation-charge.ts'
import type { Charge } from '../../src/licensing/quota.ts'
import { schema } from '../../src/schema/schema.ts'

test.each([
  ['{ changes(first: 1) { edges { cursor } } }', 'unless-removals'],
  ['{ a: changes { edges { cursor } } b: changes { edges { cursor } } }', 'always'],
  [
    'query { ...F } fragment F on Query { ...G } fragment G on Query { changes { edges { cursor } } }',
    'unless-removals',
  ],
  ['{ removals { edges { cursor } } }', 'never'],
  ['{ removals { edges { cursor } } viewerPartner { slug } }', 'always'],
  ['{ viewerPartner { slug } removals { edges { cursor } } }', 'always'],
  ['{ removals { edges { cursor } } changes { edges { cursor } } }', 'always'],
  ['{ a: removals { edges { cursor } } b: removals { edges { cursor } } }', 'always'],
  ['{ changes: viewerPartner { slug } }', 'always'],
  ['{ ...F viewerPartner { slug } } fragment F on Query { removals { edges { cursor } } }', 'always'],
  ['{ ... on Query { changes { edges { cursor } } } }', 'unless-removals'],
  ['{ ... { removals { edges { cursor } } } }', 'never'],
  ['subscription { changes { articleId } }', 'unless-removals'],
  ['mutation { acknowledge(input: { cursor: "a" }) { __typename } }', 'never'],
  ['mutation { a: acknowledge(input: {}) { __typename } b: acknowledge(input: {}) { __typename } }', 'never'],
  ['mutation { removals { __typename } }', 'always'],
  ['mutation { changes { __typename } }', 'always'],
  ['query { acknowledge { __typename } }', 'always'],
  ['{ ...Nowhere changes { edges { cursor } } }', 'unless-removals'],
  ['query A { removals { edges { cursor } } } query B { viewerPartner { slug } }', 'always'],
  ['mutation { acknowledge(input: { cursor: "a" }) { __typename } setLicence { __typename } }', 'always'],
  ['{ changes { edges { cursor } } viewer { __typename } }', 'always'],
])('%s counts: %s', (query, rule) => {
  expect(chargeRuleOf(schema, query)).toBe(rule)
})

// Expanded one by one, these fragments would be 2 to the power of 60 fields.
test('fragments that are spread twice in each other are looked through once', () => {
  const levels = Array.from(
    { length: 60 },
    (_, level) => `fragment f${level} on Query { ...f${level + 1} ...f${level + 1} }`,
  )
  const query = `{ ...f0 ...f0 } ${levels.join(' ')} fragment f60 on Query { changes { edges { cursor } } }`
  expect(chargeRuleOf(schema, query)).toBe('unless-removals')
})

test('fragments that include each other end the look', () => {
  const query =
    '{ ...f } fragment f on Query { ...g } fragment g on Query { ...f removals { edges { cursor } } }'
  expect(chargeRuleOf(schema, query)).toBe('never')
})

test('of several operations the one that is named counts', () => {
  const query = 'query A { removals { edges { cursor } } } query B { viewerPartner { slug } }'
  expect([
    chargeRuleOf(schema, query, 'A'),
    chargeRuleOf(schema, query, 'B'),
    chargeRuleOf(schema, query, 'C'),
  ]).toEqual(['never', 'always', 'always'])
})

test('what never counts takes nothing; what counts is refused with a quota used up, unless it tells removals', async () => {
  const counted = { left: null, exceeded: null, refund: async () => {} }
  const exceeded = new QuotaExceeded('minute', 30)
  const take = vi.fn(async (_at?: Date): Promise<Charge> => counted)
  expect(await chargeOperation('never', take)).toBeNull()
  expect(take).not.toHaveBeenCalled()
  expect(await chargeOperation('always', take)).toMatchObject(counted)
  expect(take).toHaveBeenCalledTimes(1)
  take.mockResolvedValue({ ...counted, exceeded })
  await expect(chargeOperation('always', take)).rejects.toBe(exceeded)
  const charge = await chargeOperation('unless-removals', take)
  expect(charge).toMatchObject({ exceeded })
  // Later it is charged for the moment at which it is.
  take.mockResolvedValue(counted)
  const at = new Date('2026-03-01T12:00:00Z')
  const again = await charge?.again(at)
  expect(take).toHaveBeenLastCalledWith(at)
  expect(again).toMatchObject({ exceeded: null, again: expect.any(Function) })
})
