import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import WebSocket from 'ws'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { operation, rawSocket } from '../support/raw-socket.ts'
import { connect, listen } from '../support/socket.ts'

let app: TestApp

beforeAll(async () => {
  app = await freshApp()
})
afterAll(() => app.close())
afterEach(() => vi.useRealTimers())

describe('the protocol closes a socket', () => {
  const init = { type: 'connection_init' }

  test.each<[string, number, (string | Buffer | object)[]]>([
    ['that sends no JSON', 4400, ['this is no JSON']],
    ['that sends bytes which mean nothing', 4400, [Buffer.from([0, 1, 2, 254, 255])]],
    ['that sends JSON which is no message', 4400, [[1, 2, 3]]],
    ['that sends a message of no known type', 4400, [{ type: 'start' }]],
    ['that subscribes without an id', 4400, [{ type: 'subscribe', payload: { query: '{ x }' } }]],
    ['that subscribes without a query', 4400, [{ id: '1', type: 'subscribe', payload: {} }]],
    ['that subscribes before it is let in', 4401, [operation('1', '{ __typename }')]],
    ['that introduces itself twice', 4429, [init, init]],
    [
      'that brings a token which is none',
      4403,
      [{ type: 'connection_init', payload: { authorization: 'Bearer a.b.c' } }],
    ],
    [
      'that brings something else for a token',
      4403,
      [{ type: 'connection_init', payload: { authorization: { nested: true } } }],
    ],
  ])('%s with %i', async (_what, code, messages) => {
    await using window = await rawSocket(app.wsUrl, { init: false })
    for (const message of messages) window.send(message)
    expect(await window.closed).toMatchObject({ code })
  })

  test.each(['again', 'ø'.repeat(256 / 2)])(
    'that uses the id of an operation that still runs: %s',
    async (id) => {
      const { id: articleId } = await addArticle(app.database.prisma)
      await using window = await rawSocket(app.wsUrl)
      window.send(operation(id, operationText('CommentFeed'), { articleId }))
      window.send(operation(id, '{ __typename }'))
      expect(await window.closed).toMatchObject({ code: 4409 })
    },
  )

  test.each([
    ['of letters', 'ø'.repeat(256 / 2).concat('x')],
    ['of characters that JSON writes as six', '\u0001'.repeat(256 / 5)],
  ])('that gives an operation a longer id than may be: %s', async (_what, id) => {
    await using window = await rawSocket(app.wsUrl)
    window.send(operation(id, '{ __typename }'))
    expect(await window.closed).toEqual({
      code: 4400,
      reason: 'An operation id is longer than 256 bytes',
    })
  })

  test('that speaks no protocol', async () => {
    const [code] = await once(new WebSocket(app.wsUrl), 'close')
    expect(code).toBe(4406)
  })

  test('that speaks the protocol of old only: its client sees that nothing it offers was taken up', async () => {
    const [error] = await once(new WebSocket(app.wsUrl, 'graphql-ws'), 'error')
    expect(String(error)).toContain('no subprotocol')
  })

  test('that never introduces itself', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    await using window = await rawSocket(app.wsUrl, { init: false })
    await vi.waitUntil(() => vi.getTimerCount() > 0)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await window.closed).toMatchObject({ code: 4408 })
  })

  test('that does not answer a ping', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    await using strict = await freshApp()
    await using window = await rawSocket(strict.wsUrl)
    window.socket.pause()
    await vi.advanceTimersByTimeAsync(2 * 25_000)
    window.socket.resume()
    expect(await window.closed).toMatchObject({ code: 1006 })
  })
})

describe('over a websocket', () => {
  test('a ping is answered with its payload, before and after the introduction', async () => {
    await using window = await rawSocket(app.wsUrl, { init: false })
    window.send({ type: 'ping', payload: { n: 1 } })
    expect(await window.next()).toEqual({ type: 'pong', payload: { n: 1 } })
    window.send({ type: 'connection_init' })
    expect(await window.next()).toEqual({ type: 'connection_ack' })
    window.send({ type: 'ping' })
    expect(await window.next()).toEqual({ type: 'pong' })
  })

  test('queries are answered as over HTTP, and the id may be used again', async () => {
    const { slug } = await addArticle(app.database.prisma)
    const query = operationText('ArticlePage')
    await using window = await rawSocket(app.wsUrl)
    for (let round = 0; round < 2; round++) {
      window.send(operation('1', query, { slug }))
      const { data } = await app.post(query, { slug })
      expect(await window.next()).toEqual({ id: '1', type: 'next', payload: { data } })
      expect(await window.next()).toEqual({ id: '1', type: 'complete' })
    }
  })

  test('mutations work, by the token of the introduction', async () => {
    const { id: articleId } = await addArticle(app.database.prisma)
    const submit = (body: string) =>
      operation('1', operationText('SubmitComment'), { input: { articleId, body } })
    await using reader = await rawSocket(app.wsUrl, { token: await app.token('reader') })
    reader.send(submit('By socket'))
    const { payload } = await reader.next()
    expect(payload.data.submitComment).toMatchObject({ comment: { status: 'PENDING' } })

    await using nobody = await rawSocket(app.wsUrl)
    nobody.send(submit('By nobody'))
    expect((await nobody.next()).payload.data.submitComment).toMatchObject({ code: 'NOT_SIGNED_IN' })

    const { id } = payload.data.submitComment.comment
    reader.send(operation('2', operationText('ApproveComments'), { ids: [id] }))
    await reader.next()
    expect((await reader.next()).payload.data.approveComments).toMatchObject({ code: 'FORBIDDEN' })
  })

  test('a feed that is completed by the client is freed, and so is one whose socket is gone', async () => {
    const { id: articleId } = await addArticle(app.database.prisma)
    const sizes = () => app.services.commentFeeds.size.subscriptions
    const before = sizes()
    await using window = await rawSocket(app.wsUrl)
    const gone = await rawSocket(app.wsUrl)
    for (const socket of [window, gone])
      socket.send(operation('1', operationText('CommentFeed'), { articleId }))
    await vi.waitUntil(() => sizes() === before + 2, { timeout: 20_000 })
    window.send({ id: '1', type: 'complete' })
    await vi.waitUntil(() => sizes() === before + 1, { timeout: 20_000 })
    gone.socket.terminate()
    await vi.waitUntil(() => sizes() === before, { timeout: 20_000 })
  })

  test('a token that runs out is said to the feed, then the socket closes with 4403', async () => {
    const { id: articleId } = await addArticle(app.database.prisma)
    // Ten seconds past its end a token is still honoured, for clocks that differ.
    const signedAt = Date.now()
    const token = await app.token('reader', { ttlSeconds: -8 })
    const expiresAt = (Math.floor(signedAt / 1000) + 2) * 1000
    await using window = await rawSocket(app.wsUrl, { token })
    window.send(operation('1', operationText('CommentFeed'), { articleId }))
    const { type, payload } = await window.next()
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt - 1)
    expect(type).toBe('next')
    expect(payload.errors).toMatchObject([{ extensions: { code: 'TOKEN_EXPIRED' } }])
    expect(await window.next()).toEqual({ id: '1', type: 'complete' })
    expect(await window.closed).toMatchObject({ code: 4403 })
  })

  test('a token that has run out lets nobody in', async () => {
    const window = listen(
      connect(app.wsUrl, await app.token('reader', { ttlSeconds: -60 })),
      '{ __typename }',
    )
    expect(await window.over).toMatchObject({ code: 4403, reason: 'The token has expired. Get a new one.' })
  })
})

describe('the handshake', () => {
  const refusal = async (url: string, origin?: string) => {
    const socket = new WebSocket(url, 'graphql-transport-ws', { origin })
    const [error] = await once(socket, 'error')
    return String(error)
  }

  test('is refused to a page of an origin that is not allowed', async () => {
    expect(await refusal(app.wsUrl, 'https://elsewhere.example')).toContain('403')
    expect(await refusal(app.wsUrl, 'null')).toContain('403')
    await using window = await rawSocket(app.wsUrl, { origin: new URL(app.url).origin })
    window.send({ type: 'ping' })
    expect(await window.next()).toEqual({ type: 'pong' })
  })

  test('is refused anywhere but on /graphql', async () => {
    expect(await refusal(app.wsUrl.replace('/graphql', '/'))).toContain('404')
    expect(await refusal(app.wsUrl.replace('/graphql', '/graphql/more'))).toContain('404')
  })
})
