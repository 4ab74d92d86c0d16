import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { feedTokenOf, type ParsedKey, parseKey } from '../../src/auth/api-key.ts'
import { loadConfig } from '../../src/config/config.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import type { Json } from '../support/json.ts'
import { addArticle } from '../support/newsroom.ts'
import { addKey, addPartner } from '../support/partner.ts'
import { rawSocket } from '../support/raw-socket.ts'

/** The defaults that configuration.md documents. */
const defaults = {
  SUBMISSIONS_PER_MINUTE: '',
  SUBMISSIONS_PER_HOUR: '',
  FAILED_SIGN_INS_PER_MINUTE: '',
}

/** A gateway behind a proxy, so that each client has an address. */
const env = {
  ...defaults,
  TRUSTED_PROXIES: '127.0.0.1',
  AUTH_SECRET: 'a secret of more than thirty-two bytes',
  AUTH_ISSUER: 'https://id.example',
  AUTH_AUDIENCE: 'news',
}

let database: TestDatabase
let here: TestApp
let there: TestApp
let statements: string[]
let clock: { at: Date }

beforeEach(async () => {
  statements = []
  database = await freshDatabase({ onStatement: (sql) => statements.push(sql) })
  const hour = 3_600_000
  clock = { at: new Date(Math.floor(Date.now() / hour) * hour) }
  const now = () => clock.at
  here = await freshApp({ database, env, now })
  there = await freshApp({ database, env, now })
})
afterEach(async () => {
  await Promise.all([here.close(), there.close()])
  await database.close()
})

const counted = () => statements.filter((sql) => sql.includes('"RateCount"')).length
const later = (seconds: number) => {
  clock.at = new Date(clock.at.getTime() + seconds * 1_000)
}

describe('submissions', () => {
  let articleId: string
  let token: string
  let n: number

  beforeEach(async () => {
    articleId = (await addArticle(database.prisma)).id
    token = await here.token('reader', { name: 'Ada', ttlSeconds: 4 * 3600 })
    n = 0
  })

  async function submit(app: TestApp, as = token): Promise<Json> {
    const query = operationText('SubmitComment').replace(
      '... on Error',
      '... on RateLimited { retryAfter } ... on Error',
    )
    const input = { articleId, body: `Comment ${++n}` }
    return (await app.ask(query, { input }, as)).submitComment
  }

  async function submitMany(times: number, app = here): Promise<string[]> {
    const types: string[] = []
    for (let time = 0; time < times; time++) types.push((await submit(app)).__typename)
    return types
  }

  test('of one reader are ten in a minute, counted one by one in a request with 190 of them', async () => {
    const field = (i: number) => `a${i}: submitComment(input: { articleId: $a, body: "${i}" }) { __typename }`
    const query = `mutation ($a: ID!) { ${Array.from({ length: 190 }, (_, i) => field(i)).join(' ')} }`
    const data = await here.ask(query, { a: articleId }, token)
    const types = Object.values(data).map((each: Json) => each.__typename)
    expect(types.filter((type) => type === 'SubmitCommentPayload')).toHaveLength(10)
    expect(types.filter((type) => type === 'RateLimited')).toHaveLength(180)
    expect(await database.prisma.comment.count()).toBe(10)
    expect(counted()).toBe(10)
  })

  test('are counted together by all gateways, and for each reader', async () => {
    expect(new Set(await submitMany(6, here))).toEqual(new Set(['SubmitCommentPayload']))
    expect(new Set(await submitMany(4, there))).toEqual(new Set(['SubmitCommentPayload']))
    for (const app of [here, there]) {
      expect(await submit(app)).toMatchObject({
        __typename: 'RateLimited',
        code: 'RATE_LIMITED',
        retryAfter: 60,
      })
    }
    const other = await here.token('reader', { name: 'Grace' })
    expect(await submit(here, other)).toMatchObject({ __typename: 'SubmitCommentPayload' })
  })

  test('are taken again when the time that the refusal names is over', async () => {
    later(40)
    await submitMany(10)
    const { retryAfter } = await submit(here)
    expect(retryAfter).toBe(20)
    later(retryAfter - 1)
    expect(await submitMany(1)).toEqual(['RateLimited'])
    later(1)
    expect(await submitMany(1)).toEqual(['SubmitCommentPayload'])
  })

  test('are a hundred in an hour', async () => {
    for (let minute = 0; minute < 10; minute++) {
      expect(new Set(await submitMany(10))).toEqual(new Set(['SubmitCommentPayload']))
      later(60)
    }
    expect(await submit(here)).toMatchObject({ __typename: 'RateLimited', retryAfter: 50 * 60 })
  })

  test('can be set otherwise', () => {
    const settings = {
      SUBMISSIONS_PER_MINUTE: '3',
      SUBMISSIONS_PER_HOUR: '7',
      FAILED_SIGN_INS_PER_MINUTE: '2',
    }
    expect(loadConfig(settings)).toMatchObject({
      submissionsPerMinute: 3,
      submissionsPerHour: 7,
      failedSignInsPerMinute: 2,
    })
    expect(() => loadConfig({ SUBMISSIONS_PER_MINUTE: '0' })).toThrow('SUBMISSIONS_PER_MINUTE')
  })
})

describe('failed sign-ins', () => {
  const client = '203.0.113.7'

  interface Answer {
    status: number
    retryAfter: string | null
    body: Json
  }

  async function get(app: TestApp, path: string, authorization?: string, address = client): Promise<Answer> {
    const response = await fetch(app.url.replace('/graphql', path), {
      headers: {
        accept: 'application/graphql-response+json, */*;q=0.1',
        'x-forwarded-for': address,
        ...(authorization ? { authorization } : {}),
      },
    })
    const text = await response.text()
    const body = text.startsWith('{') ? JSON.parse(text) : text
    return { status: response.status, retryAfter: response.headers.get('retry-after'), body }
  }

  const PATH = '/graphql?query=%7B__typename%7D'
  const bad = (app: TestApp, address = client) => get(app, PATH, 'Bearer nonsense', address)
  const key = (n: number, kind = 'dlk') => `${kind}_${n.toString(16).padStart(8, '0')}_${'x'.repeat(43)}`

  const feedToken = (n: number) => `f${n.toString(16).padStart(8, '0')}${'x'.repeat(43)}`

  async function statuses(times: number, ask: (n: number) => Promise<Answer>): Promise<number[]> {
    const all: number[] = []
    for (let n = 0; n < times; n++) all.push((await ask(n)).status)
    return all
  }

  test('are twenty from an address in a minute, then refused with the time to wait', async () => {
    later(15)
    expect(new Set(await statuses(20, () => bad(here)))).toEqual(new Set([401]))
    expect(await bad(here)).toMatchObject({
      status: 429,
      retryAfter: '45',
      body: { errors: [{ extensions: { code: 'RATE_LIMITED', retryAfter: 45 } }] },
    })
    expect((await bad(here, '203.0.113.8')).status).toBe(401)
    later(45)
    expect((await bad(here)).status).toBe(401)
  })

  test('do not lock out a valid token from the same address', async () => {
    await statuses(25, () => bad(here))
    const token = await here.token('reader')
    expect(await get(here, PATH, `Bearer ${token}`)).toMatchObject({ status: 200 })
    expect(await get(here, PATH)).toMatchObject({ status: 200 })
  })

  test('are counted together by all gateways, and for an IPv6 network as a whole', async () => {
    await statuses(20, (n) => bad(here, `2001:db8:0:1::${n}`))
    expect((await bad(there, '2001:db8:0:1:ffff::1')).status).toBe(429)
    expect((await bad(there, '2001:db8:0:2::1')).status).toBe(401)
  })

  test('in a flood cost a handful of statements, not one each', async () => {
    const answers = await Promise.all(Array.from({ length: 500 }, () => bad(here)))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(20)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(480)
    const first = counted()
    expect(first).toBeLessThan(100)
    await Promise.all(Array.from({ length: 500 }, () => bad(here)))
    expect(counted()).toBe(first)
  })

  test.each([
    ['in the header', '/syndication/changes', 'dlk'],
    ['in the address of a feed', '/feeds/atom.xml', 'dlf'],
    ['that stand for one in the path of a feed', '/feeds/p/TOKEN/atom.xml', 'token'],
  ])('with keys %s are counted, and then no key is looked up', async (_where, path, kind) => {
    const guess = (n: number) => {
      if (kind === 'dlk') return get(here, path, `Bearer ${key(n)}`)
      if (kind === 'dlf') return get(here, `${path}?key=${key(n, kind)}`)
      return get(here, path.replace('TOKEN', feedToken(n)))
    }
    expect(new Set(await statuses(20, guess))).toEqual(new Set([401]))
    statements.length = 0
    const refused = await guess(21)
    expect(refused).toMatchObject({
      status: 429,
      retryAfter: '60',
      body: { error: { code: 'RATE_LIMITED' } },
    })
    expect(statements.filter((sql) => sql.includes('"PartnerKey"'))).toEqual([])
  })

  test('do not lock out a partner whose key this gateway has accepted before', async () => {
    const now = () => clock.at
    const { slug, key: fullKey } = await addPartner(database.prisma, {}, now)
    const feedKey = await addKey(database.prisma, slug, 'FEED', now)
    const full = () => get(here, '/syndication/changes', `Bearer ${fullKey}`)
    const feed = () => get(here, `/feeds/atom.xml?key=${feedKey}`)
    const token = feedTokenOf(parseKey(feedKey) as ParsedKey)
    const own = () => get(here, `/feeds/p/${token}/atom.xml`)
    const all = async () => [(await full()).status, (await feed()).status, (await own()).status]
    expect(await all()).toEqual([200, 200, 200])
    await statuses(25, () => bad(here))
    expect(await all()).toEqual([200, 200, 200])
  })

  test('are none where a token has only expired', async () => {
    const expired = await here.token('reader', { ttlSeconds: -3_600 })
    expect(new Set(await statuses(25, () => get(here, PATH, `Bearer ${expired}`)))).toEqual(new Set([401]))
    expect((await bad(here)).status).toBe(401)
  })

  test('over websockets are counted too, and close with 1013 when they are too many', async () => {
    const attempt = async () => {
      // From this machine, whose address the proxy did not name.
      await using socket = await rawSocket(here.wsUrl, { init: false })
      socket.send({ type: 'connection_init', payload: { authorization: 'Bearer nonsense' } })
      return await socket.closed
    }
    for (let n = 0; n < 20; n++) expect(await attempt()).toMatchObject({ code: 4403 })
    expect(await attempt()).toMatchObject({
      code: 1013,
      reason: expect.stringContaining('Try again in 60 s'),
    })
    await using welcome = await rawSocket(here.wsUrl, { token: await here.token('reader') })
    welcome.send({ type: 'ping' })
    expect(await welcome.next()).toEqual({ type: 'pong' })
  })
})

describe('what a partner reads of removals and acknowledges', () => {
  const mutation = (times: number) => {
    const field = (i: number) => `a${i}: acknowledge(input: { cursor: "x" }) { __typename }`
    return `mutation { ${Array.from({ length: times }, (_, i) => field(i)).join(' ')} }`
  }
  const typesOf = async (app: TestApp, times: number, key: string) =>
    Object.values<Json>(await app.ask(mutation(times), {}, key)).map(({ __typename }) => __typename)

  test('are three hundred in a minute, field by field, whichever way and on whichever gateway', async () => {
    const now = () => clock.at
    const { key } = await addPartner(database.prisma, { quotaPerMinute: 1 }, now)
    const other = await addPartner(database.prisma, {}, now)
    const rest = async (path: string, as: string, method = 'GET') => {
      const response = await fetch(here.url.replace('/graphql', path), {
        method,
        headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json' },
        body: method === 'POST' ? '{"cursor":"x"}' : null,
      })
      const { error } = (await response.json()) as Json
      return { status: response.status, code: error?.code, retryAfter: response.headers.get('retry-after') }
    }
    later(15)
    expect(await rest('/syndication/removals', key)).toMatchObject({ status: 200 })
    expect(new Set(await typesOf(here, 150, key))).toEqual(new Set(['UnknownCursor']))
    const types = await typesOf(there, 150, key)
    expect(types.filter((type) => type === 'UnknownCursor')).toHaveLength(149)
    expect(types.filter((type) => type === 'RateLimited')).toHaveLength(1)

    const refused = { status: 429, code: 'RATE_LIMITED', retryAfter: '45' }
    expect(await rest('/syndication/removals', key)).toEqual(refused)
    expect(await rest('/syndication/acknowledge', key, 'POST')).toEqual(refused)
    const { errors } = await here.post('{ removals { removalsOnly } }', {}, key)
    expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfter: 45 } }])
    expect(await rest('/syndication/removals', other.key)).toMatchObject({ status: 200 })
    later(45)
    expect(await rest('/syndication/removals', key)).toMatchObject({ status: 200 })
  })
})

describe('requests to the WebSub hub', () => {
  async function ask(address: string, form: Record<string, string> = {}) {
    const response = await fetch(here.url.replace('/graphql', '/websub'), {
      method: 'POST',
      headers: { 'x-forwarded-for': address },
      body: new URLSearchParams(form),
    })
    await response.text()
    return { status: response.status, retryAfter: response.headers.get('retry-after') }
  }

  test('are sixty from one address in a minute, whatever others ask', async () => {
    for (let n = 0; n < 60; n++) expect(await ask('203.0.113.7')).toMatchObject({ status: 400 })
    expect(await ask('203.0.113.7')).toEqual({ status: 429, retryAfter: '60' })
    for (let n = 0; n < 5; n++) for (let i = 0; i < 60; i++) await ask(`203.0.113.${10 + n}`)
    expect(await ask('203.0.113.8')).toMatchObject({ status: 400 })
    later(60)
    expect(await ask('203.0.113.7')).toMatchObject({ status: 400 })
  })

  test('with wrong keys are failed sign-ins', async () => {
    const form = (n: number) => ({
      'hub.mode': 'subscribe',
      'hub.callback': 'https://reader.invalid/',
      'hub.topic': `${here.config.publicUrl}/feeds/atom.xml?key=dlf_${n.toString(16).padStart(8, '0')}_${'x'.repeat(43)}`,
    })
    for (let n = 0; n < 20; n++) expect(await ask('203.0.113.7', form(n))).toMatchObject({ status: 403 })
    expect(await ask('203.0.113.7', form(20))).toEqual({ status: 429, retryAfter: '60' })
    expect(await ask('203.0.113.8', form(21))).toMatchObject({ status: 403 })
  })
})
