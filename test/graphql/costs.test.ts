import { complexityFromQuery } from '@pothos/plugin-complexity'
import { expect, test } from 'vitest'
import { schema } from '../../src/schema/schema.ts'

// What an operation counts for: each field 1, times the items of the lists around it, edges nothing; searches more.

const page = '{ edges { node { id } } }'

test.each([
  // A search is 500, and each list of stories in it 500 more; people and organisations are ten each at most.
  ['{ search(text: "a") { people { id } } }', 500 + 1 + 10],
  ['{ search(text: "a") { organisations { id name } } }', 500 + 1 + 10 * 2],
  [`{ search(text: "a") { articles(first: 5) ${page} } }`, 500 + 500 + 5 * 2],
  [`{ search(text: "a") { articles ${page} } }`, 500 + 500 + 20 * 2],
  // A list by name is 200, and any other 1.
  [`{ people(first: 5) ${page} }`, 1 + 5 * 2],
  [`{ people(first: 5, filter: {}) ${page} }`, 1 + 5 * 2],
  [`{ people(first: 5, filter: { name: "a" }) ${page} }`, 200 + 5 * 2],
  [`{ organisations(last: 5) ${page} }`, 1 + 5 * 2],
  [`{ organisations(last: 5, filter: { name: "a" }) ${page} }`, 200 + 5 * 2],
  [`{ topics(first: 7) ${page} }`, 1 + 7 * 2],
  // Lists inside others multiply.
  [`{ person(slug: "a") { articles(first: 5) ${page} } }`, 1 + 1 + 5 * 2],
  [`{ person(slug: "a") { quotations(first: 5) { edges { node { text } } } } }`, 1 + 1 + 5 * 2],
  [`{ organisation(slug: "a") { articles(first: 5) ${page} } }`, 1 + 1 + 5 * 2],
  [`{ organisation(slug: "a") { quotations(first: 5) { edges { node { text } } } } }`, 1 + 1 + 5 * 2],
  [`{ topics(first: 7) { edges { node { articles(first: 5) ${page} } } } }`, 1 + 7 * (1 + 1 + 5 * 2)],
  // Events of a feed are a list; the number of all items costs ten.
  ['{ commentEvents(articleId: "a", first: 50) { edges { cursor node { __typename } } } }', 1 + 50 * 3],
  ['{ moderationQueue(first: 5) { totalCount edges { node { id } } } }', 1 + 5 * (10 + 2)],
  // The people and organisations of a story count as ten.
  ['{ article(slug: "a") { people { namedIn } } }', 1 + 1 + 10],
  ['{ article(slug: "a") { organisations { namedIn } } }', 1 + 1 + 10],
  // A page is never cheaper than one item, nor dearer than the largest.
  [`{ people(first: 0) ${page} }`, 1 + 2],
  [`{ people(first: 100) ${page} }`, 1 + 100 * 2],
  [`{ people(first: 1000000) ${page} }`, 1 + 100 * 2],
])('%s counts as %d', (query, complexity) => {
  expect(complexityFromQuery(query, { schema, variables: {} }).complexity).toBe(complexity)
})
