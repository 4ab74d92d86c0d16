import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { feedTokenOf, parseKey } from '../../src/auth/api-key.ts'
import type { Bus } from '../../src/bus/bus.ts'
import { notifyPublisher } from '../../src/bus/notify.ts'
import type { PrismaClient } from '../../src/db/client/client.ts'
import { addPartner, type NewPartner } from '../../src/licensing/add-partner.ts'
import { KEY_CHANNEL } from '../../src/licensing/admin-mutations.ts'
import { partnerWithFeedToken, partnerWithKey } from '../../src/licensing/authenticate.ts'
import { checkedTerms } from '../../src/licensing/check-terms.ts'
import { keyRevocations } from '../../src/licensing/key-revocation.ts'
import { audienceForRemovals, audienceOf, upToDate } from '../../src/licensing/partner-audience.ts'
import { servedAudience } from '../../src/licensing/push-audience.ts'
import { rotateKey } from '../../src/licensing/rotate-key.ts'
import { reinstatePartner, suspendPartner } from '../../src/licensing/suspend.ts'
import { noTerms, type Terms } from '../../src/licensing/terms.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import * as partners from '../support/partner.ts'

// Orders about partners, at the last value that is taken and the first that is not.

const NOW = new Date('2026-03-01T12:00:00Z')
const at = (ms: number) => new Date(NOW.getTime() + ms)
const DAY = 86_400_000

let database: TestDatabase
let prisma: PrismaClient

beforeAll(async () => {
  database = await freshDatabase()
  prisma = database.prisma
  const world = await prisma.topic.create({ data: { slug: 'world', label: 'World' } })
  await prisma.topic.create({ data: { slug: 'region', label: 'Region', parentId: world.id } })
})

afterAll(() => database.close())

/** What orders need, with what they publish. */
function orders(now = NOW) {
  const announced: { channel: string; payload: string }[] = []
  const real = notifyPublisher(prisma)
  const transaction: Bus['transaction'] = (work, options) =>
    real.transaction((tx) => work(tx, async (message) => void announced.push(message)), options)
  return { bus: { ...real, transaction }, now: () => now, admin: 'test', announced }
}

const added = () => partners.addPartner(prisma, {}, () => NOW)
const keysOf = (partnerId: string) =>
  prisma.partnerKey.findMany({ where: { partnerId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })

describe('a new partner', () => {
  const add = (order: Partial<NewPartner>) =>
    addPartner({ slug: 'a-partner', name: 'A partner', ...order }, orders())

  test('has a slug of 80 characters and a name of 200 at most, in one spelling', async () => {
    const { partner, key } = await add({
      slug: 'x'.repeat(80),
      name: `  ${'e\u0301'.repeat(100)}  ${'x'.repeat(99)} `,
    })
    expect(partner).toMatchObject({
      slug: 'x'.repeat(80),
      name: `${'é'.repeat(100)} ${'x'.repeat(99)}`,
      createdAt: NOW,
      suspendedAt: null,
      quotaPerMinute: 60,
      quotaPerDay: 20_000,
    })
    expect(await keysOf(partner.id)).toMatchObject([
      { kind: 'FULL', prefix: key.prefix, hash: key.hash, createdAt: NOW, expiresAt: null, lastUsedAt: null },
    ])
    const history = await prisma.licenceChange.findMany({ where: { partnerId: partner.id } })
    expect(history).toMatchObject([{ version: 1, admin: 'test', at: NOW, terms: { ...noTerms } }])
  })

  test.each([
    ['slug', { slug: 'x'.repeat(81) }],
    ['slug', { slug: '' }],
    ['slug', { slug: '-a' }],
    ['slug', { slug: 'a-' }],
    ['slug', { slug: 'a--b' }],
    ['slug', { slug: 'A' }],
    ['slug', { slug: 'é' }],
    ['slug', { slug: 'a\n' }],
    ['name', { name: 'x'.repeat(201) }],
    ['name', { name: 'a\u0000b' }],
    ['name', { name: '\t\n' }],
    ['quotaPerMinute', { quotaPerMinute: 1_000_001 }],
    ['quotaPerDay', { quotaPerDay: 0 }],
  ])('is not added with such a %s: %j', async (field, order) => {
    await expect(add(order)).rejects.toMatchObject({ code: 'INVALID_INPUT', field })
  })
})

describe('a licence', () => {
  const check = (terms: Partial<Terms>) => checkedTerms(prisma, { ...noTerms, ...terms })
  const many = (count: number) => Array.from({ length: count }, (_, i) => `Agency ${i}`)

  test.each<[Partial<Terms>]>([
    [{ agencies: many(500) }],
    [{ agencies: ['x'.repeat(200)] }],
    [{ attribution: 'x'.repeat(500) }],
    [{ retentionDays: 1 }],
    [{ retentionDays: 36_500 }],
    [{ retentionDays: null }],
    [{ validFrom: NOW, validUntil: at(1) }],
    [{ validFrom: at(1), validUntil: null }],
    [{ topics: ['*', 'region'], sections: ['world'] }],
  ])('may say: %#', async (terms) => {
    expect(await check(terms)).toEqual({ ...noTerms, ...terms })
  })

  test.each<[string, Partial<Terms>]>([
    ['agencies', { agencies: many(501) }],
    ['agencies', { agencies: ['x'.repeat(201)] }],
    ['topics', { topics: many(501) }],
    ['attribution', { attribution: 'x'.repeat(501) }],
    ['retentionDays', { retentionDays: 0 }],
    ['retentionDays', { retentionDays: 36_501 }],
    ['retentionDays', { retentionDays: 1.5 }],
    ['validUntil', { validFrom: NOW, validUntil: NOW }],
    ['topics', { topics: ['nowhere'] }],
    ['topics', { topics: [''] }],
    ['sections', { sections: ['region'] }],
    ['sections', { sections: ['nowhere'] }],
    ['languages', { languages: ['not a language'] }],
  ])('may not, of its %s, say: %#', async (field, terms) => {
    await expect(check(terms)).rejects.toMatchObject({ code: 'INVALID_INPUT', field })
  })
})

describe('keys are rotated', () => {
  test('with an overlap of 90 days at most', async () => {
    const { slug, id } = await added()
    for (const overlap of [-1, 0.5, 90 * 86_400 + 1]) {
      await expect(rotateKey({ slug, kind: 'FULL', overlap }, orders())).rejects.toMatchObject({
        field: 'overlap',
      })
    }
    const { oldKeysExpireAt } = await rotateKey({ slug, kind: 'FULL', overlap: 90 * 86_400 }, orders())
    expect(oldKeysExpireAt).toEqual(at(90 * DAY))
    expect(await keysOf(id)).toMatchObject([{ expiresAt: at(90 * DAY) }, { expiresAt: null }])
  })

  test('with an overlap of a day where nobody says how long', async () => {
    const { slug } = await added()
    expect((await rotateKey({ slug, kind: 'FULL' }, orders())).oldKeysExpireAt).toEqual(at(DAY))
  })

  test('so that none ends later than it would have, and all end at once when told so', async () => {
    const { slug, id } = await added()
    await rotateKey({ slug, kind: 'FULL', overlap: 60 }, orders(at(1)))
    await rotateKey({ slug, kind: 'FULL', overlap: 3_600 }, orders(at(2)))
    await rotateKey({ slug, kind: 'FEED' }, orders(at(3)))
    expect((await keysOf(id)).map(({ expiresAt }) => expiresAt)).toEqual([
      at(1 + 60_000),
      at(2 + 3_600_000),
      null,
      null,
    ])
    const { announced, ...deps } = orders(at(1_000))
    const { oldKeysExpireAt } = await rotateKey({ slug, kind: 'FULL', overlap: 0 }, deps)
    expect(oldKeysExpireAt).toEqual(at(1_000))
    const keys = await keysOf(id)
    expect(keys.map(({ kind, expiresAt }) => [kind, expiresAt])).toEqual([
      ['FULL', at(1_000)],
      ['FULL', at(1_000)],
      ['FULL', at(1_000)],
      ['FEED', null],
      ['FULL', null],
    ])
    // Every gateway hears of those that are open.
    expect(announced.map(({ channel }) => channel)).toEqual(Array(4).fill(KEY_CHANNEL))
    expect(new Set(announced.map(({ payload }) => payload))).toEqual(
      new Set(keys.slice(0, 4).map((key) => key.id)),
    )
  })

  test('without a hint where they are good for a while, and without an end where there were none', async () => {
    const { slug } = await added()
    const { announced, ...deps } = orders()
    await rotateKey({ slug, kind: 'FULL', overlap: 60 }, deps)
    expect(announced).toEqual([])
    expect((await rotateKey({ slug, kind: 'FEED', overlap: 0 }, deps)).oldKeysExpireAt).toBeNull()
  })
})

test('a partner is suspended at one moment, which a second order does not move, and every gateway hears of it', async () => {
  const { slug, id } = await added()
  const first = orders()
  expect(await suspendPartner(slug, first)).toMatchObject({ suspendedAt: NOW })
  const [key] = await keysOf(id)
  expect(first.announced).toEqual([{ channel: KEY_CHANNEL, payload: key?.id }])
  expect(await suspendPartner(slug, orders(at(1)))).toMatchObject({ suspendedAt: NOW })
  expect(await reinstatePartner(slug, orders())).toMatchObject({ suspendedAt: null })
})

describe('who is let in', () => {
  test('by a key is its partner, until the key expires; by a feed key not while it is suspended', async () => {
    const { slug, id, key } = await added()
    const feed = await partners.addKey(prisma, slug, 'FEED', () => NOW)
    const token = feedTokenOf(parseKey(feed) as never)
    const deps = (now = NOW) => ({ prisma, now: () => now })
    expect(await partnerWithKey(key, 'FULL', deps())).toEqual({
      role: 'partner',
      partnerId: id,
      keyId: expect.any(String),
      feedToken: feedTokenOf(parseKey(key) as never),
      subject: null,
      displayName: expect.any(String),
      expiresAt: null,
    })
    expect(await partnerWithFeedToken(token, deps())).toMatchObject({ partnerId: id, feedToken: token })
    await prisma.partnerKey.updateMany({ where: { partnerId: id }, data: { expiresAt: at(5) } })
    for (const open of [
      (now: Date) => partnerWithKey(key, 'FULL', deps(now)),
      (now: Date) => partnerWithKey(feed, 'FEED', deps(now)),
      (now: Date) => partnerWithFeedToken(token, deps(now)),
    ]) {
      expect(await open(at(4))).toMatchObject({ expiresAt: at(5) })
      await expect(open(at(5))).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' })
    }
    await suspendPartner(slug, orders())
    expect(await partnerWithKey(key, 'FULL', deps())).toMatchObject({ isSuspended: true })
    await expect(partnerWithKey(feed, 'FEED', deps())).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' })
    await expect(partnerWithFeedToken(token, deps())).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' })
    await expect(partnerWithFeedToken('nonsense', deps())).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' })
  })

  test('is barred by the keys that are good no longer', async () => {
    const { slug, id } = await added()
    await rotateKey({ slug, kind: 'FULL', overlap: 60 }, orders())
    const [old, fresh] = await keysOf(id)
    const unknown = '0198a000-0000-7000-8000-00000000000a'
    const ids = [old?.id, fresh?.id, unknown] as string[]
    const barred = (now: Date) => keyRevocations({ prisma, now: () => now }).findRevoked(ids)
    expect(await barred(at(59_999))).toEqual(new Set([unknown]))
    expect(await barred(at(60_000))).toEqual(new Set([old?.id, unknown]))
    await suspendPartner(slug, orders())
    expect(await barred(NOW)).toEqual(new Set(ids))
  })
})

describe('an audience', () => {
  test('is what the viewer is, with the licence as it stands now', async () => {
    const { slug, id } = await added()
    const viewer = (role: string, more = {}) =>
      ({ role, subject: 's', displayName: null, expiresAt: null, ...more }) as never
    for (const role of ['anonymous', 'reader', 'moderator']) {
      expect(await audienceOf(viewer(role), prisma)).toEqual({ kind: 'public' })
    }
    for (const role of ['editor', 'admin']) {
      expect(await audienceOf(viewer(role), prisma)).toEqual({ kind: 'newsroom' })
    }
    const own = await audienceOf(viewer('partner', { partnerId: id }), prisma)
    expect(own).toMatchObject({ kind: 'partner', id, slug, terms: { topics: ['*'], fullText: true } })
    await partners.relicense(prisma, slug, { fullText: false })
    expect(await upToDate(own, prisma)).toMatchObject({ terms: { fullText: false } })
    expect(await servedAudience(id, prisma)).toMatchObject({ id, terms: { fullText: false } })
    const findUnique = vi.fn()
    expect(await upToDate({ kind: 'public' }, { partner: { findUnique } } as never)).toEqual({
      kind: 'public',
    })
    expect(findUnique).not.toHaveBeenCalled()
  })

  test.each(['suspended', 'without a licence'])(
    'of a partner %s is none, but for what it must remove',
    async (how) => {
      const { slug, id } = await added()
      const before = await audienceForRemovals(id, prisma)
      if (how === 'suspended') await suspendPartner(slug, orders())
      else await prisma.licence.deleteMany({ where: { partnerId: id } })
      await expect(upToDate(before, prisma)).rejects.toMatchObject({ code: 'FORBIDDEN' })
      expect(await servedAudience(id, prisma)).toBeNull()
      const terms = how === 'suspended' ? before.terms : noTerms
      expect(await audienceForRemovals(id, prisma)).toMatchObject({ kind: 'partner', id, slug, terms })
    },
  )
})
