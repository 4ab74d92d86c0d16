import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRateLimits } from '../../src/http/open-limits.ts'
import { addAttempts, deleteOldAttempts } from '../../src/rate-limits/counts.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.close())

const HOUR = Date.UTC(2026, 2, 1, 12)
const attempts = (key: string, start: number, count = 1) => ({ key, start, count })

test('attempts are added up for each key and span, and answered in the order given', async () => {
  const { prisma } = database
  const batch = [attempts('b', HOUR, 2), attempts('a', HOUR, 3), attempts('b', HOUR + 60_000, 5)]
  expect(await addAttempts(prisma, batch)).toEqual([2, 3, 5])
  expect(await addAttempts(prisma, batch.toReversed())).toEqual([10, 6, 4])
  expect(await addAttempts(prisma, [])).toEqual([])
})

test('counts are kept for two hours from the start of their span, so that no running hour is forgotten', async () => {
  const { prisma } = database
  const ages = [0, 3_600_000, 7_199_000, 7_200_000, 7_201_000, 86_400_000]
  await addAttempts(
    prisma,
    ages.map((age) => attempts(`aged ${age}`, HOUR - age)),
  )
  await deleteOldAttempts(prisma, new Date(HOUR))
  const left = await prisma.rateCount.findMany({ where: { key: { startsWith: 'aged' } } })
  expect(left.map(({ key }) => Number(key.split(' ')[1])).sort((a, b) => a - b)).toEqual([
    0, 3_600_000, 7_199_000, 7_200_000,
  ])
})

test('a reader who has used up an hour is still refused when old counts have been removed', async () => {
  const { prisma } = database
  let at = HOUR
  const open = () =>
    openRateLimits(
      { submissionsPerMinute: 10, submissionsPerHour: 12, failedSignInsPerMinute: 20 },
      { prisma, now: () => new Date(at), onFailure: () => {} },
    ).submissions
  const submissions = open()
  for (const minute of [0, 1]) {
    at = HOUR + minute * 60_000
    for (let n = 0; n < 6; n++) expect(await submissions.count('Ada')).toBe(null)
  }
  at = HOUR + 45 * 60_000
  await deleteOldAttempts(prisma, new Date(at))
  // Another gateway, which remembers nothing.
  expect(await open().count('Ada')).toBe(15 * 60)
})
