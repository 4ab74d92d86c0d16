import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { PrismaClient } from '../../src/db/client/client.ts'
import {
  type Charge,
  charge,
  currentUnits,
  deleteOldUsage,
  quotaHeaders,
  spend,
} from '../../src/licensing/quota.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addPartner } from '../support/partner.ts'

// What one request takes from a partner's quotas, and what is given back.

const NOW = new Date('2026-06-01T08:00:30.500Z')
const MINUTE = new Date('2026-06-01T08:00:00Z')
const DAY = new Date('2026-06-01T00:00:00Z')

let database: TestDatabase
let prisma: PrismaClient
let partnerId: string

beforeAll(async () => {
  database = await freshDatabase()
  prisma = database.prisma
})

beforeEach(async () => {
  ;({ id: partnerId } = await addPartner(prisma, { quotaPerMinute: 2, quotaPerDay: 3 }))
})

afterAll(() => database.close())

const take = (at = NOW) => charge(prisma, partnerId, at)

/** What is counted: in the minute, and in the day. */
async function used(minute = MINUTE, day = DAY): Promise<[number | undefined, number | undefined]> {
  const rows = await prisma.partnerUsage.findMany({ where: { partnerId } })
  const of = (unit: string, start: Date) =>
    rows.find((row) => row.unit === unit && row.start.getTime() === start.getTime())?.requests
  return [of('MINUTE', minute), of('DAY', day)]
}

describe('a request', () => {
  test('takes one from the minute and one from the day, and says what is left', async () => {
    const { left, exceeded } = await take()
    expect(exceeded).toBeNull()
    expect(left).toEqual({
      perMinute: { quota: 2, left: 1, resetsIn: 30 },
      perDay: { quota: 3, left: 2, resetsIn: 57_570 },
    })
    expect(await used()).toEqual([1, 1])
    expect((await take()).left).toMatchObject({ perMinute: { left: 0 }, perDay: { left: 1 } })
  })

  test('beyond the quota of the minute takes nothing', async () => {
    await take()
    await take()
    const refused = await take()
    expect(refused.left).toBeNull()
    expect(refused.exceeded).toMatchObject({ code: 'QUOTA_EXCEEDED', retryAfter: 30 })
    expect(refused.exceeded?.message).toContain('minute')
    expect(await used()).toEqual([2, 2])
    // Nothing was taken, so nothing is given back.
    await refused.refund()
    expect(await used()).toEqual([2, 2])
  })

  test('beyond the quota of the day takes nothing from the minute either', async () => {
    await prisma.partner.update({ where: { id: partnerId }, data: { quotaPerMinute: 10 } })
    for (let i = 0; i < 3; i += 1) await take()
    for (let i = 0; i < 5; i += 1) {
      const { exceeded } = await take()
      expect(exceeded?.message).toContain('day')
      expect(exceeded?.retryAfter).toBe(57_570)
    }
    expect(await used()).toEqual([3, 3])
    const later = new Date('2026-06-01T08:01:00Z')
    expect((await take(later)).exceeded?.message).toContain('day')
    expect(await used(later)).toEqual([0, 3])
  })

  test('of another partner is counted for itself', async () => {
    const other = await addPartner(prisma)
    await take()
    await charge(prisma, other.id, NOW)
    expect(await used()).toEqual([1, 1])
  })

  test('that is given back counts nowhere', async () => {
    await take()
    const { refund, left } = await take()
    expect((await take()).exceeded).not.toBeNull()
    await refund()
    expect(await used()).toEqual([1, 1])
    expect(left).toMatchObject({ perMinute: { left: 1 }, perDay: { left: 2 } })
    expect((await take()).exceeded).toBeNull()
  })

  test('that is given back in the next minute is given back to its own', async () => {
    const before = await take()
    const next = new Date('2026-06-01T08:01:00Z')
    await take(next)
    await before.refund()
    expect(await used()).toEqual([0, 1])
    expect(await used(next)).toEqual([1, 1])
  })

  test('is never counted below nothing', async () => {
    const { refund } = await take()
    await refund()
    await refund()
    expect(await used()).toEqual([0, 0])
  })

  test('of a partner that there is not is refused', async () => {
    const { exceeded } = await charge(prisma, '0198a000-0000-7000-8000-00000000000a', NOW)
    expect(exceeded).toMatchObject({ code: 'QUOTA_EXCEEDED' })
  })

  test('that can not be counted now says to come again', async () => {
    const away = { ...prisma, $queryRaw: () => Promise.reject(new Error('no connection')) }
    await expect(charge(away as never, partnerId, NOW)).rejects.toMatchObject({
      code: 'TEMPORARILY_UNAVAILABLE',
    })
  })

  test('that is refused at a used up quota says so by failing', async () => {
    expect(await spend(prisma, partnerId, NOW)).toMatchObject({ perMinute: { left: 1 } })
    await spend(prisma, partnerId, NOW)
    await expect(spend(prisma, partnerId, NOW)).rejects.toMatchObject({ retryAfter: 30 })
  })
})

test.each([
  ['2026-06-01T08:00:00.000Z', 60, 57_600],
  ['2026-06-01T08:00:00.001Z', 60, 57_600],
  ['2026-06-01T08:00:59.000Z', 1, 57_541],
  ['2026-06-01T08:00:59.999Z', 1, 57_541],
  ['2026-06-01T23:59:59.999Z', 1, 1],
])('at %s the minute begins anew in %i s and the day in %i s', async (at, minute, day) => {
  const { left } = await take(new Date(at))
  expect([left?.perMinute.resetsIn, left?.perDay.resetsIn]).toEqual([minute, day])
})

test('minutes and days begin by UTC', () => {
  expect(currentUnits(NOW)).toEqual({ minute: MINUTE, day: DAY })
  expect(currentUnits(DAY)).toEqual({ minute: DAY, day: DAY })
  const last = new Date('2026-06-01T23:59:59.999Z')
  expect(currentUnits(last)).toEqual({ minute: new Date('2026-06-01T23:59:00Z'), day: DAY })
})

test('headers say what is left, or when to come again', () => {
  const refund = async () => {}
  const left = {
    perMinute: { quota: 60, left: 59, resetsIn: 30 },
    perDay: { quota: 20_000, left: 19_000, resetsIn: 57_570 },
  }
  expect(quotaHeaders({ left, exceeded: null, refund })).toEqual({
    'ratelimit-policy': '"minute";q=60;w=60, "day";q=20000;w=86400',
    ratelimit: '"minute";r=59;t=30, "day";r=19000;t=57570',
  })
  const exceeded = { retryAfter: 30 } as Charge['exceeded']
  expect(quotaHeaders({ left: null, exceeded, refund })).toEqual({ 'retry-after': '30' })
  expect(quotaHeaders({ left: null, exceeded: null, refund })).toEqual({})
})

test('counts of minutes are kept for an hour, and of days for 400 days', async () => {
  const kept = [
    ['MINUTE', '2026-06-01T07:01:00Z'],
    ['MINUTE', '2026-06-01T08:01:00Z'],
    ['DAY', '2026-06-01T00:00:00Z'],
    ['DAY', '2025-04-28T00:00:00Z'],
  ] as const
  const forgotten = [
    ['MINUTE', '2026-06-01T07:00:00Z'],
    ['DAY', '2025-04-27T00:00:00Z'],
  ] as const
  await prisma.partnerUsage.deleteMany()
  await prisma.partnerUsage.createMany({
    data: [...kept, ...forgotten].map(([unit, start]) => ({
      partnerId,
      unit,
      start: new Date(start),
      requests: 1,
    })),
  })
  await deleteOldUsage(prisma, new Date('2026-06-01T08:00:59Z'))
  const left = await prisma.partnerUsage.findMany()
  expect(left.map(({ unit, start }) => [unit, start.toISOString().replace('.000', '')]).toSorted()).toEqual(
    kept.map((row) => [...row]).toSorted(),
  )
})
