import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addArticle } from '../support/newsroom.ts'
import { rawSocket } from '../support/raw-socket.ts'

// Event streams and websockets that are refused: clients and proxies go by the status and by Retry-After.

const feed = operationText('CommentFeed')

/** A gateway behind a proxy, so that each client has an address. */
const behindProxy = {
  TRUSTED_PROXIES: '127.0.0.1',
  AUTH_SECRET: 'a secret of more than thirty-two bytes',
  AUTH_ISSUER: 'https://id.example',
  AUTH_AUDIENCE: 'news',
}

let database: TestDatabase
let articleId: string
let usual: TestApp
/** Takes one connection in all. */
let small: TestApp
/** Takes one connection from each address. */
let strict: TestApp

beforeAll(async () => {
  database = await freshDatabase()
  articleId = (await addArticle(database.prisma)).id
  usual = await freshApp({ database })
  small = await freshApp({ database, env: { MAX_SOCKETS: '1' } })
  strict = await freshApp({ database, env: { ...behindProxy, MAX_SOCKETS_PER_ADDRESS: '1' } })
})
afterAll(async () => {
  await Promise.all([usual.close(), small.close(), strict.close()])
  await database.close()
})

/** Asks for an event stream; what `gone` is aborted for ends it. */
function ask({ url }: TestApp, headers: Record<string, string> = {}, gone?: AbortController) {
  return fetch(url, {
    method: 'POST',
    signal: gone?.signal,
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query: feed, variables: { articleId } }),
  })
}

/** Asks for one that is expected to be refused. */
async function refused(app: TestApp, headers: Record<string, string> = {}) {
  const gone = new AbortController()
  const response = await ask(app, headers, gone)
  const { status } = response
  if (status === 200) {
    gone.abort()
    throw new Error('the stream was not refused')
  }
  const text = await response.text()
  const [, json = text] = /^data: (\{.*\})$/m.exec(text) ?? []
  return { status, retryAfter: response.headers.get('retry-after'), body: JSON.parse(json) }
}

describe('an event stream is refused', () => {
  const refusal = (code: string, message: string) => ({ errors: [{ message, extensions: { code } }] })
  const tooMany = refusal(
    'TEMPORARILY_UNAVAILABLE',
    'There are too many connections. Close one, or try again later.',
  )

  test('with 429 and Retry-After where its address has too many', async () => {
    const address = { 'x-forwarded-for': '203.0.113.7' }
    const gone = new AbortController()
    expect((await ask(strict, address, gone)).status).toBe(200)
    expect(await refused(strict, address)).toEqual({ status: 429, retryAfter: '5', body: tooMany })
    gone.abort()
  })

  test('with 503 and Retry-After where the gateway has too many', async () => {
    await using _other = await rawSocket(small.wsUrl)
    expect(await refused(small)).toEqual({ status: 503, retryAfter: '5', body: tooMany })
  })

  test('with 403 and without Retry-After to a reader who is banned', async () => {
    const token = await usual.token('reader', { name: 'Banned' })
    const { sub: subject } = JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString())
    const admin = await usual.token('admin')
    await usual.ask(
      `mutation ($input: SetReaderStatusInput!) { setReaderStatus(input: $input) { __typename } }`,
      { input: { subject, status: 'BANNED', reason: 'Spam' } },
      admin,
    )
    const { status, retryAfter, body } = await refused(usual, { authorization: `Bearer ${token}` })
    expect({ status, retryAfter }).toEqual({ status: 403, retryAfter: null })
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
  })

  test('with 503 and Retry-After while nobody can tell whether its reader is banned', async () => {
    const token = await usual.token('reader', { name: 'Somebody' })
    const outage = vi.spyOn(database.prisma, '$queryRaw').mockRejectedValue(new Error('away') as never)
    const { status, retryAfter, body } = await refused(usual, { authorization: `Bearer ${token}` })
    outage.mockRestore()
    expect({ status, retryAfter }).toEqual({ status: 503, retryAfter: '5' })
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'TEMPORARILY_UNAVAILABLE' } }] })
  })

  test.each(['application/json', 'application/graphql-response+json'])(
    'with 406 and without Retry-After to a client that takes %s only',
    async (accept) => {
      expect(await refused(usual, { accept })).toEqual({
        status: 406,
        retryAfter: null,
        body: refusal(
          'INVALID_INPUT',
          'Subscriptions are sent as server-sent events. Send "Accept: text/event-stream".',
        ),
      })
    },
  )

  test.each(['*/*', 'text/*', 'application/json, text/event-stream', 'text/html, */*;q=0.1'])(
    'not to a client that accepts %s',
    async (accept) => {
      const gone = new AbortController()
      const response = await ask(usual, { accept }, gone)
      expect(response.status).toBe(200)
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache, no-transform',
        'x-accel-buffering': 'no',
      })
      gone.abort()
    },
  )
})

describe('a websocket is refused, and its connection closed,', () => {
  interface Handshake {
    path?: string
    headers?: Record<string, string>
  }

  /** All that is answered to a handshake, until the connection is closed. */
  async function answerTo({ config }: TestApp, { path = '/graphql', headers = {} }: Handshake = {}) {
    const socket = connect(config.port, '127.0.0.1')
    await once(socket, 'connect')
    const all = {
      host: `127.0.0.1:${config.port}`,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
      'sec-websocket-protocol': 'graphql-transport-ws',
      ...headers,
    }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
    socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    let text = ''
    socket.setEncoding('latin1').on('data', (piece) => {
      text += piece
      // An accepted one stays open.
      if (text.startsWith('HTTP/1.1 101')) socket.destroy()
    })
    await once(socket, 'close')
    return text
  }

  const refusal = (status: string) => `HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`

  test.each<[string, string, Handshake]>([
    ['at another path', '404 Not Found', { path: '/' }],
    ['at a longer path', '404 Not Found', { path: '/graphql/' }],
    ['at another path with a query', '404 Not Found', { path: '/feeds?x=/graphql' }],
    ['to a page of another origin', '403 Forbidden', { headers: { origin: 'https://elsewhere.example' } }],
    ['to a page without an origin of its own', '403 Forbidden', { headers: { origin: 'null' } }],
    ['first for its path', '404 Not Found', { path: '/x', headers: { origin: 'https://elsewhere.example' } }],
  ])('%s: %s', async (_what, status, handshake) => {
    expect(await answerTo(usual, handshake)).toBe(refusal(status))
  })

  test('where its address has too many: 429', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.9' }
    const gone = new AbortController()
    expect((await ask(strict, headers, gone)).status).toBe(200)
    expect(await answerTo(strict, { headers })).toBe(refusal('429 Too Many Requests'))
    expect(await answerTo(strict, { headers: { 'x-forwarded-for': '203.0.113.10' } })).toMatch(
      /^HTTP\/1\.1 101 /,
    )
    gone.abort()
  })

  test('where the gateway has too many: 503', async () => {
    const gone = new AbortController()
    let status = 503
    // The connection of the test before may not be counted out yet.
    while (status === 503) status = (await ask(small, {}, gone)).status
    expect(status).toBe(200)
    expect(await answerTo(small)).toBe(refusal('503 Service Unavailable'))
    gone.abort()
  })

  test('not at /graphql with a query, nor to a page of the gateway’s own origin', async () => {
    const { origin } = new URL(usual.url)
    for (const handshake of [{ path: '/graphql?a=b' }, { headers: { origin } }]) {
      expect(await answerTo(usual, handshake)).toMatch(/^HTTP\/1\.1 101 /)
    }
  })
})
