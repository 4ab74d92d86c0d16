import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { notifyPublisher } from '../../src/bus/notify.ts'
import type { PrismaClient } from '../../src/db/client/client.ts'
import { suspendPartner } from '../../src/licensing/suspend.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { addKey, addPartner } from '../support/partner.ts'

// How REST answers: to whom, with which status and headers, and in which pages.

let app: TestApp
let prisma: PrismaClient
let partner: { id: string; slug: string; key: string }

beforeAll(async () => {
  app = await freshApp()
  prisma = app.database.prisma
})

beforeEach(async () => {
  partner = await addPartner(prisma, { quotaPerMinute: 1_000 })
})

afterAll(() => app.close())

async function ask(path: string, { token = partner.key, ...init }: RequestInit & { token?: string } = {}) {
  const headers = { ...(token ? { authorization: `Bearer ${token}` } : {}), ...init.headers }
  const answer = await fetch(new URL(`/syndication/${path}`, app.url), { ...init, headers })
  const text = await answer.text()
  const body = text.startsWith('{') ? JSON.parse(text) : null
  return { status: answer.status, headers: answer.headers, text, body }
}

const confirm = (body: string | Buffer, headers: Record<string, string> = {}) =>
  ask('acknowledge', { method: 'POST', body: body as string, headers })

describe('an answer', () => {
  test('is JSON with a line end, is kept by nobody, and says what is left of the quota', async () => {
    const { status, headers, text } = await ask('changes')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('ratelimit-policy')).toBe('"minute";q=1000;w=60, "day";q=20000;w=86400')
    expect(text.endsWith('}\n')).toBe(true)
  })

  test('of an editor says nothing of quotas', async () => {
    const { status, headers, body } = await ask('changes', { token: await app.token('editor') })
    expect(status).toBe(200)
    expect(headers.has('ratelimit-policy')).toBe(false)
    expect(body).toMatchObject({ removalsOnly: false, retryAfter: null })
  })

  test('to HEAD has the headers of GET, and no body', async () => {
    const { status, headers, text } = await ask('changes', { method: 'HEAD' })
    expect([status, text]).toEqual([200, ''])
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
  })

  test.each([
    ['changes', 'POST', 'GET'],
    ['articles/x', 'DELETE', 'GET'],
    ['stories/x', 'DELETE', 'GET'],
    ['removals', 'PUT', 'GET'],
    ['acknowledge', 'GET', 'POST'],
    ['acknowledge', 'HEAD', 'POST'],
  ])('about %s by %s says which method there is', async (path, method, allow) => {
    const { status, headers } = await ask(path, { method, token: '' })
    expect([status, headers.get('allow')]).toEqual([405, allow])
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8')
  })

  test.each(['nothing', '', 'Changes', 'constructor'])('about "%s" says what there is', async (path) => {
    const { status, text, headers } = await ask(path)
    expect([status, headers.has('allow')]).toEqual([404, false])
    expect(text).toContain('/syndication/removals')
  })
})

describe('whoever asks', () => {
  test.each([
    ['changes', 'GET'],
    ['articles/x', 'GET'],
    ['stories/x', 'GET'],
    ['removals', 'GET'],
    ['acknowledge', 'POST'],
  ])('for %s is a partner or an editor', async (path, method) => {
    const body = method === 'POST' ? '{"cursor":"x"}' : undefined
    const nobody = await ask(path, { method, body, token: '' })
    expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    for (const role of ['reader', 'moderator'] as const) {
      const { status, body: answer } = await ask(path, { method, body, token: await app.token(role) })
      expect([role, status, answer.error.code]).toEqual([role, 403, 'FORBIDDEN'])
    }
    const feedKey = await addKey(prisma, partner.slug, 'FEED')
    expect((await ask(path, { method, body, token: feedKey })).status).toBe(401)
  })

  test.each([
    ['removals', 'GET'],
    ['acknowledge', 'POST'],
  ])('for %s is a partner', async (path, method) => {
    const body = method === 'POST' ? '{"cursor":"x"}' : undefined
    const { status, body: answer } = await ask(path, { method, body, token: await app.token('editor') })
    expect([status, answer.error.code]).toEqual([403, 'FORBIDDEN'])
  })

  test('while suspended is told what to remove, and is refused everything else', async () => {
    const orders = { bus: notifyPublisher(prisma), now: () => new Date(), admin: 'test' }
    await suspendPartner(partner.slug, orders)
    const story = await addArticle(prisma)
    for (const path of ['changes', `articles/${story.id}`, `stories/${story.id}`]) {
      const { status, body } = await ask(path)
      expect([path, status, body.error.code]).toEqual([path, 403, 'FORBIDDEN'])
    }
    const { status, body } = await ask('removals')
    expect([status, body.removals]).toEqual([200, []])
    expect((await confirm(JSON.stringify({ cursor: body.cursor }))).body).toEqual({
      confirmed: 0,
      removed: 0,
    })
  })
})

describe('a page', () => {
  test.each(['changes', 'removals'])('of %s has from 1 to 100, given as a whole number', async (feed) => {
    for (const first of ['0', '101', '1000000', '-1', '1.5', 'ten', '', '%201']) {
      const { status, body } = await ask(`${feed}?first=${first}`)
      expect([first, status, body.error.code]).toEqual([first, 400, 'INVALID_INPUT'])
    }
    for (const first of ['1', '100']) expect((await ask(`${feed}?first=${first}`)).status).toBe(200)
  })

  test.each(['changes', 'removals'])('of %s is behind a cursor that is known', async (feed) => {
    const { status, body } = await ask(`${feed}?after=nonsense`)
    expect([status, body.error.code]).toEqual([410, 'UNKNOWN_CURSOR'])
    const { cursor } = (await ask(feed)).body
    const [, epoch] = Buffer.from(cursor, 'base64url').toString().split('/')
    const ahead = Buffer.from(`changes/${epoch}/999999`).toString('base64url')
    expect((await ask(`${feed}?after=${ahead}`)).status).toBe(410)
  })

  test('has 20 where nobody says how many, and says whether there is more', async () => {
    const { cursor: start } = (await ask('changes?first=100')).body
    const stories = []
    for (let i = 0; i < 21; i += 1) stories.push(await addArticle(prisma))
    const one = await ask(`changes?after=${start}`)
    expect([one.body.changes.length, one.body.more]).toEqual([20, true])
    const two = await ask(`changes?after=${one.body.cursor}`)
    expect([two.body.changes.length, two.body.more]).toEqual([1, false])
    const exact = await ask(`changes?first=21&after=${start}`)
    expect([exact.body.changes.length, exact.body.more]).toEqual([21, false])

    const { cursor } = (await ask('removals')).body
    for (const { slug } of stories) await addArticle(prisma, { slug, status: 'WITHHELD' })
    const first = await ask(`removals?after=${cursor}`)
    expect([first.body.removals.length, first.body.more]).toEqual([20, true])
    const rest = await ask(`removals?after=${first.body.cursor}`)
    expect([rest.body.removals.length, rest.body.more]).toEqual([1, false])
    const ids = [...first.body.removals, ...rest.body.removals].map(({ articleId }) => articleId)
    expect(ids).toEqual(stories.map(({ id }) => id))
    expect((await ask(`removals?after=${rest.body.cursor}`)).body).toMatchObject({
      removals: [],
      more: false,
    })
  })
})

describe('a confirmation', () => {
  test.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"x"'],
    ['no cursor', '{}'],
    ['a cursor that is a number', '{"cursor":1}'],
  ])('of %s is refused', async (_what, body) => {
    const { status, body: answer } = await confirm(body)
    expect([status, answer.error.code]).toEqual([400, 'INVALID_INPUT'])
  })

  test('has 16 KiB at most, and ends the connection when it has more', async () => {
    const { cursor } = (await ask('changes')).body
    const body = JSON.stringify({ cursor })
    expect((await confirm(body.padEnd(16_384))).status).toBe(200)
    const refused = await confirm(body.padEnd(16_385))
    expect([refused.status, refused.body.error.code]).toEqual([400, 'INVALID_INPUT'])
    const endless = await confirm(body.padEnd(1_000_000))
    expect([endless.status, endless.headers.get('connection')]).toEqual([400, 'close'])
  })

  test('that is packed is refused, with what is taken', async () => {
    const { status, headers } = await confirm('{}', { 'content-encoding': 'gzip' })
    expect([status, headers.get('accept-encoding')]).toEqual([415, 'identity'])
  })
})

test('removals and confirmations together are 300 in a minute, over REST and GraphQL', async () => {
  await using limited = await freshApp({ now: () => new Date('2026-03-01T12:00:30Z') })
  const { key } = await addPartner(limited.database.prisma)
  const other = await addPartner(limited.database.prisma)
  const get = (token: string, path = 'removals', init: RequestInit = {}) =>
    fetch(new URL(`/syndication/${path}`, limited.url), {
      ...init,
      headers: { authorization: `Bearer ${token}` },
    })
  const post = () => get(key, 'acknowledge', { method: 'POST', body: '{"cursor":"x"}' })
  const removals = () => limited.post('{ removals { edges { cursor } } }', {}, key)
  const acknowledge = () =>
    limited.post('mutation { acknowledge(input: { cursor: "x" }) { __typename } }', {}, key)
  // One of each counts; the others need not all be sent.
  for (const request of [() => get(key), post, removals, acknowledge]) await request()
  const counted = () =>
    limited.database.executeSql(`SELECT "count"::int FROM "RateCount" WHERE "key" LIKE 'removals %'`)
  expect((await counted()).rows).toEqual([{ count: 4 }])
  await limited.database.executeSql(`UPDATE "RateCount" SET "count" = 298`)
  expect((await get(key)).status).toBe(200)
  expect((await post()).status).toBe(410)
  for (const request of [() => get(key), post]) {
    const refused = await request()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30'])
    expect(await refused.json()).toMatchObject({ error: { code: 'RATE_LIMITED' } })
  }
  expect((await removals()).errors?.[0]?.extensions?.code).toBe('RATE_LIMITED')
  expect((await acknowledge()).data.acknowledge).toEqual({ __typename: 'RateLimited' })
  expect((await get(other.key)).status).toBe(200)
  // What counts against a quota does not count here.
  expect((await get(key, 'changes')).status).toBe(200)
})
