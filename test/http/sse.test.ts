import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { openStream, takeEvents } from '../support/event-stream.ts'
import { failing } from '../support/held.ts'
import type { Json } from '../support/json.ts'
import { addArticle, addComment, approve, globalId, reject } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'
import { connect, listen } from '../support/socket.ts'

const feed = operationText('CommentFeed')
let app: TestApp

beforeAll(async () => {
  app = await freshApp()
})
afterAll(() => app.close())

test('an event stream brings the same events as a websocket', async () => {
  const { prisma } = app.database
  const article = await addArticle(prisma)
  const [one, two] = [
    await addComment(prisma, article.key, { body: 'One' }),
    await addComment(prisma, article.key, { body: 'Two' }),
  ]
  const variables = { articleId: article.id, after: app.services.commentFeeds.cursorAt(article.key, 0) }
  await using stream = await openStream(app.url, feed, variables)
  await using window = listen(connect(app.wsUrl), feed, variables)
  await approve(prisma, [one.id, two.id])
  const live = [await takeEvents(stream, 2), await window.take(2)]
  await reject(prisma, [one.id])
  const later = [await takeEvents(stream, 1), await window.take(1)]
  expect(live[0]).toEqual(live[1])
  expect(later[0]).toEqual(later[1])
  expect(live[0]).toMatchObject([
    { commentFeed: { comment: { body: 'One' } } },
    { commentFeed: { comment: { body: 'Two' } } },
  ])
  expect(later[0]).toMatchObject([{ commentFeed: { commentId: globalId('Comment', one.id) } }])
})

test('a stream that was cut goes on behind its last cursor, and is freed', async () => {
  const { prisma } = app.database
  const article = await addArticle(prisma)
  const keys: string[] = []
  for (const body of ['One', 'Two', 'Three']) keys.push((await addComment(prisma, article.key, { body })).id)
  const start = app.services.commentFeeds.cursorAt(article.key, 0)
  const first = await openStream(app.url, feed, { articleId: article.id, after: start })
  await approve(prisma, keys.slice(0, 1))
  const [{ commentFeed }] = (await takeEvents(first, 1)) as [Json]
  first.cut()
  await vi.waitUntil(() => app.services.commentFeeds.size.subscriptions === 0, { timeout: 20_000 })
  await approve(prisma, keys.slice(1))
  await using second = await openStream(app.url, feed, { articleId: article.id, after: commentFeed.cursor })
  const bodies = (await takeEvents(second, 2)).map((data) => data.commentFeed.comment.body)
  expect(bodies).toEqual(['Two', 'Three'])
})

test('a token that runs out ends the stream with the error as its last event, not before its time', async () => {
  const { id: articleId } = await addArticle(app.database.prisma)
  const signedAt = Date.now()
  const token = await app.token('reader', { ttlSeconds: -8 })
  const expiresAt = (Math.floor(signedAt / 1000) + 2) * 1000
  await using stream = await openStream(app.url, feed, { articleId }, token)
  const events: Json[] = []
  for await (const event of stream.events) events.push(event)
  expect(Date.now()).toBeGreaterThanOrEqual(expiresAt - 1)
  expect(events).toMatchObject([
    { event: 'next', data: { errors: [{ extensions: { code: 'TOKEN_EXPIRED' } }] } },
    { event: 'complete' },
  ])
})

test.each([
  ['a syntax error', 'subscription {'],
  ['a field that does not exist', 'subscription { nothing }'],
  ['too many tokens', `subscription { ${'__typename '.repeat(4_001)} }`],
  [
    'too deep',
    `subscription { commentFeed(articleId: "x") { ... on CommentApproved { comment ${'{ parent '.repeat(20)} { id } ${'}'.repeat(20)} } } }`,
  ],
])('%s is refused in the words that a websocket has for it', async (_what, query) => {
  await using stream = await openStream(app.url, query)
  const { value } = await stream.events.next()
  await using window = listen(connect(app.wsUrl), query)
  const { errors } = await window.next().catch(async () => ({ errors: (await window.over) as Json }))
  const messages = (list: { message: string }[]) => list.map(({ message }) => message)
  expect(messages((value as Json).data.errors)).toEqual(messages(errors))
})

test('a token that has run out opens no feed: the stream says why and ends', async () => {
  const { id: articleId } = await addArticle(app.database.prisma)
  const stale = await app.token('reader', { ttlSeconds: -60 })
  await using stream = await openStream(app.url, feed, { articleId }, stale)
  const events: unknown[] = []
  for await (const event of stream.events) events.push(event)
  expect(events[0]).toMatchObject({ data: { errors: [{ extensions: { code: 'NOT_SIGNED_IN' } }] } })
  expect(app.services.commentFeeds.size.subscriptions).toBe(0)
})

describe('a stream that can not begin now is answered 503, and when to come again', () => {
  const askFor = (query: string, variables: object, token?: string, { url } = app) =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify({ query, variables }),
    })

  async function expectLater(response: Response, code: string) {
    expect(response.status).toBe(503)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    const text = await response.text()
    expect(text).toContain(code)
    expect(text).not.toContain('"http"')
  }

  test('while the database is away', async () => {
    const { id: articleId } = await addArticle(app.database.prisma)
    const outage = failing(app.database.prisma.article)
    const response = await askFor(feed, { articleId })
    outage.mend()
    await expectLater(response, 'TEMPORARILY_UNAVAILABLE')
    await using stream = await openStream(app.url, feed, { articleId })
    expect(stream.status).toBe(200)
  })

  test('while a key can not be looked up', async () => {
    const { key } = await addPartner(app.database.prisma)
    const outage = failing(app.database.prisma.partnerKey)
    const response = await askFor('subscription { changes { articleId } }', {}, key)
    outage.mend()
    await expectLater(response, 'TEMPORARILY_UNAVAILABLE')
  })

  test('while a status can not be looked up', async () => {
    const { id: articleId } = await addArticle(app.database.prisma)
    const token = await app.token('reader', { name: 'Somebody' })
    const outage = vi.spyOn(app.database.prisma, '$queryRaw').mockRejectedValue(new Error('away') as never)
    const response = await askFor(feed, { articleId }, token)
    outage.mockRestore()
    await expectLater(response, 'TEMPORARILY_UNAVAILABLE')
  })

  test('while the gateway stops', async () => {
    await using stopping = await freshApp()
    const { id: articleId } = await addArticle(stopping.database.prisma)
    await stopping.services.commentFeeds.close()
    await expectLater(await askFor(feed, { articleId }, undefined, stopping), 'TEMPORARILY_UNAVAILABLE')
  })

  test('but not when the story is not there: that stream says so, and is over', async () => {
    await using stream = await openStream(app.url, feed, { articleId: globalId('Article', randomUUID()) })
    expect(stream.status).toBe(200)
    expect(await stream.events.next()).toMatchObject({
      value: { data: { errors: [{ extensions: { code: 'NOT_FOUND' } }] } },
    })
    expect(await stream.events.next()).toMatchObject({ value: { event: 'complete' } })
  })
})

test.each([
  ['anonymous', 'NOT_SIGNED_IN'],
  ['moderator', 'FORBIDDEN'],
] as const)('a stream of changes is refused to a client that is %s', async (role, code) => {
  const token = role === 'anonymous' ? undefined : await app.token(role)
  await using stream = await openStream(app.url, 'subscription { changes { articleId } }', {}, token)
  expect(await stream.events.next()).toMatchObject({
    value: { data: { errors: [{ path: ['changes'], extensions: { code } }] } },
  })
  expect(await stream.events.next()).toMatchObject({ value: { event: 'complete' } })
})

test('a stream of changes that can not go on now is cut, not completed', async () => {
  await using other = await freshApp()
  const { prisma } = other.database
  const { key } = await addPartner(prisma)
  await using stream = await openStream(other.url, 'subscription { changes { articleId } }', {}, key)
  expect(stream.status).toBe(200)
  const outage = failing(prisma.partner)
  await addArticle(prisma)
  await expect(stream.events.next()).rejects.toThrow()
  outage.mend()
})

test('a stream can be asked for with GET, as EventSource does', async () => {
  const { prisma } = app.database
  const article = await addArticle(prisma)
  const { id } = await addComment(prisma, article.key, { body: 'By GET' })
  await approve(prisma, [id])
  const after = app.services.commentFeeds.cursorAt(article.key, 0)
  const address = new URL(app.url)
  address.search = String(
    new URLSearchParams({ query: feed, variables: JSON.stringify({ articleId: article.id, after }) }),
  )
  const text = await new Promise<string>((resolve, reject) => {
    const asking = request(address, { headers: { accept: 'text/event-stream' } }, (response) => {
      response.setEncoding('utf8').on('data', (piece: string) => {
        if (!piece.includes('By GET')) return
        resolve(String(response.headers['content-type']))
        asking.destroy()
      })
    })
    asking.on('error', reject).end()
  })
  expect(text).toContain('text/event-stream')
})
