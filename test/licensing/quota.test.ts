import { expect, test, vi } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import { freshDatabase } from '../support/database.ts'
import { addPartner } from '../support/partner.ts'
import { operation, rawSocket } from '../support/raw-socket.ts'

const OWN = '{ viewerPartner { usage { minute day } quotaPerMinute quotaPerDay } }'

/** One request over HTTP, with what its headers say. */
async function send(app: TestApp, key: string, path = '') {
  const response = await fetch(path ? app.url.replace('/graphql', path) : app.url, {
    method: path ? 'GET' : 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      authorization: `Bearer ${key}`,
    },
    body: path ? undefined : JSON.stringify({ query: OWN }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text }
}

test('of a hundred requests at once, over two gateways, exactly as many pass as the quota has', async () => {
  await using database = await freshDatabase()
  const now = () => new Date('2026-06-01T08:00:30Z')
  await using here = await freshApp({ database, now })
  await using elsewhere = await freshApp({ database, now })
  const { key } = await addPartner(database.prisma, { quotaPerMinute: 10 })
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      send(i % 2 ? here : elsewhere, key, i % 4 < 2 ? '' : '/feeds/feed.json'),
    ),
  )
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
  const refused = answers.filter(({ status }) => status === 429)
  expect(refused).toHaveLength(90)
  for (const { headers, text } of refused) {
    expect(headers.get('retry-after')).toBe('30')
    expect(text).toContain('QUOTA_EXCEEDED')
    expect(text).not.toContain(key)
  }
  expect(await database.prisma.partnerUsage.findMany({ orderBy: { unit: 'asc' } })).toMatchObject([
    { unit: 'MINUTE', start: new Date('2026-06-01T08:00:00Z'), requests: 10 },
    { unit: 'DAY', start: new Date('2026-06-01T00:00:00Z'), requests: 10 },
  ])
})

test('a quota begins anew with the minute and with the day, and refusals cost nothing', async () => {
  let now = new Date('2026-06-01T23:58:59Z')
  await using app = await freshApp({ now: () => now })
  const { key } = await addPartner(app.database.prisma, { quotaPerMinute: 2, quotaPerDay: 3 })
  const statuses = async (times: number) => {
    const seen: number[] = []
    for (let i = 0; i < times; i++) seen.push((await send(app, key)).status)
    return seen
  }
  expect(await statuses(4)).toEqual([200, 200, 429, 429])
  now = new Date('2026-06-01T23:59:00Z')
  expect(await statuses(2)).toEqual([200, 429])
  expect((await send(app, key)).headers.get('retry-after')).toBe('60')
  now = new Date('2026-06-02T00:00:00Z')
  expect(await statuses(3)).toEqual([200, 200, 429])
})

test('an answer says what is left', async () => {
  await using app = await freshApp({ now: () => new Date('2026-06-01T08:00:30Z') })
  const { key } = await addPartner(app.database.prisma, { quotaPerMinute: 5, quotaPerDay: 100 })
  await send(app, key)
  const { headers, text } = await send(app, key)
  expect(headers.get('ratelimit-policy')).toBe('"minute";q=5;w=60, "day";q=100;w=86400')
  expect(headers.get('ratelimit')).toBe('"minute";r=3;t=30, "day";r=98;t=57570')
  expect(JSON.parse(text).data.viewerPartner).toEqual({
    usage: { minute: 2, day: 2 },
    quotaPerMinute: 5,
    quotaPerDay: 100,
  })
})

test('each operation on a socket counts, and the socket stays open when there are too many', async () => {
  await using app = await freshApp({ now: () => new Date('2026-06-01T08:00:30Z') })
  const { key } = await addPartner(app.database.prisma, { quotaPerMinute: 3 })
  await using socket = await rawSocket(app.wsUrl, { token: key })
  const kinds: string[] = []
  for (const id of ['1', '2', '3', '4']) {
    socket.send(operation(id, OWN))
    const message = await socket.next()
    kinds.push(message.type)
    if (message.type === 'next') await socket.next()
    else {
      expect(message.payload).toEqual([
        {
          message: expect.stringContaining('quota'),
          extensions: { code: 'QUOTA_EXCEEDED', retryAfter: 30 },
        },
      ])
    }
  }
  expect(kinds).toEqual(['next', 'next', 'next', 'error'])
  socket.send({ type: 'ping' })
  expect(await socket.next()).toEqual({ type: 'pong' })
  expect((await send(app, key)).status).toBe(429)
})

test('readers have no quota', async () => {
  await using app = await freshApp()
  expect((await app.post('{ viewer { role } }', {}, await app.token('reader'))).status).toBe(200)
  expect(await app.database.prisma.partnerUsage.count()).toBe(0)
})

test('old counts are forgotten, those of days later than those of minutes', async () => {
  const now = new Date('2026-06-01T08:00:30Z')
  await using app = await freshApp({ now: () => now, changePollMs: 50 })
  const { prisma } = app.database
  const { id: partnerId } = await addPartner(prisma)
  const row = (unit: 'MINUTE' | 'DAY', start: string) => ({
    partnerId,
    unit,
    start: new Date(start),
    requests: 1,
  })
  await prisma.partnerUsage.createMany({
    data: [
      row('MINUTE', '2026-06-01T08:00:00Z'),
      row('MINUTE', '2026-06-01T06:59:00Z'),
      row('DAY', '2026-01-01T00:00:00Z'),
      row('DAY', '2025-01-01T00:00:00Z'),
    ],
  })
  await vi.waitUntil(async () => (await prisma.partnerUsage.count()) === 2, { timeout: 20_000 })
  expect((await prisma.partnerUsage.findMany()).map(({ unit }) => unit).sort()).toEqual(['DAY', 'MINUTE'])
})
