import { once } from 'node:events'
import { connect as openStream, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle } from '../support/newsroom.ts'
import { operation, type RawSocket, rawSocket } from '../support/raw-socket.ts'

let app: TestApp
let neighbour: RawSocket

beforeAll(async () => {
  // What waits for a slow reader takes a busy machine longer than the usual 5 s to hand over.
  app = await freshApp({ limits: { closeTimeoutMs: 60_000 } })
  neighbour = await rawSocket(app.wsUrl)
})
afterAll(async () => {
  await neighbour[Symbol.asyncDispose]()
  await app.close()
})

/** Whatever was done to another socket, this one and the process go on. */
async function neighbourIsWell(): Promise<void> {
  neighbour.send(operation('well', '{ __typename }'))
  expect(await neighbour.next()).toEqual({
    id: 'well',
    type: 'next',
    payload: { data: { __typename: 'Query' } },
  })
  expect(await neighbour.next()).toEqual({ id: 'well', type: 'complete' })
}

describe('an operation that is refused', () => {
  const nested = (levels: number) =>
    '{ node(id: "x") { ... on Comment '.concat(
      '{ parent '.repeat(levels),
      '{ id }',
      ' }'.repeat(levels),
      ' } }',
    )

  test.each<[string, string, object?]>([
    ['a syntax error', '{ article('],
    ['an empty document', ' '],
    ['a field that does not exist', '{ nothing }'],
    ['two operations, and not said which', 'query A { __typename } query B { __typename }'],
    ['a missing variable', 'query ($slug: String!) { article(slug: $slug) { id } }', {}],
    ['too many tokens', `{ ${'__typename '.repeat(4_000)} }`],
    ['too deep', nested(20)],
    [
      'too wide',
      `{ ${Array.from({ length: 500 }, (_, index) => `f${index}: __typename`).join(' ')} topics { slug } }`,
    ],
    [
      'too much at once',
      '{ articles(first: 100) { edges { node { people { person { articles(first: 100) { edges { node { people { person { name } } } } } } } } } } }',
    ],
    ['a page beyond the limit', '{ articles(first: 100000) { edges { node { id } } } }'],
    [
      'a subscription that is too deep',
      `subscription { commentFeed(articleId: "x") { ... on CommentApproved { comment ${'{ parent '.repeat(20)} { id } ${'}'.repeat(20)} } } }`,
    ],
    [
      'a subscription to two fields',
      'subscription { commentFeed(articleId: "x") { __typename } b: commentFeed(articleId: "x") { __typename } }',
    ],
  ])('%s: as over HTTP, and the socket stays open', async (_what, query, variables) => {
    const { errors } = await app.post(query, variables)
    expect(errors?.length).toBeGreaterThan(0)
    await using window = await rawSocket(app.wsUrl)
    window.send(operation('1', query, variables))
    const { type, payload } = await window.next()
    const overSocket = type === 'error' ? payload : payload.errors
    const inShort = (list: Json[]) =>
      list.map(({ message, extensions }) => ({ message, code: extensions?.code }))
    expect(inShort(overSocket)).toEqual(inShort(errors ?? []))
    if (type === 'next') await window.next()
    window.send(operation('1', '{ __typename }'))
    expect(await window.next()).toMatchObject({ payload: { data: { __typename: 'Query' } } })
  })

  test('one more than a socket may carry, until another ends', async () => {
    const { id: articleId } = await addArticle(app.database.prisma)
    await using window = await rawSocket(app.wsUrl)
    for (let id = 1; id <= 50; id++) {
      window.send(operation(String(id), operationText('CommentFeed'), { articleId }))
    }
    window.send(operation('more', '{ __typename }'))
    expect(await window.next()).toMatchObject({
      id: 'more',
      type: 'error',
      payload: [{ message: expect.stringMatching(/at most 50/), extensions: { code: 'QUERY_TOO_LARGE' } }],
    })
    await vi.waitUntil(() => app.services.commentFeeds.size.subscriptions === 50, {
      timeout: 20_000,
    })
    window.send({ id: '1', type: 'complete' })
    window.send(operation('more', '{ __typename }'))
    expect(await window.next()).toMatchObject({ id: 'more', type: 'next' })
  })
})

describe('a socket that breaks the rules is closed, and no other', () => {
  test('by a frame that is too large', async () => {
    await using window = await rawSocket(app.wsUrl)
    window.send(operation('1', `{ __typename } #${'x'.repeat(64 * 1024)}`))
    expect(await window.closed).toMatchObject({ code: 1009 })
    await neighbourIsWell()
  })

  test('by a message in too many fragments', async () => {
    await using window = await rawSocket(app.wsUrl)
    for (let count = 0; count <= 64; count++) {
      window.socket.send(' ', { fin: false })
    }
    expect(await window.closed).toMatchObject({ code: 1008 })
    await neighbourIsWell()
  })

  test('by text that is no UTF-8', async () => {
    await using window = await rawSocket(app.wsUrl)
    window.socket.send(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), { binary: false })
    expect(await window.closed).toMatchObject({ code: 1007 })
    await neighbourIsWell()
  })

  test('by not reading what it asks for', async () => {
    await using window = await rawSocket(app.wsUrl)
    window.socket.pause()
    const payload = { text: 'x'.repeat(60_000) }
    const pings = (2 * 8 * 1024 * 1024) / 60_000
    // The kernel holds some of the answers too: more is asked for than both can hold.
    for (let count = 0; count < 2 * pings; count++) window.send({ type: 'ping', payload })
    await new Promise((sent) => window.socket.send('{"type":"pong"}', sent))
    window.socket.resume()
    expect(await window.closed).toMatchObject({ code: 4410 })
    await neighbourIsWell()
  })

  test.each<[string, string | Buffer]>([
    ['noise', Buffer.from(Array.from({ length: 2_000 }, (_, index) => (index * 7919) % 256))],
    ['a handshake with a key that is none', handshake('Sec-WebSocket-Key: short')],
    ['a handshake of another version', handshake('Sec-WebSocket-Version: 99')],
    ['a handshake, then noise', Buffer.concat([Buffer.from(handshake()), Buffer.alloc(500, 0xff)])],
    ['a handshake for a path that is none', handshake().replace('/graphql', '//%%')],
  ])('by %s', async (_what, bytes) => {
    const stream = await openTcp()
    stream.on('error', () => {})
    stream.resume()
    stream.write(bytes)
    await once(stream, 'close')
    await neighbourIsWell()
  })

  test('by leaving in the middle of a handshake', async () => {
    for (const part of ['GET /gra', handshake().slice(0, -4), handshake()]) {
      const stream = await openTcp()
      stream.write(part)
      stream.resetAndDestroy()
      await once(stream, 'close')
    }
    await neighbourIsWell()
  })
})

async function openTcp(): Promise<Socket> {
  const stream = openStream(app.config.port, '127.0.0.1')
  await once(stream, 'connect')
  return stream
}

/** A websocket handshake as text; a header given replaces the right one. */
function handshake(header?: string): string {
  const headers = new Map([
    ['Host', '127.0.0.1'],
    ['Connection', 'Upgrade'],
    ['Upgrade', 'websocket'],
    ['Sec-WebSocket-Version', '13'],
    ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
    ['Sec-WebSocket-Protocol', 'graphql-transport-ws'],
  ])
  if (header) headers.set(...(header.split(': ') as [string, string]))
  return `GET /graphql HTTP/1.1\r\n${[...headers].map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
}
