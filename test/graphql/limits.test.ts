import { complexityFromQuery } from '@pothos/plugin-complexity'
import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { schema } from '../../src/schema/schema.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle, globalId } from '../support/newsroom.ts'
import { connect, listen } from '../support/socket.ts'
import { statementsOfRequests } from '../support/statements.ts'

let app: TestApp
let slug: string
const statements: string[] = []

beforeAll(async () => {
  app = await freshApp({
    onStatement: statementsOfRequests((sql) => statements.push(sql)),
    pollMs: 3_600_000,
    changePollMs: 3_600_000,
  })
  slug = (await addArticle(app.database.prisma)).slug
})

beforeEach(() => {
  statements.length = 0
})

afterAll(() => app.close())

const nested = (depth: number): string =>
  depth === 0 ? 'id' : `articles(first: 1) { edges { node { people { person { ${nested(depth - 1)} } } } } }`
const page =
  'edges { node { headline people { person { name } } comments(first: 100) { edges { node { body } } } } }'

const tooLarge = {
  'too deep': `{ person(slug: "a") { ${nested(4)} } }`,
  'too broad': `{ ${Array.from({ length: 401 }, (_, i) => `a${i}: viewer { __typename }`).join(' ')} }`,
  'too much at once': `{ articles(first: 100) { ${page} } }`,
  'too much by variable': `query ($n: Int = 100) { articles(first: $n) { ${page} } }`,
  'too much by fragment': `fragment P on Article { comments(first: 100) { edges { node { body article { ...Q } } } } }
    fragment Q on Article { comments(first: 100) { edges { node { body language status } } } }
    { article(slug: "a") { ...P } }`,
  'too much in one snapshot': `{ articles(first: 100) { edges { node { feedCursor } } ${page} } }`,
}

describe('what asks for too much is refused before it costs a statement', () => {
  test.each(Object.entries(tooLarge))('%s', async (_what, query) => {
    const { data, errors } = await app.post(query)
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_LARGE' } }])
    expect(errors?.[0]?.message).toMatch(
      /^The (?:query is too large: its \w+ is \d+|document is too large: .* has \d+ fields .*), and the limit is \d+\. Request less/,
    )
    expect(data ?? null).toBeNull()
    expect(statements).toEqual([])
  })

  test('over a websocket too, subscriptions included', async () => {
    const feed = `subscription ($id: ID!) { commentFeed(articleId: $id) { ... on CommentApproved { comment {
      article { articles: topic { articles(first: 100) { ${page} } } } } } } }`
    for (const query of [feed, ...Object.values(tooLarge)]) {
      await using results = listen(connect(app.wsUrl), query, { id: globalId('Article', slug) })
      const { errors } = await results.next()
      expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_LARGE' } }])
    }
    expect(statements).toEqual([])
  })

  test('the operation that is asked for counts, not its neighbours in the document', async () => {
    const response = await fetch(app.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: `query Small { viewer { role } } query Large { articles(first: 100) { ${page} } }`,
        operationName: 'Small',
      }),
    })
    expect(await response.json()).toEqual({ data: { viewer: null } })
  })

  test('more tokens than anybody writes are not even read', async () => {
    const { errors } = await app.post(`{ ${'viewer { role } '.repeat(1_500)} }`)
    expect(errors?.[0]?.message).toContain('token')
    expect(statements).toEqual([])
  })

  test('fragments that stand in a circle are a mistake, not a fault', async () => {
    const { errors } = await app.post(
      '{ viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }',
    )
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }])
  })

  test('variables that do not fit are complained about as such', async () => {
    const { errors } = await app.post('query ($n: Int) { articles(first: $n) { edges { cursor } } }', {
      n: 'many',
    })
    expect(errors?.[0]?.message).toContain('$n')
    expect(errors?.[0]?.extensions?.code).not.toBe('INTERNAL_SERVER_ERROR')
  })
})

describe('what can not be measured, or would cost more than it says', () => {
  const heavy = `articles(first: 100) { ${page} }`

  test('a null for a list that needs an order does not switch the limits off', async () => {
    const query = `query ($o: CommentOrder = NEWEST_FIRST) {
      x: article(slug: "x") { comments(orderBy: $o) { edges { node { id } } } } heavy: ${heavy} }`
    const { data, errors } = await app.post(query, { o: null })
    expect(errors).toHaveLength(1)
    expect(errors?.[0]?.message).toContain('orderBy')
    expect(data ?? null).toBeNull()
    expect(statements).toEqual([])
    await using results = listen(connect(app.wsUrl), query, { o: null })
    expect((await results.next()).errors?.[0]?.message).toContain('orderBy')
    expect(statements).toEqual([])
  })

  const aliased = (count: number) =>
    Array.from({ length: count }, (_, i) => `c${i}: comments(first: ${i + 1}) { edges { node { id } } }`)
  const list = (fields: string) => `{ articles(first: 100) { edges { node { ${fields} } } } }`
  const inFragments = aliased(5)
    .map((field, i) => `fragment F${i} on Article { ${field} }`)
    .join(' ')
  const parallel = aliased(5)
    .map((field, i) => `p${i}: topic { articles(first: 60) { edges { node { ${field} } } } }`)
    .join(' ')

  test.each([
    ['with other arguments each time', list(aliased(40).join(' '))],
    ['in fragments', `${inFragments} ${list('...F0 ... { ...F1 ... on Article { ...F2 } } ...F3 ...F4')}`],
    ['below aliases of another field', `{ article(slug: "a") { ${parallel} } }`],
    ['as sixty searches', `{ ${sixty('search(text: "a") { people { id } }')} }`],
    [
      'as sixty lists of one search',
      `{ search(text: "a") { ${sixty('articles(first: 1) { edges { cursor } }')} } }`,
    ],
    ['as the schema', `{ ${sixty('__schema { types { name } }')} }`],
    ['as types of the schema', `{ ${sixty('__type(name: "Article") { name }')} }`],
    ['as parts of the schema', `{ __schema { ${sixty('types { name }')} } }`],
  ])('one field under many names, %s, is refused', async (_how, query) => {
    const { data, errors } = await app.post(query)
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_LARGE' } }])
    expect(data ?? null).toBeNull()
    expect(statements).toEqual([])
  })

  test('aliases that agree in their arguments cost nothing more', async () => {
    const same = '(first: 1) { edges { node { id } } }'
    await app.ask(`query ($one: Int = 1) { articles(first: 100) { edges { node {
      a: comments${same} b: comments${same} c: comments(first: $one) { edges { node { body } } } } } } }`)
  })
})

/** A field sixty times, under a name of its own each time. */
function sixty(field: string): string {
  return Array.from({ length: 60 }, (_, i) => `a${i}: ${field}`).join(' ')
}

describe('what pages really ask for passes', () => {
  const sizes = (text: string) =>
    complexityFromQuery(text, { schema, variables: { slug: 'a', articleId: 'a' } })
  const front = operationText('FrontPage')
  const pages = {
    'the article page': operationText('ArticlePage'),
    'the front page': front,
    'the moderation queue': operationText('ModerationQueue'),
    'the feed': operationText('CommentFeed'),
    'an article page with mentions and all comments': operationText('ArticlePage')
      .replace('... on Paragraph {', '... on Paragraph { mentions { start end surface person { id name } }')
      .replace('first: 20', 'first: 100'),
  }
  test.each(Object.entries(pages))('%s, with half of each limit to spare', (_page, text) => {
    const { complexity, depth, breadth } = sizes(text)
    expect(complexity).toBeLessThan(20_000 / 2)
    expect(breadth).toBeLessThan(400 / 2)
    expect(depth).toBeLessThan(14)
  })

  test('the front page, at the largest page size', async () => {
    await app.ask(front, { first: 100 })
  })

  test("GraphiQL's introspection, with all its options", async () => {
    const { __schema } = await app.ask(
      getIntrospectionQuery({
        descriptions: true,
        specifiedByUrl: true,
        directiveIsRepeatable: true,
        schemaDescription: true,
        inputValueDeprecation: true,
        oneOf: true,
      }),
    )
    expect(__schema.queryType.name).toBe('Query')
  })
})

test('an operation that was accepted is measured again with other variables', async () => {
  const query = `query ($n: Int) { articles(first: $n) { edges { node {
    comments(first: 50) { edges { node { body replies(first: 50) { edges { node { body } } } } } } } } } }`
  const codes: unknown[] = []
  for (const n of [1, 1, 100, 1, 100]) {
    const { errors } = await app.post(query, { n })
    codes.push(errors?.[0]?.extensions?.code ?? null)
  }
  expect(codes).toEqual([null, null, 'QUERY_TOO_LARGE', null, 'QUERY_TOO_LARGE'])
})

test('an infinite number is refused, also after null was accepted', async () => {
  const send = async (first: string) => {
    const body = `{"query":"query ($n: Int) { articles(first: $n) { edges { cursor } } }","variables":{"n":${first}}}`
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(app.url, { method: 'POST', headers, body })
    return (await response.json()).errors?.[0]?.message ?? null
  }
  const refusal = await send('1e999')
  expect(refusal).toContain('"$n"')
  expect(await send('null')).toBeNull()
  expect(await send('1e999')).toBe(refusal)
})
