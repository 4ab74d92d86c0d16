import { once } from 'node:events'
import { request } from 'node:http'
import { connect as connectTcp, type Socket } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { operation, rawSocket } from '../support/raw-socket.ts'

const feed = operationText('CommentFeed')

/** A connection that a test holds open, and the status that it was answered with. */
interface Held {
  status: number
  socket: Socket
}

const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': Buffer.alloc(16).toString('base64'),
  'sec-websocket-protocol': 'graphql-transport-ws',
}

/** Asks for a websocket, as if from an address when there is one. 101 means that it is open. */
async function knock({ url }: TestApp, forwardedFor?: string): Promise<Held> {
  const headers = { ...UPGRADE, ...(forwardedFor ? { 'x-forwarded-for': forwardedFor } : {}) }
  const knocking = request(url, { headers }).end()
  return new Promise((resolve, reject) => {
    knocking.on('upgrade', ({ statusCode = 0 }, socket) => {
      socket.on('error', () => {})
      resolve({ status: statusCode, socket: socket as Socket })
    })
    knocking.on('response', ({ statusCode = 0, socket }) => resolve({ status: statusCode, socket }))
    knocking.on('error', reject)
  })
}

async function statuses(app: TestApp, ...addresses: (string | undefined)[]): Promise<number[]> {
  const all: number[] = []
  for (const address of addresses) all.push((await knock(app, address)).status)
  return all
}

/** Asks for an event stream, as if from an address. */
async function stream(app: TestApp, articleId: string, forwardedFor?: string): Promise<number> {
  const response = await fetch(app.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(forwardedFor ? { 'x-forwarded-for': forwardedFor } : {}),
    },
    body: JSON.stringify({ query: feed, variables: { articleId } }),
  })
  return response.status
}

/** A gateway behind a proxy is not for development: it needs a key of its own. */
const behindProxy = {
  TRUSTED_PROXIES: '127.0.0.1',
  AUTH_SECRET: 'a secret of more than thirty-two bytes',
  AUTH_ISSUER: 'https://id.example',
  AUTH_AUDIENCE: 'news',
}

describe('the number of sockets', () => {
  test('is limited for all together, and a socket that closes makes room', async () => {
    await using app = await freshApp({ env: { MAX_SOCKETS: '2' } })
    const first = await knock(app)
    expect(first.status).toBe(101)
    expect(await statuses(app, undefined, undefined)).toEqual([101, 503])
    first.socket.destroy()
    let status = 503
    while (status === 503) status = (await knock(app)).status
    expect(status).toBe(101)
  })

  test('is limited for each address behind a trusted proxy', async () => {
    await using app = await freshApp({ env: { ...behindProxy, MAX_SOCKETS_PER_ADDRESS: '2' } })
    const [one, other] = ['203.0.113.7', '203.0.113.8']
    expect(await statuses(app, one, one, one, other, other, other)).toEqual([101, 101, 429, 101, 101, 429])
  })

  test('counts event streams too', async () => {
    await using app = await freshApp({ env: { ...behindProxy, MAX_SOCKETS_PER_ADDRESS: '2' } })
    const { id } = await addArticle(app.database.prisma)
    const address = '203.0.113.7'
    expect(await stream(app, id, address)).toBe(200)
    expect((await knock(app, address)).status).toBe(101)
    expect(await stream(app, id, address)).toBe(429)
    expect((await knock(app, address)).status).toBe(429)
    expect(await stream(app, id, '203.0.113.8')).toBe(200)
  })

  test('is not fooled by addresses that the client wrote in front', async () => {
    await using app = await freshApp({
      env: { ...behindProxy, TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8', MAX_SOCKETS_PER_ADDRESS: '1' },
    })
    const real = '203.0.113.7'
    expect(
      await statuses(app, `198.51.100.1, ${real}`, `198.51.100.2, ${real}`, `${real}, 10.1.2.3`, '10.1.2.3'),
    ).toEqual([101, 429, 429, 101])
  })

  test('takes the addresses of one IPv6 network for one', async () => {
    await using app = await freshApp({ env: { ...behindProxy, MAX_SOCKETS_PER_ADDRESS: '1' } })
    expect(
      await statuses(app, '2001:db8:0:1::1', '2001:DB8::1:aaaa:bbbb:cccc:dddd', '2001:db8:0:2::1'),
    ).toEqual([101, 429, 101])
  })

  test('is not limited for this machine, and nobody else is believed about addresses', async () => {
    await using app = await freshApp({ env: { MAX_SOCKETS_PER_ADDRESS: '1' } })
    expect(await statuses(app, undefined, undefined, '203.0.113.7', '203.0.113.7')).toEqual([
      101, 101, 101, 101,
    ])
  })
})

describe('one socket', () => {
  test('carries so many operations at once, and more when one has ended', async () => {
    await using app = await freshApp({ limits: { maxOperationsPerSocket: 2 } })
    const { id: articleId } = await addArticle(app.database.prisma)
    await using socket = await rawSocket(app.wsUrl)
    for (const id of ['1', '2', '3']) socket.send(operation(id, feed, { articleId }))
    expect(await socket.next()).toMatchObject({
      id: '3',
      type: 'error',
      payload: [{ message: 'A websocket may run at most 2 concurrent operations. Complete one first.' }],
    })
    // A feed that has not begun can't be stopped, and goes on counting.
    await vi.waitUntil(() => app.services.commentFeeds.size.subscriptions === 2, { timeout: 20_000 })
    socket.send({ id: '2', type: 'complete' })
    socket.send(operation('4', '{ __typename }'))
    expect(await socket.next()).toMatchObject({ id: '4', type: 'next' })
  })

  test('is held to the limits of every operation', async () => {
    await using app = await freshApp()
    const { id: articleId } = await addArticle(app.database.prisma)
    await using socket = await rawSocket(app.wsUrl)
    const fields = Array.from({ length: 500 }, (_, i) => `a${i}: cursor`).join(' ')
    const query = `subscription ($articleId: ID!) {
      commentFeed(articleId: $articleId) { ... on CommentApproved { ${fields} } }
    }`
    socket.send(operation('1', query, { articleId }))
    const { payload } = await socket.next()
    expect(JSON.stringify(payload)).toContain('QUERY_TOO_LARGE')
  })

  test.each([
    ['a message above 64 KiB', [Buffer.alloc(64 * 1024 + 1, 'a')], 1009],
    ['a message in more than 64 fragments', Array(66).fill(Buffer.from('a')), 1008],
  ])('is closed after %s', async (_what, fragments, code) => {
    await using app = await freshApp()
    await using socket = await rawSocket(app.wsUrl)
    for (const [i, fragment] of fragments.entries()) {
      socket.socket.send(fragment, { fin: i === fragments.length - 1, binary: false })
    }
    expect((await socket.closed).code).toBe(code)
  })

  test('is closed when connection_init does not come', async () => {
    await using app = await freshApp({ limits: { initTimeoutMs: 20 } })
    await using socket = await rawSocket(app.wsUrl, { init: false })
    expect((await socket.closed).code).toBe(4408)
  })

  test('is cut when its peer does not answer pings, and kept when it does', async () => {
    await using app = await freshApp({ limits: { pingIntervalMs: 50, initTimeoutMs: 60_000 } })
    await using alive = await rawSocket(app.wsUrl)
    const { status, socket: dead } = await knock(app)
    expect(status).toBe(101)
    dead.resume()
    await once(dead, 'close')
    for (let pings = 0; pings < 3; pings++) await once(alive.socket, 'ping')
    expect(alive.socket.readyState).toBe(alive.socket.OPEN)
  })
})

describe('a connection', () => {
  test.each([
    ['sends nothing', ''],
    ['stops in the middle of a handshake', 'GET /graphql HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n'],
  ])('that %s is cut', async (_what, words) => {
    await using app = await freshApp({ limits: { headersTimeoutMs: 100 } })
    const socket = connectTcp(app.config.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.on('error', () => {})
    socket.write(words)
    socket.resume()
    await once(socket, 'close')
  })
})
