import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { Forbidden } from '../../src/base/errors.ts'
import type { PrismaClient } from '../../src/db/client/client.ts'
import type { OutboundRequest, OutboundResponse } from '../../src/net/outbound-http.ts'
import type { RenderFeed } from '../../src/websub/feed.ts'
import type { Intent } from '../../src/websub/job.ts'
import { verifyIntent } from '../../src/websub/verify.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addPartner } from '../support/partner.ts'
import { digest, feedOf, fieldsOf, network, PUBLIC, TOPIC } from './feeds.ts'

// How a callback is asked, and what is kept of its answer.

const NOW = new Date('2026-03-01T12:00:00Z')
const at = (ms: number) => new Date(NOW.getTime() + ms)
const CALLBACK = 'https://reader.example/callback?id=7'
const never = new AbortController().signal

let database: TestDatabase
let prisma: PrismaClient

beforeAll(async () => {
  database = await freshDatabase()
  prisma = database.prisma
})

beforeEach(async () => void (await prisma.webSubSubscription.deleteMany()))

afterAll(() => database.close())

const intent: Intent = {
  mode: 'subscribe',
  asked: `${TOPIC}#as-asked`,
  topic: TOPIC,
  callback: CALLBACK,
  partnerId: null,
  leaseSeconds: 7_200,
  secret: 'a secret',
}
const confirming = (letter: OutboundRequest): Partial<OutboundResponse> => ({
  status: 200,
  body: fieldsOf(letter)['hub.challenge'] ?? '',
})

async function verify(
  change: Partial<Intent> = {},
  {
    answer = confirming as (letter: OutboundRequest) => Partial<OutboundResponse> | Error,
    render = (async () => feedOf('As it is now')) as RenderFeed,
    signal = never,
    now = NOW,
  } = {},
) {
  const { letters, sendRequest } = network(answer)
  const deps = { prisma, now: () => now, sendRequest, render, publicUrl: () => PUBLIC }
  return { confirmed: await verifyIntent({ ...intent, ...change }, signal, deps), letters }
}

const rows = () => prisma.webSubSubscription.findMany()
const keep = (more: object = {}) =>
  prisma.webSubSubscription.create({
    data: {
      topic: TOPIC,
      callback: CALLBACK,
      createdAt: at(-1),
      leaseUntil: at(1_000),
      sentDigest: digest('As it was'),
      secret: 'older',
      ...more,
    },
  })

describe('who subscribes', () => {
  test('is asked with a challenge, behind what its address has of its own, and is kept', async () => {
    const { confirmed, letters } = await verify()
    expect(confirmed).toBe(true)
    expect(letters).toHaveLength(1)
    const [question] = letters as [OutboundRequest]
    expect(question).toMatchObject({ method: 'GET', read: 44 })
    expect(question.url).toMatch(/^https:\/\/reader\.example\/callback\?id=7&hub\.mode=/)
    expect(fieldsOf(question)).toEqual({
      id: '7',
      'hub.mode': 'subscribe',
      'hub.topic': intent.asked,
      'hub.challenge': expect.stringMatching(/^[\w-]{43}$/),
      'hub.lease_seconds': '7200',
    })
    expect(await rows()).toMatchObject([
      {
        topic: TOPIC,
        callback: CALLBACK,
        partnerId: null,
        secret: 'a secret',
        createdAt: NOW,
        leaseUntil: at(7_200_000),
        sentDigest: digest('As it is now'),
      },
    ])
  })

  test('is asked with another challenge each time', async () => {
    const challenge = async () => fieldsOf((await verify()).letters[0] as OutboundRequest)['hub.challenge']
    expect(await challenge()).not.toBe(await challenge())
  })

  test('again is kept with its new terms, and is still sent what had not arrived', async () => {
    const { id } = await keep()
    expect((await verify({ secret: null, leaseSeconds: 3_600 })).confirmed).toBe(true)
    expect(await rows()).toMatchObject([
      {
        id,
        createdAt: at(-1),
        secret: null,
        leaseUntil: at(3_600_000),
        sentDigest: digest('As it was'),
      },
    ])
  })

  test('as somebody else has the feed as that one is given it', async () => {
    const { id: partnerId } = await addPartner(prisma)
    await keep()
    expect((await verify({ partnerId })).confirmed).toBe(true)
    expect(await rows()).toMatchObject([{ partnerId, sentDigest: digest('As it is now') }])
  })

  test.each([199, 300, 302, 404, 500])('and answers %i is not kept', async (status) => {
    const { confirmed } = await verify({}, { answer: (letter) => ({ ...confirming(letter), status }) })
    expect([confirmed, await rows()]).toEqual([false, []])
  })

  test.each([
    ['nothing', ''],
    ['something else', 'x'.repeat(43)],
  ])('and says %s is not kept', async (_what, body) => {
    const { confirmed } = await verify({}, { answer: () => ({ status: 200, body }) })
    expect([confirmed, await rows()]).toEqual([false, []])
  })

  test('and does not answer is not kept, unless we were told to stop', async () => {
    const answer = () => new Error('no such host')
    expect((await verify({}, { answer })).confirmed).toBe(false)
    const signal = AbortSignal.abort(new Error('stopped'))
    await expect(verify({}, { answer, signal })).rejects.toThrow('stopped')
    expect(await rows()).toEqual([])
  })
})

describe('who asks for what can not be had is denied, once, with the reason', () => {
  test.each<[string, RenderFeed, string]>([
    ['no feed', async () => null, 'The feed does not exist.'],
    ['a feed by another address', async () => feedOf('x', `${TOPIC}?limit=20`), 'The feed does not exist.'],
    ['a story', async () => ({ ...feedOf('x'), links: null }), 'The feed does not exist.'],
    ['what is forbidden', () => Promise.reject(new Forbidden('Not for you.')), 'Not for you.'],
  ])('%s', async (_what, render, reason) => {
    const { confirmed, letters } = await verify({}, { render })
    expect(confirmed).toBe(false)
    expect(letters.map(({ method, url }) => [method, fieldsOf({ url } as OutboundRequest)])).toEqual([
      ['GET', { id: '7', 'hub.mode': 'denied', 'hub.topic': intent.asked, 'hub.reason': reason }],
    ])
    expect(await rows()).toEqual([])
  })

  test('a partner that is suspended', async () => {
    const { id: partnerId } = await addPartner(prisma)
    await prisma.partner.update({ where: { id: partnerId }, data: { suspendedAt: NOW } })
    const render = vi.fn(async () => feedOf('x'))
    const { letters } = await verify({ partnerId }, { render })
    expect(fieldsOf(letters[0] as OutboundRequest)['hub.reason']).toBe('This partner is suspended.')
    expect(render).not.toHaveBeenCalled()
  })

  test('and does not have to hear it', async () => {
    const answer = () => new Error('no such host')
    expect((await verify({}, { render: async () => null, answer })).confirmed).toBe(false)
  })

  test('a fault of ours is none of its reasons', async () => {
    const render = () => Promise.reject(new Error('the database is away'))
    await expect(verify({}, { render })).rejects.toThrow('the database is away')
  })
})

test("a feed is looked for by its path below the gateway's own, for whoever asks", async () => {
  const render = vi.fn(async () => feedOf('x'))
  await verify({}, { render })
  expect(render).toHaveBeenCalledExactlyOnceWith('/feeds/atom.xml', { kind: 'public' })
  const { id, slug } = await addPartner(prisma)
  await verify({ partnerId: id, callback: `${CALLBACK}&own` }, { render })
  expect(render).toHaveBeenLastCalledWith(
    '/feeds/atom.xml',
    expect.objectContaining({ kind: 'partner', id, slug }),
  )
})

describe('who unsubscribes', () => {
  const unsubscribe = { mode: 'unsubscribe' } as const

  test('is asked without a lease, and is forgotten', async () => {
    await keep()
    const other = await keep({ callback: `${CALLBACK}&other` })
    const { confirmed, letters } = await verify(unsubscribe)
    expect(confirmed).toBe(true)
    expect(fieldsOf(letters[0] as OutboundRequest)).toEqual({
      id: '7',
      'hub.mode': 'unsubscribe',
      'hub.topic': intent.asked,
      'hub.challenge': expect.any(String),
    })
    expect(await rows()).toMatchObject([{ id: other.id }])
  })

  test('and does not confirm it stays', async () => {
    await keep()
    expect((await verify(unsubscribe, { answer: () => ({ status: 404 }) })).confirmed).toBe(false)
    expect(await rows()).toHaveLength(1)
  })

  test('from what it has not subscribed to is not asked', async () => {
    const { confirmed, letters } = await verify(unsubscribe)
    expect([confirmed, letters]).toEqual([false, []])
  })

  test('from a feed that is gone can do so', async () => {
    await keep()
    expect((await verify(unsubscribe, { render: async () => null })).confirmed).toBe(true)
  })
})

describe("a partner's subscription", () => {
  test.each(['subscribe', 'unsubscribe'] as const)('is not changed without its key: %s', async (mode) => {
    const { id: partnerId } = await addPartner(prisma)
    const rival = await addPartner(prisma)
    const kept = await keep({ partnerId })
    for (const other of [null, rival.id]) {
      const { confirmed, letters } = await verify({ mode, partnerId: other })
      expect([confirmed, letters]).toEqual([false, []])
    }
    // A moment before its lease ends it is the partner's, and then it is anybody's.
    expect((await verify({ mode }, { now: at(999) })).confirmed).toBe(false)
    expect(await rows()).toEqual([kept])
    expect((await verify({ mode, partnerId })).confirmed).toBe(true)
  })

  test('is anybody’s from the end of its lease on', async () => {
    const { id: partnerId } = await addPartner(prisma)
    await keep({ partnerId })
    expect((await verify({}, { now: at(1_000) })).confirmed).toBe(true)
    expect(await rows()).toMatchObject([{ partnerId: null, sentDigest: digest('As it is now') }])
  })
})
