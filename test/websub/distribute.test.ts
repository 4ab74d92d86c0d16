import { createHmac } from 'node:crypto'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { feedTokenOf, parseKey } from '../../src/auth/api-key.ts'
import { notifyPublisher } from '../../src/bus/notify.ts'
import type { PrismaClient } from '../../src/db/client/client.ts'
import { JobQueue } from '../../src/jobs/queue.ts'
import { rotateKey } from '../../src/licensing/rotate-key.ts'
import { distribute } from '../../src/websub/distribute.ts'
import { feedPathOf, type RenderFeed } from '../../src/websub/feed.ts'
import { endLeases, planDistribution } from '../../src/websub/plan.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addArticle } from '../support/newsroom.ts'
import { addKey, addPartner } from '../support/partner.ts'
import { type Answering, digest, feedOf, network, PUBLIC, TOPIC } from './feeds.ts'

// Which subscribers are due, and what one that is due is sent.

const NOW = new Date('2026-03-01T12:00:00Z')
const at = (ms: number) => new Date(NOW.getTime() + ms)
const never = new AbortController().signal

let database: TestDatabase
let prisma: PrismaClient
let queue: JobQueue

beforeAll(async () => {
  database = await freshDatabase()
  prisma = database.prisma
  queue = new JobQueue(database, pino({ level: 'silent' }))
  await queue.open()
})

beforeEach(async () => {
  await prisma.webSubSubscription.deleteMany()
  await database.executeSql(`DELETE FROM pgboss.job`)
})

afterAll(async () => {
  await queue.close()
  await database.close()
})

const subscribe = (more: object = {}) =>
  prisma.webSubSubscription.create({
    data: {
      topic: TOPIC,
      callback: 'https://reader.example/callback',
      createdAt: NOW,
      leaseUntil: at(1),
      sentDigest: digest('As it was'),
      ...more,
    },
  })

interface World {
  answer?: Answering
  render?: RenderFeed
  signal?: AbortSignal
  now?: Date
}

async function send(id: string, { answer, render, signal = never, now = NOW }: World = {}) {
  const { letters, sendRequest } = network(answer)
  const deps = {
    prisma,
    now: () => now,
    sendRequest,
    render: render ?? (async () => feedOf('As it is now')),
    publicUrl: () => PUBLIC,
  }
  return { outcome: await distribute(id, signal, deps), letters }
}

const sentDigest = async (id: string) =>
  (await prisma.webSubSubscription.findUnique({ where: { id } }))?.sentDigest

describe('a subscriber', () => {
  test('is sent the feed as it is now, with where it is from, and has it then', async () => {
    const { id } = await subscribe()
    const { outcome, letters } = await send(id)
    expect(outcome).toBe('arrived')
    expect(letters).toEqual([
      {
        method: 'POST',
        url: 'https://reader.example/callback',
        headers: {
          'content-type': 'application/atom+xml; charset=utf-8',
          link: `<${PUBLIC}/websub>; rel="hub", <${TOPIC}>; rel="self"`,
        },
        body: Buffer.from('As it is now'),
        signal: never,
      },
    ])
    expect(await sentDigest(id)).toBe(digest('As it is now'))
    expect(await send(id)).toEqual({ outcome: 'nothing', letters: [] })
  })

  test('that gave a secret is sent a signature by it', async () => {
    const { id } = await subscribe({ secret: 'a secret' })
    const { letters } = await send(id)
    const signature = createHmac('sha256', 'a secret').update('As it is now').digest('hex')
    expect(letters[0]?.headers).toMatchObject({ 'x-hub-signature': `sha256=${signature}` })
  })

  test.each<[string, object, World]>([
    ['that has it already', { sentDigest: digest('As it is now') }, {}],
    ['whose lease has ended', { leaseUntil: NOW }, {}],
    ['to a feed that is gone', {}, { render: async () => null }],
    ['to what is no feed', {}, { render: async () => ({ ...feedOf('x'), links: null }) }],
  ])('%s is sent nothing', async (_who, row, world) => {
    const { id } = await subscribe(row)
    expect(await send(id, world)).toEqual({ outcome: 'nothing', letters: [] })
  })

  test('that there is not is sent nothing', async () => {
    expect((await send('0198a000-0000-7000-8000-00000000000a')).outcome).toBe('nothing')
  })

  test.each([200, 201, 299])('that answers %i has it', async (status) => {
    const { id } = await subscribe()
    expect((await send(id, { answer: () => ({ status }) })).outcome).toBe('arrived')
  })

  test.each([199, 300, 302, 404, 429, 500])('that answers %i has it not', async (status) => {
    const { id } = await subscribe()
    const headers = { 'retry-after': '5' }
    const { outcome } = await send(id, { answer: () => ({ status, headers }) })
    expect(outcome).toEqual({ failed: { status, headers, body: '' }, digest: digest('As it is now') })
    expect(await sentDigest(id)).toBe(digest('As it was'))
  })

  test('that answers 410 is forgotten, and nobody else is', async () => {
    const { id } = await subscribe()
    const other = await subscribe({ callback: 'https://other.example/' })
    expect((await send(id, { answer: () => ({ status: 410 }) })).outcome).toBe('ended')
    expect(await prisma.webSubSubscription.findMany()).toMatchObject([{ id: other.id }])
  })

  test('that does not answer has it not, unless we were told to stop', async () => {
    const { id } = await subscribe()
    const answer = () => new Error('no such host')
    expect((await send(id, { answer })).outcome).toEqual({ failed: null, digest: digest('As it is now') })
    const signal = AbortSignal.abort(new Error('stopped'))
    await expect(send(id, { answer, signal })).rejects.toThrow('stopped')
    expect(await sentDigest(id)).toBe(digest('As it was'))
  })
})

describe("a partner's subscriber", () => {
  async function world() {
    const partner = await addPartner(prisma, {}, () => NOW)
    const key = await addKey(prisma, partner.slug, 'FEED', () => NOW)
    const topic = `${PUBLIC}/feeds/p/${feedTokenOf(parseKey(key) as never)}/atom.xml`
    const { key: articleId } = await addArticle(prisma)
    const { id } = await subscribe({ topic, partnerId: partner.id })
    const feed = feedOf('Own words', topic, [{ articleId, version: 1, kind: 'ARTICLE', lapsesAt: null }])
    const render = vi.fn<RenderFeed>(async () => feed)
    const line = () => prisma.delivery.findFirst({ where: { partnerId: partner.id } })
    return { partner, topic, id, render, line }
  }
  const orders = () => ({ bus: notifyPublisher(prisma), now: () => NOW, admin: 'test' })

  test('is sent its own version, which is in the ledger before it is sent, and told when it arrives', async () => {
    const { id, render, line, topic, partner } = await world()
    const before: unknown[] = []
    const answer = async () => {
      before.push(await line())
      return {}
    }
    expect((await send(id, { render, answer })).outcome).toBe('arrived')
    expect(before).toMatchObject([{ via: 'WEBSUB', kind: 'ARTICLE', times: 1, deliveredAt: null }])
    expect(await line()).toMatchObject({ deliveredAt: NOW, failures: 0 })
    expect(render).toHaveBeenCalledWith(
      topic.slice(PUBLIC.length),
      expect.objectContaining({ kind: 'partner', id: partner.id }),
    )
  })

  test.each([
    ['answers 500', () => ({ status: 500 }), 'the receiver answered 500'],
    ['does not answer', () => new Error('no such host'), 'no such host'],
  ])('that %s was not told, and the ledger says why', async (_what, answer, failure) => {
    const { id, render, line } = await world()
    await send(id, { render, answer })
    expect(await line()).toMatchObject({ deliveredAt: null, failures: 1, failure, failedAt: NOW })
  })

  test.each<[string, (slug: string) => Promise<unknown>, Date | undefined]>([
    [
      'that is suspended',
      (slug) => prisma.partner.update({ where: { slug }, data: { suspendedAt: NOW } }),
      undefined,
    ],
    [
      'whose licence has ended',
      (slug) => prisma.licence.updateMany({ where: { partner: { slug } }, data: { validUntil: NOW } }),
      undefined,
    ],
    ['whose key has ended', (slug) => rotateKey({ slug, kind: 'FEED', overlap: 0 }, orders()), at(0)],
  ])('%s is sent nothing', async (_who, happens, now) => {
    const { id, render, partner } = await world()
    await happens(partner.slug)
    expect(await send(id, { render, now })).toEqual({ outcome: 'nothing', letters: [] })
    expect(render).not.toHaveBeenCalled()
  })

  test("is not sent what another partner's key opens", async () => {
    const { id, render } = await world()
    const rival = await addPartner(prisma, {}, () => NOW)
    await prisma.webSubSubscription.update({ where: { id }, data: { partnerId: rival.id } })
    expect((await send(id, { render })).outcome).toBe('nothing')
  })

  test('of before feeds had addresses of their own is sent it by its newest key that is good', async () => {
    const { id, render, partner } = await world()
    const newest = await addKey(prisma, partner.slug, 'FEED', () => at(1))
    await addKey(prisma, partner.slug, 'FULL', () => at(2))
    await prisma.webSubSubscription.update({ where: { id }, data: { topic: TOPIC, leaseUntil: at(9_000) } })
    await send(id, { render, now: at(5) })
    expect(render.mock.lastCall?.[0]).toBe(`/feeds/p/${feedTokenOf(parseKey(newest) as never)}/atom.xml`)
    await prisma.partnerKey.updateMany({ where: { kind: 'FEED' }, data: { expiresAt: at(5) } })
    expect((await send(id, { render, now: at(5) })).outcome).toBe('nothing')
  })
})

describe('what is due', () => {
  const plan = (render: RenderFeed, onFailure: (error: unknown) => void = () => {}) =>
    planDistribution({ prisma, queue, now: () => NOW, render, publicUrl: () => PUBLIC, onFailure })
  const jobs = async () =>
    (
      await database.executeSql(
        `SELECT "data", "group_id" AS host, "singleton_key" AS key FROM pgboss.job WHERE "name" = 'websub' ORDER BY "group_id"`,
      )
    ).rows

  test('is queued once for each subscriber that has not the feed as it is, by its host', async () => {
    const one = await subscribe()
    const two = await subscribe({ callback: 'https://b.example:8443/x', sentDigest: null })
    await subscribe({ callback: 'https://c.example/', sentDigest: digest('As it is now') })
    await subscribe({ callback: 'https://d.example/', leaseUntil: NOW })
    const render = vi.fn<RenderFeed>(async () => feedOf('As it is now'))
    expect(await plan(render)).toBe(true)
    expect(render).toHaveBeenCalledOnce()
    const job = (id: string, host: string) => ({
      data: { kind: 'distribute', subscriptionId: id, attempts: 0 },
      host,
      key: id,
    })
    expect(await jobs()).toEqual([job(two.id, 'b.example'), job(one.id, 'reader.example')])
    // What waits already will send what is there then.
    expect(await plan(render)).toBe(false)
    expect(await jobs()).toHaveLength(2)
    // What is under way may have been read before the change.
    await database.executeSql(`UPDATE pgboss.job SET "state" = 'active'`)
    expect(await plan(render)).toBe(true)
    expect(await jobs()).toHaveLength(4)
  })

  test('is nothing where everybody has what there is', async () => {
    await subscribe({ sentDigest: digest('As it is now') })
    expect(await plan(async () => feedOf('As it is now'))).toBe(false)
    expect(await plan(async () => null)).toBe(false)
    expect(await jobs()).toEqual([])
  })

  test('goes on with other feeds when one can not be rendered', async () => {
    await subscribe()
    const { id } = await subscribe({ topic: `${PUBLIC}/feeds/rss.xml` })
    const failures: unknown[] = []
    const render: RenderFeed = async (path) => {
      if (path === '/feeds/atom.xml') throw new Error('no such template')
      return feedOf('RSS')
    }
    expect(await plan(render, (error) => void failures.push(error))).toBe(true)
    expect(failures.map(String)).toEqual(['Error: no such template'])
    expect(await jobs()).toMatchObject([{ key: id }])
  })
})

test('leases that have ended are forgotten, and whether any are left is told', async () => {
  const end = (now: Date) => endLeases({ prisma, now: () => now } as never)
  expect(await end(NOW)).toBe(false)
  const { id } = await subscribe({ leaseUntil: at(1) })
  await subscribe({ leaseUntil: NOW, callback: 'https://b.example/' })
  expect(await end(at(-1))).toBe(true)
  expect(await prisma.webSubSubscription.count()).toBe(2)
  expect(await end(NOW)).toBe(true)
  expect(await prisma.webSubSubscription.findMany()).toMatchObject([{ id }])
  expect(await end(at(1))).toBe(false)
  expect(await prisma.webSubSubscription.count()).toBe(0)
})

test.each([
  ['https://news.example/feeds/atom.xml?a=1', 'https://news.example', '/feeds/atom.xml?a=1'],
  ['https://news.example/gateway/feeds/atom.xml', 'https://news.example/gateway', '/feeds/atom.xml'],
  ['https://old.example/feeds/atom.xml?a=1', 'https://news.example', '/feeds/atom.xml?a=1'],
  ['https://news.example.org/feeds/atom.xml', 'https://news.example', '/feeds/atom.xml'],
])('the path of %s is, for a gateway at %s, %s', (topic, publicUrl, path) => {
  expect(feedPathOf(topic, publicUrl)).toBe(path)
})
