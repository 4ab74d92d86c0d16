import { hash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { addKey, addPartner } from '../support/partner.ts'
import { startReceiver } from '../support/receiver.ts'
import { ask, confirming, fields, settled, subscriptions, topicOf } from './subscriber.ts'

// What the hub takes for a confirmation, for how long, for how many, and how often it tries.

let app: TestApp
const clock = { at: new Date(0) }
const DAY_MS = 86_400_000

/** How stored subscriptions differ from the usual ones. */
interface Filled {
  topic?: string
  partnerId?: string
  leaseUntil?: Date
}

beforeEach(async () => {
  clock.at = new Date('2026-03-01T12:00:00Z')
  // Attempts follow each other at once, and no name is looked up.
  app = await freshApp({
    changePollMs: 50,
    now: () => clock.at,
    push: { backoff: [0], resolve: async () => [] },
  })
})

afterEach(() => app.close())

describe('a subscription is confirmed', () => {
  test.each([200, 201, 299])('by the challenge with status %i', async (status) => {
    await using receiver = await startReceiver((received) => ({ ...confirming(received), status }))
    await ask(app, receiver.url)
    await subscriptions(app, 1)
  })

  test.each([300, 301, 302, 303, 307, 308, 400, 404, 500])('not with status %i', async (status) => {
    await using elsewhere = await startReceiver(confirming)
    await using receiver = await startReceiver(({ path }) => ({
      ...confirming({ path }),
      status,
      headers: { location: elsewhere.url + new URL(path, 'http://x').search },
    }))
    await ask(app, receiver.url)
    await receiver.next()
    await settled(app)
    expect(await app.database.prisma.webSubSubscription.count()).toBe(0)
    // Nobody is asked again, and a redirect is not followed.
    expect([receiver.received.length, elsewhere.received.length]).toEqual([1, 0])
  })

  test.each([
    ['nothing', () => ''],
    ['a part of it', (challenge: string) => challenge.slice(0, -1)],
    ['more than it', (challenge: string) => `${challenge}.`],
    ['a line end behind it', (challenge: string) => `${challenge}\n`],
    ['other letters', (challenge: string) => challenge.toUpperCase()],
  ])('not by %s for the challenge', async (_, change) => {
    await using receiver = await startReceiver(({ path }) => ({
      status: 200,
      body: change(fields({ path })['hub.challenge'] ?? ''),
    }))
    await ask(app, receiver.url)
    await receiver.next()
    await settled(app)
    expect(await app.database.prisma.webSubSubscription.count()).toBe(0)
  })
})

test.each([
  ['no lease', undefined, 864_000],
  ['an empty lease', '', 864_000],
  ['no time at all', '0', 3_600],
  ['a second less than an hour', '3599', 3_600],
  ['an hour', '3600', 3_600],
  ['an hour and a second', '3601', 3_601],
  ['thirty days', '2592000', 2_592_000],
  ['a second more than thirty days', '2592001', 2_592_000],
  ['three hundred years', '9999999999', 2_592_000],
])('who asks for %s is told, and given, a lease of so many seconds', async (_, lease, seconds) => {
  await using receiver = await startReceiver(confirming)
  await ask(app, receiver.url, lease === undefined ? {} : { 'hub.lease_seconds': lease })
  expect(fields(await receiver.next())['hub.lease_seconds']).toBe(String(seconds))
  await subscriptions(app, 1)
  const { leaseUntil } = await app.database.prisma.webSubSubscription.findFirstOrThrow()
  expect(leaseUntil.getTime() - clock.at.getTime()).toBe(seconds * 1_000)
})

test('a lease that ends in this moment has ended, and the one that ends a moment later has not', async () => {
  await using ended = await startReceiver(confirming)
  await using lasting = await startReceiver(confirming)
  await ask(app, ended.url, { 'hub.lease_seconds': '3600' })
  await ask(app, lasting.url, { 'hub.lease_seconds': '3601' })
  await subscriptions(app, 2)
  clock.at = new Date(clock.at.getTime() + 3_600_000)
  await addArticle(app.database.prisma)
  await lasting.until(2)
  await settled(app)
  expect(ended.received).toHaveLength(1)
  await subscriptions(app, 1)
})

describe('there is room for', () => {
  const rss = () => topicOf(app).replace('atom.xml', 'rss.xml')
  /** Subscriptions that are there already, to a feed that their subscribers have as it stands. */
  const fill = async (count: number, callbackOf: (i: number) => string, more: Filled = {}) => {
    const { topic = rss(), ...rest } = more
    const sentDigest = hash('sha256', await (await fetch(topic)).text())
    const leaseUntil = new Date(clock.at.getTime() + DAY_MS)
    const row = { topic, createdAt: clock.at, leaseUntil, sentDigest, ...rest }
    for (let from = 0; from < count; from += 1_000) {
      const length = Math.min(1_000, count - from)
      await app.database.prisma.webSubSubscription.createMany({
        data: Array.from({ length }, (_, i) => ({ ...row, callback: callbackOf(from + i) })),
      })
    }
  }
  const reason = async (receiver: Awaited<ReturnType<typeof startReceiver>>) =>
    fields(await receiver.next())['hub.reason']

  test('100 subscriptions at one host, on any port and by either scheme', async () => {
    await using receiver = await startReceiver(confirming)
    const places = [
      'http://127.0.0.1/',
      'https://127.0.0.1/',
      'http://127.0.0.1:8080/',
      'https://127.0.0.1:1/',
    ]
    await fill(99, (i) => `${places[i % 4]}${i}`)
    // Those whose lease has ended, and those at hosts whose names only begin alike, do not count.
    await fill(50, (i) => `http://127.0.0.1/ended-${i}`, { leaseUntil: clock.at })
    await fill(50, (i) => `http://127.0.0.11/${i}`)
    await fill(50, (i) => `http://127.0.0.1.reader.invalid/${i}`)
    await ask(app, receiver.url)
    expect(fields(await receiver.next())['hub.mode']).toBe('subscribe')
    const isThere = () =>
      app.database.prisma.webSubSubscription.count({ where: { callback: receiver.url, topic: topicOf(app) } })
    await expect.poll(isThere, { timeout: 20_000 }).toBe(1)

    await ask(app, `${receiver.url}/other`)
    expect(await reason(receiver)).toMatch(/too many subscriptions: 127\.0\.0\.1 has 100/)
    // Who has a place renews it.
    await ask(app, receiver.url, { 'hub.lease_seconds': '7200' })
    expect(fields(await receiver.next())).toMatchObject({
      'hub.mode': 'subscribe',
      'hub.lease_seconds': '7200',
    })
  })

  test('100 subscriptions of one partner', async () => {
    await using receiver = await startReceiver(confirming)
    const { prisma } = app.database
    const { id: partnerId, slug } = await addPartner(prisma, {}, () => clock.at)
    const asked = `${topicOf(app)}?key=${await addKey(prisma, slug, 'FEED', () => clock.at)}`
    const own = JSON.parse(await (await fetch(asked.replace('atom.xml', 'feed.json'))).text()).home_page_url
    await fill(99, (i) => `http://reader-${i}.invalid/`, { partnerId, topic: `${own}rss.xml` })
    await ask(app, receiver.url, { 'hub.topic': asked })
    expect(fields(await receiver.next())['hub.mode']).toBe('subscribe')
    const ofPartner = () => prisma.webSubSubscription.count({ where: { partnerId } })
    await expect.poll(ofPartner, { timeout: 20_000 }).toBe(100)
    await ask(app, `${receiver.url}/other`, { 'hub.topic': asked })
    expect(await reason(receiver)).toMatch(/too many subscriptions: this partner has 100/)
    // The public's are others.
    await ask(app, `${receiver.url}/public`)
    expect(fields(await receiver.next())['hub.mode']).toBe('subscribe')
  })

  test('10,000 subscriptions of one feed', async () => {
    await using receiver = await startReceiver(confirming)
    await fill(10_000, (i) => `http://reader-${i}.invalid/`)
    await ask(app, receiver.url, { 'hub.topic': rss() })
    expect(await reason(receiver)).toMatch(/too many subscriptions: this feed has 10000/)
    await ask(app, receiver.url)
    expect(fields(await receiver.next())['hub.mode']).toBe('subscribe')
  })
})

test('a client asks 20 times in a minute about one host, and again in the next minute', async () => {
  await using receiver = await startReceiver(() => ({ status: 404 }))
  const statuses: number[] = []
  for (let time = 0; time < 21; time++) statuses.push((await ask(app, `${receiver.url}/${time}`)).status)
  expect(statuses).toEqual([...Array(20).fill(202), 429])
  clock.at = new Date('2026-03-01T12:00:59.999Z')
  const refused = await ask(app, receiver.url)
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60)
  clock.at = new Date('2026-03-01T12:01:00Z')
  expect((await ask(app, receiver.url)).status).toBe(202)
})

test('a feed is sent five times to a subscriber that fails, and once more when it changes again', async () => {
  await using receiver = await startReceiver(confirming)
  const { prisma } = app.database
  await ask(app, receiver.url)
  await subscriptions(app, 1)
  receiver.reaction = () => ({ status: 500 })
  await addArticle(prisma, { headline: 'First' })
  await receiver.until(1 + 5)
  await settled(app)
  const sent = () => receiver.received.filter(({ method }) => method === 'POST')
  expect(sent()).toHaveLength(5)
  expect(await left(app)).toEqual([])

  receiver.reaction = () => ({ status: 200 })
  await addArticle(prisma, { headline: 'Second' })
  await receiver.until(1 + 5 + 1)
  await settled(app)
  expect(sent()).toHaveLength(6)
  expect(sent().at(-1)?.body).toContain('First')
  expect(sent().at(-1)?.body).toContain('Second')
})

test('who answers in the fifth attempt is not asked again', async () => {
  await using receiver = await startReceiver(confirming)
  await ask(app, receiver.url)
  await subscriptions(app, 1)
  receiver.reaction = () => ({ status: receiver.received.length < 1 + 5 ? 503 : 200 })
  await addArticle(app.database.prisma)
  await receiver.until(1 + 5)
  await settled(app)
  expect(receiver.received).toHaveLength(6)
  const { sentDigest } = await app.database.prisma.webSubSubscription.findFirstOrThrow()
  expect(sentDigest).toMatch(/^[0-9a-f]{64}$/)
})

/** Work of the hub that is not finished. */
async function left({ database }: TestApp): Promise<unknown[]> {
  const { rows } = await database.executeSql(
    `SELECT "state" FROM pgboss.job WHERE "name" = 'websub' AND "state" <= 'active'`,
  )
  return rows
}
