import { createClient } from 'graphql-ws'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'

test('a subscription asked for in one piece is refused, and leaves nothing behind', async () => {
  await using app = await freshApp()
  const { id } = await addArticle(app.database.prisma)
  const answers = await Promise.all(
    ['application/json', 'multipart/mixed', 'image/png'].map((accept) =>
      fetch(app.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify({ query: operationText('CommentFeed'), variables: { articleId: id } }),
      }),
    ),
  )
  expect(answers.map(({ status }) => status)).toEqual([406, 406, 406])
  expect(app.services.commentFeeds.size).toMatchObject({ feeds: 0, subscriptions: 0 })
})

test('an id in capitals is the same story', async () => {
  await using app = await freshApp()
  const article = await addArticle(app.database.prisma)
  const loud = Buffer.from(`Article:${article.key.toUpperCase()}`).toString('base64')
  const { article: found } = await app.ask('query ($id: ID!) { article(id: $id) { id } }', { id: loud })
  expect(found).toEqual({ id: article.id })
})

test('a document nested deeper than can be read is refused like any that is malformed', async () => {
  await using app = await freshApp()
  const { errors } = await app.post(`{ articles(first: ${'['.repeat(3_000)}`)
  expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }])
})

test('a day that its month does not have is no moment', async () => {
  await using app = await freshApp()
  const query = '{ articles(filter: { publishedFrom: "2019-02-30T00:00:00Z" }) { edges { cursor } } }'
  const { errors } = await app.post(query)
  expect(errors?.[0]?.message).toContain('2019-10-15T09:30:00Z')
})

test('what is wrong with variables has a code like every other failure, over HTTP and over websockets', async () => {
  await using app = await freshApp()
  const query = 'query ($first: Int!) { articles(first: $first) { edges { cursor } } }'
  const code = { extensions: { code: 'INVALID_INPUT' }, locations: [{ line: 1, column: 8 }] }
  for (const variables of [{}, { first: 'many' }, { first: null }]) {
    expect(await app.post(query, variables)).toMatchObject({ errors: [code] })
    const client = createClient({ url: app.wsUrl, webSocketImpl: WebSocket })
    const answers = client.iterate({ query, variables })
    expect(await answers.next()).toMatchObject({ value: { errors: [code] } })
    await client.dispose()
  }
})
