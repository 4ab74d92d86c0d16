import { once } from 'node:events'
import { request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import { addPartner } from '../support/partner.ts'
import { rawSocket } from '../support/raw-socket.ts'

// What a client sends wrongly is refused as its own fault: nothing of it is sent back, and no error is logged.

/** Stands in every request that is refused here, and in no answer. */
const MARK = 'echoed-9c41'

const errors: unknown[] = []
let app: TestApp
let partnerKey: string

beforeAll(async () => {
  const log = { error: (...line: unknown[]) => void errors.push(line), warn() {}, info() {} }
  app = await freshApp({ log: { ...log, warn: log.error } })
  partnerKey = (await addPartner(app.database.prisma)).key
})
afterEach(() => expect(errors.splice(0)).toEqual([]))
afterAll(() => app.close())

interface Sent {
  method?: string
  path?: string
  type?: string
  headers?: Record<string, string>
  body?: string | Buffer
}

/** Sends a request as it is; neither the request nor the answer is changed on its way, as fetch would. */
async function send({ method = 'POST', path = '/graphql', type, headers = {}, body }: Sent) {
  const sending = request(new URL(path, app.url), {
    method,
    headers: { ...(type ? { 'content-type': type } : {}), ...headers },
  }).end(body)
  const [response] = await once(sending, 'response')
  const text = Buffer.concat(await response.toArray()).toString()
  expect(text).not.toContain(MARK)
  return { status: response.statusCode as number, headers: response.headers, text }
}

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'
const modern = { accept: 'application/graphql-response+json' }
const encoded = (object: object) => new URLSearchParams(object as Record<string, string>)

describe('a GraphQL request over HTTP is refused', () => {
  test.each<[string, Sent, number]>([
    [
      'variables in the address that are no JSON',
      { method: 'GET', path: `/graphql?query={a}&variables={${MARK}` },
      400,
    ],
    [
      'extensions in the address that are no JSON',
      { method: 'GET', path: `/graphql?query={a}&extensions={${MARK}` },
      400,
    ],
    ['a body that is no JSON', { type: json, body: `{"query": ${MARK}` }, 400],
    ['a body that is text', { type: json, body: JSON.stringify(MARK) }, 400],
    ['a body that is null', { type: json, body: 'null' }, 400],
    ['an empty body', { type: json, body: '' }, 400],
    [
      'variables in a form that are no JSON',
      { type: form, body: `${encoded({ query: '{a}', variables: `{${MARK}` })}` },
      400,
    ],
    [
      'extensions that are text',
      { type: json, body: JSON.stringify({ query: '{a}', extensions: MARK }) },
      400,
    ],
    [
      'extensions that are a list',
      { type: json, body: JSON.stringify({ query: '{a}', extensions: [MARK] }) },
      400,
    ],
    [
      'variables that are a list',
      { type: json, body: JSON.stringify({ query: '{a}', variables: [MARK] }) },
      400,
    ],
    ['a query that is an object', { type: json, body: JSON.stringify({ query: { [MARK]: 1 } }) }, 400],
    [
      'an operation name that is an object',
      { type: json, body: JSON.stringify({ query: '{a}', operationName: { MARK } }) },
      400,
    ],
    ['a parameter of no known name', { type: json, body: JSON.stringify({ query: '{a}', [MARK]: 1 }) }, 400],
    ['no query', { type: json, body: '{}' }, 400],
    ['several operations in a list', { type: json, body: JSON.stringify([{ query: `{ ${MARK} }` }]) }, 400],
    ['a body in parts', { type: 'multipart/form-data; boundary=x', body: `--x\r\n${MARK}` }, 415],
    ['a body of another type', { type: 'text/plain', body: `{ ${MARK} }` }, 415],
    [
      'a compressed body',
      { type: json, headers: { 'content-encoding': 'gzip' }, body: gzipSync(`{"query":"{ ${MARK} }"}`) },
      415,
    ],
    [
      'a body that is said to be compressed',
      { type: json, headers: { 'content-encoding': 'br' }, body: `{"query":"${MARK}"}` },
      415,
    ],
    [
      'a body of more than 100 KiB',
      { type: json, body: JSON.stringify({ query: MARK.padEnd(102_400) }) },
      413,
    ],
  ])('%s', async (_what, sent, status) => {
    const answer = await send({ ...sent, headers: { ...modern, ...sent.headers } })
    expect(answer.status).toBe(status)
  })

  const request = JSON.stringify({ query: '{ __typename }' })
  const tooLarge = 'x'.repeat(102_401)
  const unreadable: [string, Sent, number][] = [
    ['gzip', { type: json, headers: { 'content-encoding': 'gzip' }, body: gzipSync(request) }, 415],
    ['an unknown encoding', { type: json, headers: { 'content-encoding': 'x' }, body: request }, 415],
    ['text', { type: 'text/plain', body: request }, 415],
    ['invalid JSON', { type: json, body: `{"query": ${MARK}` }, 400],
    ['invalid JSON in a form', { type: form, body: `query={a}&variables={${MARK}` }, 400],
    ['JSON that is not an object', { type: json, body: '1' }, 400],
    ['too much JSON', { type: json, body: JSON.stringify({ query: tooLarge }) }, 413],
    ['too much in a form', { type: form, body: `query=${tooLarge}` }, 413],
    ['too much GraphQL', { type: 'application/graphql', body: tooLarge }, 413],
  ]
  const accepts = [
    undefined,
    '*/*',
    json,
    modern.accept,
    `${modern.accept}, ${json};q=0.9`,
    'text/event-stream',
    `text/event-stream, ${json}`,
    'multipart/mixed',
  ]
  test.each(
    accepts.flatMap((accept) =>
      unreadable.map(([what, sent, status]) => [what, accept, status, sent] as const),
    ),
  )('a body that can not be read, %s, with Accept %s: %i', async (_what, accept, status, sent) => {
    const response = await send({ ...sent, headers: { ...(accept ? { accept } : {}), ...sent.headers } })
    expect(response.status).toBe(status)
  })

  test.each([undefined, '*/*', json, modern.accept])(
    'no operation of that name, or no name among several, with Accept %s: 400',
    async (accept) => {
      for (const body of [
        { query: 'query A { __typename }', operationName: MARK },
        { query: 'query A { __typename } query B { __typename }' },
      ]) {
        const headers: Record<string, string> = accept === undefined ? {} : { accept }
        const response = await send({ type: json, headers, body: JSON.stringify(body) })
        expect([response.status, JSON.parse(response.text).errors[0].extensions]).toEqual([
          400,
          { code: 'OPERATION_RESOLUTION_FAILURE' },
        ])
      }
    },
  )

  test('only above 102,400 bytes, whether its length is announced or not', async () => {
    const body = (bytes: number) => {
      const bare = JSON.stringify({ query: '{ __typename }', variables: { pad: '' } })
      return bare.replace('""', `"${'x'.repeat(bytes - bare.length)}"`)
    }
    for (const headers of [{}, { 'transfer-encoding': 'chunked' }] as Record<string, string>[]) {
      const statuses = []
      for (const bytes of [102_400, 102_401]) {
        statuses.push(
          (await send({ type: json, headers: { ...modern, ...headers }, body: body(bytes) })).status,
        )
      }
      expect(statuses).toEqual([200, 413])
    }
  })

  test('with the code BAD_REQUEST and the encoding that is taken', async () => {
    const broken = await send({ type: json, body: `{${MARK}` })
    expect(JSON.parse(broken.text)).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: 'BAD_REQUEST' } }],
    })
    const zipped = await send({ type: json, headers: { 'content-encoding': 'gzip' }, body: gzipSync('{}') })
    expect(zipped.headers['accept-encoding']).toBe('identity')
    expect(zipped.text).toContain('UNSUPPORTED_MEDIA_TYPE')
  })
})

describe('a plain HTTP request is refused', () => {
  const partner = () => ({ authorization: `Bearer ${partnerKey}` })
  const acknowledge = '/syndication/acknowledge'

  test.each<[string, () => Sent, number]>([
    [
      'REST: a body that is no JSON',
      () => ({ path: acknowledge, headers: partner(), body: `{${MARK}` }),
      400,
    ],
    [
      'REST: a body that is a list',
      () => ({ path: acknowledge, headers: partner(), body: `["${MARK}"]` }),
      400,
    ],
    [
      'REST: a body that is too large',
      () => ({ path: acknowledge, headers: partner(), body: MARK.repeat(5_000) }),
      400,
    ],
    [
      'REST: a compressed body',
      () => ({
        path: acknowledge,
        headers: { ...partner(), 'content-encoding': 'gzip' },
        body: gzipSync('{}'),
      }),
      415,
    ],
    [
      'REST: an unknown cursor',
      () => ({ path: `/syndication/changes?after=${MARK}`, method: 'GET', headers: partner() }),
      410,
    ],
    [
      'REST: a number that is none',
      () => ({ path: `/syndication/changes?first=${MARK}`, method: 'GET', headers: partner() }),
      400,
    ],
    [
      'REST: an id that is none',
      () => ({ path: '/syndication/articles/%ff', method: 'GET', headers: partner() }),
      404,
    ],
    ['feeds: a place that is none', () => ({ path: `/feeds/rss.xml?before=${MARK}`, method: 'GET' }), 400],
    [
      'feeds: an address that can not be decoded',
      () => ({ path: `/feeds/topic/%ff${MARK}/rss.xml`, method: 'GET' }),
      404,
    ],
    ['WebSub: no form', () => ({ path: '/websub', type: json, body: `{"${MARK}":1}` }), 400],
    ['WebSub: fields that are none', () => ({ path: '/websub', type: form, body: `hub.mode=${MARK}` }), 400],
    [
      'WebSub: a callback that is no address',
      () => ({ path: '/websub', type: form, body: `hub.mode=subscribe&hub.callback=${MARK}` }),
      400,
    ],
    [
      'WebSub: a form that is too large',
      () => ({ path: '/websub', type: form, body: MARK.repeat(5_000) }),
      400,
    ],
    [
      'WebSub: a compressed form',
      () => ({ path: '/websub', type: form, headers: { 'content-encoding': 'gzip' }, body: gzipSync('a') }),
      415,
    ],
    ['an address at which nothing is', () => ({ path: `/${MARK}`, method: 'GET' }), 404],
  ])('%s', async (_what, sent, status) => {
    expect((await send(sent())).status).toBe(status)
  })

  test.each([
    ['REST', acknowledge, json],
    ['WebSub', '/websub', form],
    ['GraphQL', '/graphql', json],
  ])('%s: a body that breaks off', async (_what, path, type) => {
    const headers = { ...partner(), 'content-type': type, 'content-length': '100' }
    const sending = request(new URL(path, app.url), { method: 'POST', headers })
    sending.on('error', () => {})
    sending.write('{')
    const reading = fetch(new URL('/health/live', app.url))
    await reading
    sending.destroy()
    await new Promise((resolve) => sending.once('close', resolve))
    // Whatever the gateway does about it, it has done when it answers this.
    for (let i = 0; i < 3; i++) await fetch(new URL('/health/live', app.url))
  })
})

describe('a websocket is closed', () => {
  test.each([
    ['connection_ack', { type: 'connection_ack' }],
    ['next', { id: '1', type: 'next', payload: { data: {} } }],
    ['error', { id: '1', type: 'error', payload: [{ message: MARK }] }],
  ])('with 4400 after "%s", which only a server sends', async (_type, message) => {
    await using socket = await rawSocket(app.wsUrl)
    socket.send(message)
    expect(await socket.closed).toMatchObject({ code: 4400 })
  })

  test.each([
    ['an object', { nested: MARK }],
    ['an object that can not be made a string', { toString: MARK }],
    ['a list', [MARK]],
    ['a number', 7],
  ])('with 4403 after an authorization that is %s', async (_what, authorization) => {
    await using socket = await rawSocket(app.wsUrl, { init: false })
    socket.send({ type: 'connection_init', payload: { authorization } })
    const { code, reason } = await socket.closed
    expect(code).toBe(4403)
    expect(reason).not.toContain(MARK)
  })
})
