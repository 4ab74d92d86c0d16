import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { notifyPublisher } from '../../src/bus/notify.ts'
import { suspendPartner } from '../../src/licensing/suspend.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { addKey, addPartner } from '../support/partner.ts'
import { type Reaction, type Received, type Receiver, startReceiver } from '../support/receiver.ts'

let app: TestApp
const clock = { at: new Date('2026-03-01T12:00:00Z') }

beforeEach(async () => {
  app = await freshApp({ changePollMs: 50, now: () => clock.at })
})

afterEach(() => app.close())

/** Confirms what it is asked, as a subscriber does that has asked for it. */
const confirming: Reaction = ({ path }) => {
  const challenge = new URL(path, 'http://x').searchParams.get('hub.challenge')
  return { status: 200, body: challenge ?? '' }
}

test('who subscribes is asked whether it meant to, and is sent the feed, signed, when it changes', async () => {
  await using receiver = await startReceiver(confirming)
  const secret = 'a secret of the subscriber'
  const answer = await ask(receiver, { 'hub.secret': secret, 'hub.lease_seconds': '7200' })
  expect(answer.status).toBe(202)

  const question = fields(await receiver.next())
  expect(question).toMatchObject({
    'hub.mode': 'subscribe',
    'hub.topic': topic(),
    'hub.lease_seconds': '7200',
    'hub.challenge': expect.stringMatching(/^[\w-]{40,}$/),
  })
  await subscriptions(1)
  expect(receiver.received).toHaveLength(1)

  await addArticle(app.database.prisma, { headline: 'Bridge reopened' })
  const { method, headers, body } = await receiver.next()
  expect(method).toBe('POST')
  expect(body).toContain('Bridge reopened')
  const feed = await fetch(topic())
  expect(body).toBe(await feed.text())
  expect(headers['content-type']).toBe(feed.headers.get('content-type'))
  expect(headers.link).toBe(`<${origin()}/websub>; rel="hub", <${topic()}>; rel="self"`)
  expect(headers['x-hub-signature']).toBe(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`)
})

test('neither the secret nor a key stays in the queue when the callback has been asked', async () => {
  await using receiver = await startReceiver(confirming)
  const { prisma } = app.database
  const { slug } = await addPartner(prisma)
  const key = await addKey(prisma, slug, 'FEED')
  const secret = 'a secret of the subscriber'
  await ask(receiver, { 'hub.secret': secret, 'hub.topic': `${topic()}?key=${key}` })
  await subscriptions(1)
  await settled()
  const { rows } = await app.database.executeSql(`SELECT * FROM pgboss.job WHERE "name" = 'websub'`)
  const kept = JSON.stringify(rows)
  expect([kept.includes(secret), kept.includes(key)]).toEqual([false, false])
})

test('attempts to send a feed are counted by what came of them', async () => {
  await using receiver = await startReceiver(confirming)
  await ask(receiver)
  await subscriptions(1)
  receiver.reaction = () => ({ status: receiver.received.length > 2 ? 204 : 500 })
  const counted = async (outcome: string) => {
    const text = await (await fetch(`${origin()}/metrics`)).text()
    return new RegExp(`^dateline_push_attempts_total\\{.*outcome="${outcome}".*\\} (\\d+)$`, 'm').exec(
      text,
    )?.[1]
  }
  await addArticle(app.database.prisma)
  // By the clock of this newsroom the next attempt is in the database's past, and so is made at once.
  await expect.poll(() => counted('arrived'), { timeout: 20_000 }).toBe('1')
  expect(await counted('failed')).toBe('1')
})

test('a callback that does not give the challenge back is not subscribed', async () => {
  await using receiver = await startReceiver(() => ({ status: 200, body: 'yes please' }))
  expect((await ask(receiver)).status).toBe(202)
  await receiver.next()
  await settled()
  await addArticle(app.database.prisma)
  await settled()
  expect(await app.database.prisma.webSubSubscription.count()).toBe(0)
  expect(receiver.received).toHaveLength(1)
})

test('a feed that does not exist is denied', async () => {
  await using receiver = await startReceiver(confirming)
  const nowhere = `${origin()}/feeds/topic/no-such-topic/rss.xml`
  expect((await ask(receiver, { 'hub.topic': nowhere })).status).toBe(202)
  expect(fields(await receiver.next())).toMatchObject({ 'hub.mode': 'denied', 'hub.topic': nowhere })
})

test('who unsubscribes is asked too, and is sent nothing any more', async () => {
  await using receiver = await startReceiver(confirming)
  await ask(receiver)
  await subscriptions(1)
  await ask(receiver, { 'hub.mode': 'unsubscribe' })
  await subscriptions(0)
  await addArticle(app.database.prisma)
  await settled()
  const modes = receiver.received.map((each) => fields(each)['hub.mode'])
  expect(modes).toEqual(['subscribe', 'unsubscribe'])
})

test('a lease ends', async () => {
  await using receiver = await startReceiver(confirming)
  await ask(receiver, { 'hub.lease_seconds': '1' })
  await subscriptions(1)
  const lease = await app.database.prisma.webSubSubscription.findFirstOrThrow()
  // No lease is shorter than an hour.
  expect(lease.leaseUntil.getTime() - clock.at.getTime()).toBe(3_600_000)
  clock.at = lease.leaseUntil
  await addArticle(app.database.prisma)
  await subscriptions(0)
  expect(receiver.received).toHaveLength(1)
})

test('a subscriber that answers 410 is forgotten', async () => {
  await using receiver = await startReceiver(confirming)
  await ask(receiver)
  await subscriptions(1)
  receiver.reaction = () => ({ status: 410 })
  await addArticle(app.database.prisma)
  await subscriptions(0)
})

test('a partner with its key is sent its own version, which is in the ledger, and nothing once it is suspended', async () => {
  await using receiver = await startReceiver(confirming)
  const { prisma } = app.database
  const { id, slug } = await addPartner(prisma, {
    licence: { languages: ['de'], attribution: 'Aus Dateline' },
  })
  const asked = `${topic()}?key=${await addKey(prisma, slug, 'FEED')}`
  expect((await ask(receiver, { 'hub.topic': asked })).status).toBe(202)
  expect(fields(await receiver.next())['hub.topic']).toBe(asked)
  await subscriptions(1)
  const own = JSON.parse(await (await fetch(asked.replace('atom.xml', 'feed.json'))).text()).home_page_url
  expect(await prisma.webSubSubscription.findFirst()).toMatchObject({
    topic: `${own}atom.xml`,
    partnerId: id,
  })

  await addArticle(prisma, { language: 'en', headline: 'Not for them' })
  const { key } = await addArticle(prisma, { language: 'de', headline: 'Hochwasser' })
  const { body, headers } = await receiver.next()
  expect(headers.link).toBe(`<${origin()}/websub>; rel="hub", <${own}atom.xml>; rel="self"`)
  expect(body).toContain('Hochwasser')
  expect(body).not.toContain('Not for them')
  const delivery = await prisma.delivery.findFirst({ where: { partnerId: id, articleId: key } })
  expect(delivery).toMatchObject({ via: 'WEBSUB', kind: 'ARTICLE' })

  await settled()
  const before = receiver.received.length
  await suspendPartner(slug, { bus: notifyPublisher(prisma), now: () => clock.at, admin: 'test' })
  await addArticle(prisma, { language: 'de' })
  await settled()
  expect(receiver.received).toHaveLength(before)
})

test.each([
  ['no mode', { 'hub.mode': '' }, 'hub.mode'],
  ['a mode of others', { 'hub.mode': 'publish' }, 'hub.mode'],
  ['a callback that is none', { 'hub.callback': 'nowhere' }, 'hub.callback'],
  ['a callback in our own network', { 'hub.callback': 'http://10.0.0.1/' }, 'not a public address'],
  ['a callback of another kind', { 'hub.callback': 'ftp://example.org/' }, 'http'],
  ["somebody else's feed", { 'hub.topic': 'https://example.org/feeds/rss.xml' }, 'hub.topic'],
  ['a lease that is none', { 'hub.lease_seconds': 'long' }, 'hub.lease_seconds'],
  [
    'a callback that is too long as it is kept',
    { 'hub.callback': `http://a.invalid/${'\u4e00'.repeat(300)}` },
    'hub.callback',
  ],
  ['a secret of 200 bytes', { 'hub.secret': 'x'.repeat(200) }, 'hub.secret'],
])('%s is refused with the reason', async (_, changed, reason) => {
  await using receiver = await startReceiver(confirming)
  const answer = await ask(receiver, changed)
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain(reason)
  expect(receiver.received).toEqual([])
})

test('a key that is not good is refused', async () => {
  await using receiver = await startReceiver(confirming)
  const { key } = await addPartner(app.database.prisma)
  expect((await ask(receiver, { 'hub.topic': `${topic()}?key=${key}` })).status).toBe(403)
})

test('nobody is asked more than a few times in a minute, whoever wants it', async () => {
  await using receiver = await startReceiver(() => ({ status: 404 }))
  const statuses = new Set<number>()
  for (let time = 0; time < 25; time++) statuses.add((await ask(receiver)).status)
  expect([...statuses]).toEqual([202, 429])
  await settled()
  expect(receiver.received.length).toBeLessThanOrEqual(20)
})

test('the ports of a host, and its name with a dot behind it, are that host', async () => {
  const statuses = new Set<number>()
  for (let port = 1; port <= 25; port++) {
    const callback = `http://reader.invalid${port % 2 ? '' : '.'}:${port}/`
    const form = { 'hub.mode': 'subscribe', 'hub.topic': topic(), 'hub.callback': callback }
    const answer = await fetch(`${origin()}/websub`, { method: 'POST', body: new URLSearchParams(form) })
    statuses.add(answer.status)
  }
  expect([...statuses]).toEqual([202, 429])
})

const origin = () => app.url.replace('/graphql', '')
const topic = () => `${origin()}/feeds/atom.xml`

function ask(receiver: Receiver, more: Record<string, string> = {}): Promise<Response> {
  const form = { 'hub.mode': 'subscribe', 'hub.topic': topic(), 'hub.callback': receiver.url, ...more }
  return fetch(`${origin()}/websub`, { method: 'POST', body: new URLSearchParams(form) })
}

function fields({ path }: Received): Record<string, string> {
  return Object.fromEntries(new URL(path, 'http://x').searchParams)
}

async function subscriptions(count: number): Promise<void> {
  await expect.poll(() => app.database.prisma.webSubSubscription.count(), { timeout: 20_000 }).toBe(count)
}

/** Settles when the hub has looked at every change and nothing that it queued is due. */
async function settled(): Promise<void> {
  const left = async () => {
    const { rows } = await app.database.executeSql(
      `SELECT count(*)::int AS left FROM pgboss.job
       WHERE "name" = 'websub' AND ("state" = 'active' OR "state" < 'active' AND "start_after" <= now())`,
    )
    return rows[0]?.left
  }
  // Twice: what a change leads to may be queued while we look.
  for (const _ of [1, 2]) await expect.poll(left, { timeout: 20_000, interval: 100 }).toBe(0)
}
