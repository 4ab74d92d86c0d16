import type { Duplex } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle, addComment, approve } from '../support/newsroom.ts'
import { operation, type RawSocket, rawSocket } from '../support/raw-socket.ts'
import { until } from '../support/until.ts'

const feed = operationText('CommentFeed')
const complete = { id: 'x', type: 'complete' }

let app: TestApp

beforeAll(async () => {
  app = await freshApp()
})
afterAll(() => app.close())

/** Sends messages so that the gateway gets them in one piece, and reads one right after the other. */
function sendTogether({ socket, send }: RawSocket, messages: object[]): void {
  const { _socket: stream } = socket as unknown as { _socket: Duplex }
  stream.cork()
  for (const message of messages) send(message)
  stream.uncork()
}

/** A story and the message that watches it from its beginning. */
async function story() {
  const { id: articleId, key, slug } = await addArticle(app.database.prisma)
  const after = app.services.commentFeeds.cursorAt(key, 0)
  const publish = async (body: string) => {
    const { id } = await addComment(app.database.prisma, key, { body, by: body })
    await approve(app.database.prisma, [id])
  }
  return { articleId, slug, publish, watch: (id = 'x') => operation(id, feed, { articleId, after }) }
}

/** Everything that has been sent by now, the answer to a ping being the last. */
async function allSoFar(window: RawSocket): Promise<Json[]> {
  window.send({ type: 'ping' })
  const messages: Json[] = []
  for (;;) {
    const message = await window.next()
    if (message.type === 'pong') return messages
    messages.push(message)
  }
}

const watching = () => app.services.commentFeeds.size.subscriptions

async function nobodyWatches(): Promise<void> {
  await vi.waitUntil(() => watching() === 0, { timeout: 20_000 })
}

/** Keeps stories from being read until `release`; `reached` settles when somebody waits for one. */
function holdFeeds() {
  const { prisma } = app.database
  const read = prisma.article.findUnique.bind(prisma.article)
  const reached = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const held = vi.spyOn(prisma.article, 'findUnique').mockImplementation(((query: never) => {
    reached.resolve()
    return released.promise.then(() => read(query))
  }) as never)
  return {
    reached: reached.promise,
    release() {
      held.mockRestore()
      released.resolve()
    },
  }
}

describe('an id that is used again after its completion', () => {
  test('is one feed, however often it was given up before it had begun', async () => {
    const { publish, watch } = await story()
    await publish('once')
    await using window = await rawSocket(app.wsUrl)
    const feeds = holdFeeds()
    sendTogether(window, [watch(), complete, watch(), complete])
    for (let count = 0; count < 5; count++) {
      window.send(watch())
      await feeds.reached
      expect(await allSoFar(window)).toEqual([])
      window.send(complete)
    }
    window.send(watch())
    await allSoFar(window)
    feeds.release()
    expect((await window.next()).payload.data.commentFeed.comment.body).toBe('once')
    await vi.waitUntil(() => watching() === 1, { timeout: 20_000 })
    await publish('live')
    expect((await window.next()).payload.data.commentFeed.comment.body).toBe('live')
    expect(await allSoFar(window)).toEqual([])
    window.send(complete)
    await nobodyWatches()
  })

  test('is a feed of its own when the first had begun', async () => {
    const { publish, watch } = await story()
    await publish('seen by both')
    await using window = await rawSocket(app.wsUrl)
    window.send(watch())
    expect(await window.next()).toMatchObject({ id: 'x', type: 'next' })
    sendTogether(window, [complete, watch()])
    expect(await window.next()).toMatchObject({ id: 'x', type: 'next' })
    await publish('seen by one')
    expect(await window.next()).toMatchObject({ id: 'x', type: 'next' })
    expect(await allSoFar(window)).toEqual([])
    window.send(complete)
    await nobodyWatches()
  })

  test('answers the second query and not the first', async () => {
    const { articleId, slug } = await story()
    await using window = await rawSocket(app.wsUrl)
    const query = 'query ($slug: String!) { article(slug: $slug) { id } }'
    sendTogether(window, [operation('x', query, { slug }), complete, operation('x', '{ __typename }')])
    expect(await window.next()).toMatchObject({ payload: { data: { __typename: 'Query' } } })
    expect(await window.next()).toEqual(complete)
    window.send(operation('x', query, { slug }))
    expect(await window.next()).toMatchObject({ payload: { data: { article: { id: articleId } } } })
  })

  test('leaves nothing behind when the socket closes, begun or not', async () => {
    const { publish, watch } = await story()
    await publish('once')
    const window = await rawSocket(app.wsUrl)
    sendTogether(window, [watch(), complete, watch()])
    await window.next()
    const feeds = holdFeeds()
    const other = await story()
    window.send(other.watch('y'))
    await feeds.reached
    sendTogether(window, [{ ...complete, id: 'y' }, other.watch('y')])
    await allSoFar(window)
    await window[Symbol.asyncDispose]()
    await vi.waitUntil(() => watching() === 0, { timeout: 20_000 })
    feeds.release()
    await vi.waitUntil(() => app.services.commentFeeds.size.feeds === 0, { timeout: 20_000 })
  })
})

test('a feed that is given up before it has begun sends nothing', async () => {
  const { publish, watch } = await story()
  await publish('once')
  await using window = await rawSocket(app.wsUrl)
  const feeds = holdFeeds()
  window.send(watch())
  await feeds.reached
  window.send(complete)
  await allSoFar(window)
  feeds.release()
  await vi.waitUntil(() => app.services.commentFeeds.size.feeds === 0, { timeout: 20_000 })
  expect(await allSoFar(window)).toEqual([])
})

test('what a client has given up counts until it is over', async () => {
  const { watch } = await story()
  await using window = await rawSocket(app.wsUrl)
  const feeds = holdFeeds()
  const ids = Array.from({ length: 50 }, (_, n) => `${n}`)
  for (const id of ids) window.send(watch(id))
  await feeds.reached
  expect(await allSoFar(window)).toEqual([])
  for (const id of ids) window.send({ id, type: 'complete' })
  window.send(operation('more', '{ __typename }'))
  expect(await window.next()).toMatchObject({
    id: 'more',
    type: 'error',
    payload: [{ message: expect.stringContaining('at most 50'), extensions: { code: 'QUERY_TOO_LARGE' } }],
  })
  feeds.release()
  await until(() => app.services.commentFeeds.size.feeds, 0)
  window.send(operation('more', '{ __typename }'))
  expect(await window.next()).toMatchObject({ id: 'more', type: 'next' })
})
