import { once } from 'node:events'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SetupError } from '../../src/base/errors.ts'
import { MAX_QUEUED_BYTES, MAX_UNREAD_BYTES, socketLimits } from '../../src/http/limits.ts'
import { type Handlers, serveHttp } from '../../src/http/routes.ts'
import { createHttpServer, listen } from '../../src/http/server.ts'
import { CLOSE } from '../../src/http/status.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'

// What stands at each address of the gateway, its headers, and who may read it from another page.

let app: TestApp
beforeAll(async () => {
  app = await freshApp({
    env: { ORIGINS: 'https://www.example.org', METRICS_TOKEN: 'a-token-for-prometheus' },
  })
  await addArticle(app.database.prisma)
})
afterAll(() => app.close())

async function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body?: string) {
  const sending = request(app.url, { path, method, headers }).end(body)
  const [response] = await once(sending, 'response')
  const text = Buffer.concat(await response.toArray()).toString()
  return { status: response.statusCode as number, headers: response.headers, text }
}

const plain = 'text/plain; charset=utf-8'

describe('an address', () => {
  test.each<[string, number, string, string | RegExp]>([
    ['/health/live', 200, plain, 'live\n'],
    ['/health/live?x=1', 200, plain, 'live\n'],
    ['/health/ready', 200, plain, 'ready\n'],
    ['/health', 404, plain, 'This path does not exist. The API is at /graphql.\n'],
    ['/health/live/', 404, plain, /^This path does not exist/],
    ['/Graphql', 404, plain, /^This path does not exist/],
    ['/graphiql', 404, plain, /^This path does not exist/],
    ['/metrics', 401, plain, 'Send METRICS_TOKEN as "Authorization: Bearer …".\n'],
    ['/websub/x', 404, plain, /^This path does not exist/],
    ['/pictures/no-such.svg', 404, plain, 'This image does not exist.\n'],
    ['/pictures/', 404, plain, 'This image does not exist.\n'],
    ['/pictures/../package.json', 404, plain, /image does not exist/],
    ['/pictures/..%2fcitadel.svg', 404, plain, /image does not exist/],
    ['/pictures/Citadel.svg', 404, plain, /image does not exist/],
    ['/pictures/citadel.svg.svg', 404, plain, /image does not exist/],
    ['/pictures/citadel.png', 404, plain, /image does not exist/],
    ['/pictures/citadel.svg', 200, 'image/svg+xml; charset=utf-8', /^<svg/],
  ])('%s is answered %i', async (path, status, type, text) => {
    const answer = await ask(path)
    expect([answer.status, answer.headers['content-type']]).toEqual([status, type])
    expect(answer.text).toMatch(text)
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
  })

  test('of a picture may be kept for a day and shown anywhere, and nothing in it runs', async () => {
    expect((await ask('/pictures/citadel.svg')).headers).toMatchObject({
      'cache-control': 'public, max-age=86400',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      'access-control-allow-origin': '*',
    })
    expect((await ask('/pictures/no-such.svg')).headers).not.toHaveProperty('cache-control')
  })

  test('of the metrics says how to sign in, and has them as Prometheus reads them', async () => {
    expect((await ask('/metrics')).headers['www-authenticate']).toBe('Bearer')
    const { status, headers, text } = await ask('/metrics', {
      authorization: 'Bearer a-token-for-prometheus',
    })
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
    expect(text).toMatch(/^dateline_sockets 0$/m)
    for (const wrong of ['Bearer', 'Bearer ', 'a-token-for-prometheus', 'Bearer a-token-for-prometheus x']) {
      expect((await ask('/metrics', { authorization: wrong })).status).toBe(401)
    }
  })

  test('/ is the newsroom', async () => {
    const type = 'text/html; charset=utf-8'
    expect(await ask('/')).toMatchObject({ status: 200, headers: { 'content-type': type } })
  })

  test('takes a list of media types of 1,024 bytes, and not of one more', async () => {
    const accept = (bytes: number) => ({ accept: '*/*;'.padEnd(bytes, 'x') })
    expect((await ask('/health/live', accept(1_024))).status).toBe(200)
    expect(await ask('/health/live', accept(1_025))).toMatchObject({
      status: 431,
      text: 'The Accept header is longer than 1024 bytes.\n',
    })
  })

  test('takes any host, or an empty one', async () => {
    for (const host of ['', 'a', 'a:1', '[::1]', 'a.example.']) {
      expect((await ask('/health/live', { host })).status, host).toBe(200)
    }
    for (const host of ['a?b', 'a#b', 'a\\b', 'a b', 'a/', '@a', 'a:b', '[::1']) {
      expect(await ask('/health/live', { host }), host).toMatchObject({
        status: 400,
        text: 'The Host header is not valid.\n',
      })
    }
  })

  test('of GraphQL shows a page to browsers that ask for one, and operations to all others', async () => {
    const html = { accept: 'text/html,*/*;q=0.8' }
    const query = '/graphql?query={__typename}'
    expect((await ask('/graphql', html)).headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
    })
    expect(JSON.parse((await ask(query, { accept: 'application/json' })).text)).toEqual({
      data: { __typename: 'Query' },
    })
    const post = { ...html, 'content-type': 'application/json' }
    expect((await ask('/graphql', post, 'POST', '{"query":"{ __typename }"}')).text).toContain('"data"')
    expect((await ask('/graphiql/x.js')).headers['cache-control']).toBe('no-store')
  })
})

describe('a page of another origin', () => {
  const preflight = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization',
  }
  const json = { 'content-type': 'application/json', accept: 'application/json' }
  const query = '{"query":"{ __typename }"}'

  test.each(['https://www.example.org', 'http://localhost:3000'])('may ask if it may: %s', async (origin) => {
    const { status, headers } = await ask('/graphql', { origin, ...preflight }, 'OPTIONS')
    expect(status).toBe(204)
    const list = (name: string) => String(headers[name]).split(/, */).sort()
    expect(headers['access-control-allow-origin']).toBe(origin)
    expect(list('access-control-allow-methods')).toEqual(['GET', 'POST'])
    expect(list('access-control-allow-headers')).toEqual([
      'accept',
      'authorization',
      'content-type',
      'last-event-id',
    ])
    expect(headers['access-control-max-age']).toBe('86400')
    const answer = await ask('/graphql', { origin, ...json }, 'POST', query)
    expect(answer.headers['access-control-allow-origin']).toBe(origin)
    expect(answer.text).toContain('"data"')
  })

  test.each(['https://evil.example', 'https://example.org', 'http://www.example.org', 'null'])(
    'may not read the answer: %s',
    async (origin) => {
      for (const answer of [
        await ask('/graphql', { origin, ...preflight }, 'OPTIONS'),
        await ask('/graphql', { origin, ...json }, 'POST', query),
      ]) {
        expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
      }
    },
  )

  test('a client without an origin is told nothing of origins', async () => {
    const { headers } = await ask('/graphql', json, 'POST', query)
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

describe('the server', () => {
  const doors = {} as never

  test('waits for requests as long as is documented', () => {
    const server = serverOf(doors, 10_000)
    expect([server.headersTimeout, server.requestTimeout, server.keepAliveTimeout]).toEqual([
      10_000, 30_000, 75_000,
    ])
    const patient = serverOf(doors, 60_000)
    expect([patient.headersTimeout, patient.requestTimeout]).toEqual([60_000, 60_000])
  })

  test.each([
    [
      'a port in use',
      {},
      /^PORT \d+ is in use on 127\.0\.0\.1: stop the other program, or set PORT to another port\.$/,
    ],
    [
      'no address of this machine',
      { host: '192.0.2.1' },
      /^HOST 192\.0\.2\.1 is not an address of this machine/,
    ],
  ])('says in one line that it can not listen on %s', async (_what, where, message) => {
    const { port } = app.config
    const error = await listen(serverOf(doors, 1_000), { port, host: '127.0.0.1', ...where }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(SetupError)
    expect((error as Error).message).toMatch(message)
  })

  test('has the limits on websockets that are documented', () => {
    expect(socketLimits).toEqual({
      maxOperationsPerSocket: 50,
      operationsBurst: 100,
      operationsPerSecond: 20,
      maxOperationIdBytes: 256,
      maxMessageBytes: 65_536,
      maxFragments: 64,
      headersTimeoutMs: 10_000,
      initTimeoutMs: 5_000,
      pingIntervalMs: 25_000,
      closeTimeoutMs: 5_000,
    })
    expect([MAX_UNREAD_BYTES, MAX_QUEUED_BYTES]).toEqual([8_388_608, 262_144])
    expect(CLOSE).toEqual({ GOING_AWAY: 1001, POLICY_VIOLATION: 1008, TRY_AGAIN_LATER: 1013, TOO_SLOW: 4410 })
  })
})

function serverOf(handlers: Handlers, headersTimeoutMs: number) {
  const server = createHttpServer(headersTimeoutMs)
  serveHttp(server, handlers)
  return server
}
