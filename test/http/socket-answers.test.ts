import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { failing } from '../support/held.ts'
import type { Json } from '../support/json.ts'
import { addArticle, globalId } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'
import { operation, type RawSocket, rawSocket } from '../support/raw-socket.ts'

const feed = operationText('CommentFeed')

/** Longer than the test, in ms, however slow the machine. */
const LONG = 3_600_000

let app: TestApp
let articleId: string

beforeAll(async () => {
  app = await freshApp({ limits: { closeTimeoutMs: 50, pingIntervalMs: LONG, initTimeoutMs: LONG } })
  articleId = (await addArticle(app.database.prisma)).id
})
afterAll(() => app.close())

/** The gateway's own end of the next connection. */
async function nextConnection(): Promise<Socket> {
  const { promise, resolve } = Promise.withResolvers<Socket>()
  const onConnection = (message: unknown) => resolve((message as { socket: Socket }).socket)
  subscribe('net.server.socket', onConnection)
  const socket = await promise
  unsubscribe('net.server.socket', onConnection)
  return socket
}

/** A client that neither reads nor answers any more, and the gateway's end of its connection. */
async function deafSocket(to: TestApp = app): Promise<{ window: RawSocket; connection: Socket }> {
  const coming = nextConnection()
  const window = await rawSocket(to.wsUrl)
  window.socket.pause()
  return { window, connection: await coming }
}

describe('fifty-one operations, one after the other, more than a socket carries at once,, are all answered alike', () => {
  const missing = globalId('Article', '00000000-0000-4000-8000-000000000000')

  test.each<[string, string, object, object]>([
    ['a query', '{ __typename }', {}, { type: 'next' }],
    ['a syntax error', '{', {}, { type: 'error', payload: [{ message: /Syntax Error/ }] }],
    ['a field that does not exist', '{ no }', {}, { type: 'error', payload: [{ message: /Cannot query/ }] }],
    ['an operation that is missing', 'fragment F on Query { __typename }', {}, { type: 'error' }],
    [
      'variables that are too large',
      'query ($a: [Int!]) { __typename @include(if: true) }',
      { a: Array(10_001).fill(1) },
      { type: 'error', payload: [{ extensions: { code: 'QUERY_TOO_LARGE' } }] },
    ],
    [
      'a story that is missing',
      feed,
      { articleId: missing },
      { type: 'error', payload: [{ extensions: { code: 'NOT_FOUND' } }] },
    ],
    [
      'changes for somebody who is no partner',
      'subscription { changes { articleId } }',
      {},
      { type: 'error', payload: [{ extensions: { code: 'NOT_SIGNED_IN' } }] },
    ],
  ])('%s', async (_what, query, variables, answer) => {
    await using window = await rawSocket(app.wsUrl)
    for (let n = 0; n < 51; n++) {
      window.send(operation('1', query, variables))
      const { type, payload } = await window.next()
      // A failure of a subscription may come as its only result, or instead of one.
      const shown = payload.errors ? { type: 'error', payload: payload.errors } : { type, payload }
      expect(shown).toMatchObject(matching(answer))
      if (type === 'next') expect(await window.next()).toEqual({ id: '1', type: 'complete' })
    }
  })

  test('feeds that are completed', async () => {
    await using window = await rawSocket(app.wsUrl)
    const sizes = () => app.services.commentFeeds.size.subscriptions
    await vi.waitUntil(() => sizes() === 0, { timeout: 20_000 })
    for (let n = 0; n < 51; n++) {
      window.send(operation(`${n}`, feed, { articleId }))
      await vi.waitUntil(() => sizes() === 1 || window.socket.readyState > 1, {
        timeout: 20_000,
        interval: 1,
      })
      window.send({ id: `${n}`, type: 'complete' })
      await vi.waitUntil(() => sizes() === 0, { timeout: 20_000, interval: 1 })
    }
    window.send({ type: 'ping' })
    expect(await window.next()).toEqual({ type: 'pong' })
  })
})

/** Patterns in place of the texts that they match. */
function matching(value: unknown): Json {
  if (value instanceof RegExp) return expect.stringMatching(value)
  if (Array.isArray(value)) return value.map(matching)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, matching(each)]))
}

describe('the introduction', () => {
  test.each([
    ['a token that is none', { authorization: 'Bearer a.b.c' }, 4403],
    ['a token that is none, under a capital', { Authorization: 'Bearer a.b.c' }, 4403],
    ['something else for a token', { authorization: 7 }, 4403],
  ])('with %s is refused with the reason', async (_what, payload, code) => {
    await using window = await rawSocket(app.wsUrl, { init: false })
    window.send({ type: 'connection_init', payload })
    const closed = await window.closed
    expect(closed.code).toBe(code)
    expect(closed.reason).not.toBe('')
  })

  test('is answered with 1013 while a key, or a standing, can not be looked up', async () => {
    const attempt = async (authorization: string) => {
      await using window = await rawSocket(app.wsUrl, { init: false })
      window.send({ type: 'connection_init', payload: { authorization } })
      return await window.closed
    }
    const { key } = await addPartner(app.database.prisma)
    const outage = failing(app.database.prisma.partnerKey)
    expect(await attempt(`Bearer ${key}`)).toMatchObject({ code: 1013 })
    outage.mend()
    const token = await app.token('reader', { name: 'Somebody' })
    const away = vi.spyOn(app.database.prisma, '$queryRaw').mockRejectedValue(new Error('away') as never)
    const closed = await attempt(`Bearer ${token}`)
    away.mockRestore()
    expect(closed).toMatchObject({ code: 1013 })
  })

  test('takes up no compression', async () => {
    await using window = await rawSocket(app.wsUrl)
    expect(window.socket.extensions).toBe('')
    expect(window.socket.protocol).toBe('graphql-transport-ws')
  })
})

describe('a reason that is too long for a close', () => {
  test('is cut to 120 bytes, and not within a letter', async () => {
    await using window = await rawSocket(app.wsUrl)
    const id = 'ø'.repeat(128)
    for (let n = 0; n < 2; n++) window.send(operation(id, feed, { articleId }))
    expect(await window.closed).toEqual({ code: 4409, reason: `Subscriber for ${'ø'.repeat(52)}` })
  })
})

describe('a client that does not answer a close is cut off', () => {
  test('after the time that it has for it', async () => {
    const { window, connection } = await deafSocket()
    const gone = once(connection, 'close')
    window.send(operation('x'.repeat(257), '{ __typename }'))
    await gone
    window.socket.resume()
    expect(await window.closed).toMatchObject({ code: 4400 })
  })

  test('when the gateway stops, in half of its time', async () => {
    const stopping = await freshApp({
      database: app.database,
      limits: { closeTimeoutMs: LONG, pingIntervalMs: LONG },
    })
    const { window, connection } = await deafSocket(stopping)
    const gone = once(connection, 'close')
    await stopping.close(200)
    await gone
    window.socket.resume()
    expect(await window.closed).toEqual({
      code: 1001,
      reason: 'The gateway is shutting down. Connect again.',
    })
  })

  test('at once when its handshake was refused, also when it does not end its half', async () => {
    const coming = nextConnection()
    const client = connect({ port: app.config.port, host: '127.0.0.1', allowHalfOpen: true })
    onTestFinished(() => void client.destroy())
    const connection = await coming
    const gone = once(connection, 'close')
    client.on('error', () => {})
    client.write('GET /other HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    client.resume()
    await gone
  })
})

describe('answers that wait for a client', () => {
  /** Pings until so many bytes of their answers wait in the gateway. */
  async function fill(bytes: number) {
    const { window, connection } = await deafSocket()
    // The system has no room for what is written.
    Object.assign(connection, { _write: () => {}, _writev: null })
    const text = 'x'.repeat(60_000)
    for (let left = bytes; left > 0; left -= text.length) window.send({ type: 'ping', payload: { text } })
    return { window, connection }
  }

  test('are 8 MiB at most: beyond that its socket is closed', async () => {
    const { window, connection } = await fill(8_600_000)
    await once(connection, 'close')
    await window[Symbol.asyncDispose]()
  })

  test('do not close it before', async () => {
    const { window, connection } = await fill(8_200_000)
    await vi.waitUntil(() => connection.writableLength > 8_100_000 || connection.destroyed, {
      timeout: 20_000,
    })
    expect(connection.destroyed).toBe(false)
    await window[Symbol.asyncDispose]()
    connection.destroy()
  })
})
