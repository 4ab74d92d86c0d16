import { InMemoryCache } from '@apollo/client'
import { formatDocument } from '@urql/core'
import { parse, print } from 'graphql'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { CommentFeedDocument } from '../../schema/documents.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle, addComment, approve, globalId } from '../support/newsroom.ts'
import { operation, type RawSocket, rawSocket } from '../support/raw-socket.ts'

const feed = operationText('CommentFeed')

/** One of any number of documents that ask for the same in other words. */
function worded(n: number, field = 'id'): string {
  return `subscription ($articleId: ID!) {
    commentFeed(articleId: $articleId) { ... on CommentApproved { cursor comment { a${n}: ${field} } } }
  }`
}

let app: TestApp
let articleId: string
let key: string

beforeAll(async () => {
  app = await freshApp()
})
afterAll(() => app.close())
beforeEach(async () => {
  const article = await addArticle(app.database.prisma)
  articleId = article.id
  key = article.key
})

/** Subscribes on a socket, and waits until the feed has begun. */
async function watch(socket: RawSocket, id: string, query: string, variables: object = { articleId }) {
  const before = app.services.commentFeeds.size.subscriptions
  socket.send(operation(id, query, variables))
  await vi.waitUntil(() => app.services.commentFeeds.size.subscriptions > before || closed(socket))
  expect(closed(socket), `${id} was admitted`).toBe(false)
}

async function watchMany(socket: RawSocket, count: number, field?: string) {
  for (let n = 0; n < count; n++) await watch(socket, `${n}`, worded(n, field))
}

function closed({ socket }: RawSocket): boolean {
  return socket.readyState !== socket.OPEN
}

describe('a client that asks for an article in other words every time', () => {
  test('is told to come again after ten, and shuts nobody else out', async () => {
    const greedy = await Promise.all(Array.from({ length: 4 }, () => rawSocket(app.wsUrl)))
    let n = 0
    for (const socket of greedy) {
      for (let i = 0; i < 50; i++) socket.send(operation(`${i}`, worded(n++), { articleId }))
      expect(await socket.closed).toMatchObject({ code: 1013 })
    }
    await using patient = await rawSocket(app.wsUrl)
    for (let i = 0; i < 10; i++) await watch(patient, `${i}`, worded(i))
    await using reader = await rawSocket(app.wsUrl)
    await watch(reader, 'mine', worded(1_000))
    await approve(app.database.prisma, [(await addComment(app.database.prisma, key, { body: 'Hello' })).id])
    expect(await reader.next()).toMatchObject({ id: 'mine', type: 'next', payload: { data: {} } })
  })

  test('is not told that its subscription is complete', async () => {
    await using socket = await rawSocket(app.wsUrl)
    await watchMany(socket, 10)
    socket.send(operation('more', worded(10), { articleId }))
    // The close comes first: no message says that anything is over.
    await expect(socket.next()).rejects.toThrow('1013')
  })

  test('has room again when a subscription ends', async () => {
    await using socket = await rawSocket(app.wsUrl)
    await watchMany(socket, 10)
    const { subscriptions } = app.services.commentFeeds.size
    socket.send({ id: '3', type: 'complete' })
    await vi.waitUntil(() => app.services.commentFeeds.size.subscriptions < subscriptions)
    await watch(socket, 'more', worded(10))
  })

  test('has room again for an article after any number of sockets came and went', async () => {
    for (let n = 0; n < 30; n++) {
      await using socket = await rawSocket(app.wsUrl)
      for (let i = 0; i < 10; i++) socket.send(operation(`${i}`, worded(1_000 * n + i), { articleId }))
    }
    await vi.waitUntil(() => app.services.commentFeeds.size.feeds === 0)
    await using socket = await rawSocket(app.wsUrl)
    await watchMany(socket, 10)
  })

  test('may repeat what it watches already', async () => {
    await using socket = await rawSocket(app.wsUrl)
    await watchMany(socket, 10)
    await watch(socket, 'again', worded(3))
  })

  test('is held to the same as a reader whose results are their own', async () => {
    const token = await app.token('reader', { name: 'Greedy' })
    await using one = await rawSocket(app.wsUrl, { token })
    await using other = await rawSocket(app.wsUrl, { token })
    for (let n = 0; n < 5; n++) await watch(one, `${n}`, worded(n, 'viewerIsAuthor'))
    for (let n = 5; n < 10; n++) await watch(other, `${n}`, worded(n, 'viewerIsAuthor'))
    other.send(operation('more', worded(10, 'viewerIsAuthor'), { articleId }))
    expect(await other.closed).toMatchObject({ code: 1013 })
  })
})

describe('the documents in schema/operations', () => {
  test.each([
    ['as they stand there', feed],
    ['as the code generator prints them', print(CommentFeedDocument)],
    ['as Apollo Client sends them', print(new InMemoryCache().transformDocument(parse(feed)))],
    ['as urql sends them', print(formatDocument(parse(feed)))],
  ])('are never refused: %s', async (_how, query) => {
    await using socket = await rawSocket(app.wsUrl)
    await watchMany(socket, 10)
    await watch(socket, 'known', query)
  })

  test('are other selections where the id is written in another way', async () => {
    await using socket = await rawSocket(app.wsUrl)
    for (const id of spellings(key).slice(0, 11)) {
      socket.send(operation(id, feed, { articleId: globalId('Article', id) }))
    }
    expect(await socket.closed).toMatchObject({ code: 1013 })
  })
})

/** A key in all mixtures of capital and small letters but its own: each is the key of the same row. */
function spellings(uuid: string): string[] {
  let all = ['']
  for (const letter of uuid) {
    const next = [...new Set([letter.toUpperCase(), letter])]
    all = all.flatMap((start) => next.map((end) => start + end)).slice(0, 64)
  }
  return all.filter((spelling) => spelling !== uuid)
}

describe('behind a proxy', () => {
  const env = {
    TRUSTED_PROXIES: '127.0.0.1',
    AUTH_SECRET: 'a secret of more than thirty-two bytes',
    AUTH_ISSUER: 'https://id.example',
    AUTH_AUDIENCE: 'news',
  }

  test('fifty selections of an article may come from one address; event streams are answered 503', async () => {
    await using other = await freshApp({ env })
    const { id } = await addArticle(other.database.prisma)
    const gone = new AbortController()
    const open = async (n: number, address: string) => {
      const response = await fetch(other.url, {
        method: 'POST',
        signal: gone.signal,
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          'x-forwarded-for': address,
        },
        body: JSON.stringify({ query: worded(n), variables: { articleId: id } }),
      })
      return { status: response.status, retryAfter: response.headers.get('retry-after') }
    }
    for (let n = 0; n < 50; n++) expect(await open(n, '203.0.113.7')).toMatchObject({ status: 200 })
    expect(await open(50, '203.0.113.7')).toEqual({ status: 503, retryAfter: '5' })
    expect(await open(7, '203.0.113.7')).toMatchObject({ status: 200 })
    expect(await open(50, '203.0.113.8')).toMatchObject({ status: 200 })
    gone.abort()
  })
})
