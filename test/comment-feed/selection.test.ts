import { parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { type Selection, selectionOf } from '../../src/graphql/selection.ts'
import { schema } from '../../src/schema/schema.ts'

// With whom a subscription to a feed is shared, by what it selects.

function selection(text: string, operationName: string | null = null): Selection {
  return selectionOf(schema, parse(text), operationName)
}

/** A feed with so much of each approved comment. */
const selecting = (fields: string) => `subscription ($articleId: ID!, $after: String) {
  commentFeed(articleId: $articleId, after: $after) { ... on CommentApproved { comment { ${fields} } } }
}`

test.each([
  ['the comment’s own values', 'id body submittedAt', false],
  ['what is the viewer’s own', 'id viewerIsAuthor', true],
  ['what is the viewer’s own, of an earlier comment', 'parent { viewerIsAuthor }', true],
  ['what is the viewer’s own, under another name', 'mine: viewerIsAuthor', true],
])('%s: whether it depends on the viewer is %j', (_what, fields, depends) => {
  expect(selection(selecting(fields)).dependsOnViewer).toBe(depends)
})

test.each([
  ['the comment and its author', 'id body author { displayName }', true],
  ['the comment it answers', 'parent { id body }', true],
  ['an id by the interface', '... on Node { id }', true],
  ['values of the story', 'article { id headline }', true],
  ['people of the story', 'article { people { person { name } } }', false],
  ['the story’s topic', 'article { topic { label } }', false],
  ['the id of the story’s topic by the interface', 'article { topic { ... on Node { id } } }', false],
  ['other stories of its topic', 'article { topic { articles { edges { node { id } } } } }', false],
  ['related stories', 'article { related { id } }', false],
  ['people in a fragment', 'article { ... on Article { people { person { name } } } }', false],
])('%s: whether its results stay at the story is %j', (_what, fields, stays) => {
  expect(selection(selecting(fields)).staysWithinArticle).toBe(stays)
})

test('what is told of retractions and resets stays at the story', () => {
  const text = `subscription { commentFeed(articleId: "x") {
    ... on CommentRetracted { cursor commentId } ... on FeedReset { cursor reason }
  } }`
  expect(selection(text)).toMatchObject({ staysWithinArticle: true, dependsOnViewer: false })
})

describe('the variables that tell subscriptions apart', () => {
  test.each<[string, string, string[]]>([
    [
      'are all but the cursor’s',
      'subscription ($articleId: ID!, $after: String) { commentFeed(articleId: $articleId, after: $after) { __typename } }',
      ['articleId'],
    ],
    [
      'are all but the cursor’s, whatever it is called',
      'subscription ($a: ID!, $b: String) { commentFeed(articleId: $a, after: $b) { __typename } }',
      ['a'],
    ],
    [
      'are all when there is no cursor',
      'subscription ($after: ID!) { commentFeed(articleId: $after) { __typename } }',
      ['after'],
    ],
    [
      'are the cursor’s too when it is used for something else',
      'subscription ($a: ID!, $x: String) { commentFeed(articleId: $a, after: $x) { ... on CommentApproved { comment { body @include(if: $x) } } } }',
      ['a', 'x'],
    ],
    [
      'are those in directives and fragments, in order and each once',
      'subscription ($c: ID!, $b: Boolean!, $a: Boolean!) { commentFeed(articleId: $c) { ...F ... on CommentApproved { comment { id @skip(if: $b) body @skip(if: $b) } } } } fragment F on CommentApproved { cursor @include(if: $a) }',
      ['a', 'b', 'c'],
    ],
    [
      'are none where none is used',
      'subscription { commentFeed(articleId: "x", after: "y") { __typename } }',
      [],
    ],
    [
      'are not those that are declared only',
      'subscription ($unused: Int) { commentFeed(articleId: "x") { __typename } }',
      [],
    ],
  ])('%s', (_what, text, variables) => {
    expect(selection(text).variables).toEqual(variables)
  })

  test('are read from the operation that is named', () => {
    const text = `
      subscription A($x: ID!, $y: String) { commentFeed(articleId: $x, after: $y) { __typename } }
      subscription B($x: ID!, $z: String) { commentFeed(articleId: $x, after: $z) { __typename } }`
    const document = parse(text)
    const variables = (name: string) => selectionOf(schema, document, name).variables
    expect([variables('A'), variables('B'), variables('A')]).toEqual([
      ['x', 'z'],
      ['x', 'y'],
      ['x', 'z'],
    ])
  })
})

describe('a document', () => {
  const feed = operationText('CommentFeed')

  test('is the same with other white space, commas and comments, and no other', () => {
    const { id } = selection(feed)
    expect(selection(`# A comment\n${feed.replace(/#.*/g, '').replace(/\s+/g, '  ,\n')}`).id).toBe(id)
    expect(selection(feed.replace('cursor', 'c: cursor')).id).not.toBe(id)
    expect(selection(selecting('id')).id).not.toBe(selection(selecting('body')).id)
  })

  test.each<[string, string, boolean]>([
    ['one of schema/operations', feed, true],
    ['one with another selection', feed.replace('cursor', 'cursor c: cursor'), false],
    ['one without a name', feed.replace(/subscription \w+/, 'subscription'), false],
    ['one with __typename at its root', feed.replace('commentFeed(', '__typename commentFeed('), false],
    ['one of schema/operations that is a query', operationText('FrontPage'), false],
  ])('%s: whether it is known is %j', (_what, text, isKnown) => {
    expect(selection(text).isKnownDocument).toBe(isKnown)
  })
})
