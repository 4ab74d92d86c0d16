import { once } from 'node:events'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { expect, test, vi } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { ConnectionLimiter } from '../../src/http/connection-limiter.ts'
import { freshApp } from '../support/app.ts'
import { openStream } from '../support/event-stream.ts'
import { addArticle } from '../support/newsroom.ts'
import { rawSocket } from '../support/raw-socket.ts'

/** A request that a trusted proxy passed on. */
function from(address: string): IncomingMessage {
  const request = new IncomingMessage(new Socket())
  Object.defineProperty(request.socket, 'remoteAddress', { value: '127.0.0.1' })
  request.headers['x-forwarded-for'] = address
  return request
}

test('an address at its limit gets in again as often as one of its connections ends', () => {
  const connectionLimiter = new ConnectionLimiter({ maxSockets: 10_000, maxSocketsPerAddress: 3 }, [
    '127.0.0.1',
  ])
  const visitor = from('203.0.113.7')
  for (let round = 0; round < 1_000; round++) {
    const leave = [
      connectionLimiter.acquire(visitor),
      connectionLimiter.acquire(visitor),
      connectionLimiter.acquire(visitor),
    ]
    expect(connectionLimiter.refusalStatus(visitor)).toBe('429 Too Many Requests')
    expect(connectionLimiter.refusalStatus(from('203.0.113.8'))).toBeNull()
    leave[0]?.()
    expect(connectionLimiter.refusalStatus(visitor)).toBeNull()
    leave[1]?.()
    leave[2]?.()
  }
})

test('connections of all addresses together are counted out', () => {
  const connectionLimiter = new ConnectionLimiter({ maxSockets: 2, maxSocketsPerAddress: 10 }, ['127.0.0.1'])
  for (let round = 0; round < 1_000; round++) {
    const leave = ['203.0.113.7', `198.51.100.${round % 250}`].map((address) =>
      connectionLimiter.acquire(from(address)),
    )
    expect(connectionLimiter.refusalStatus(from('203.0.113.9'))).toBe('503 Service Unavailable')
    for (const each of leave) each()
    expect(connectionLimiter.refusalStatus(from('203.0.113.9'))).toBeNull()
  }
})

test.each(['cut by the client', 'completed by the gateway'])(
  'event streams that were %s make room',
  async (how) => {
    await using app = await freshApp({ env: { MAX_SOCKETS: '1' } })
    const { prisma } = app.database
    for (let round = 0; round < 3; round++) {
      const { id: articleId, slug } = await addArticle(prisma)
      const stream = await openStream(app.url, operationText('CommentFeed'), { articleId })
      expect(stream.status).toBe(200)
      expect((await openStream(app.url, operationText('CommentFeed'), { articleId })).status).toBe(503)
      if (how.startsWith('cut')) stream.cut()
      else {
        await addArticle(prisma, { slug, status: 'WITHHELD' })
        while (!(await stream.events.next()).done);
      }
      await vi.waitUntil(() => app.services.commentFeeds.size.subscriptions === 0, { timeout: 20_000 })
    }
  },
)

test('a socket that has not sent connection_init after 5 s is closed with 4408', async () => {
  await using app = await freshApp()
  const timeouts = vi.spyOn(globalThis, 'setTimeout')
  await using socket = await rawSocket(app.wsUrl, { init: false })
  await vi.waitUntil(() => timeouts.mock.calls.some(([, ms]) => ms === 5_000), { timeout: 20_000 })
  const calls = timeouts.mock.calls.filter(([, ms]) => ms === 5_000)
  timeouts.mockRestore()
  for (const [callback] of calls) (callback as () => void)()
  const [code] = await once(socket.socket, 'close')
  expect(code).toBe(4408)
})

test('an identity is watched while it is connected, by websocket or event stream, and not any more afterwards', async () => {
  await using app = await freshApp()
  const { id: articleId } = await addArticle(app.database.prisma)
  const watched = async () => {
    const text = await (await fetch(app.url.replace('/graphql', '/metrics'))).text()
    return Number(/^dateline_watched_identities (\d+)$/m.exec(text)?.[1])
  }
  const socket = await rawSocket(app.wsUrl, { token: await app.token('reader', { name: 'Socket' }) })
  expect(await watched()).toBe(1)
  const document = operationText('CommentFeed')
  const token = await app.token('reader', { name: 'Stream' })
  const stream = await openStream(app.url, document, { articleId }, token)
  expect(await watched()).toBe(2)
  await socket[Symbol.asyncDispose]()
  await expect.poll(watched, { timeout: 10_000 }).toBe(1)
  stream.cut()
  await expect.poll(watched, { timeout: 10_000 }).toBe(0)
})
