import { fromPrisma, type PgBoss } from 'pg-boss'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { notifyPublisher } from '../../src/bus/notify.ts'
import type { PrismaClient, WebhookEndpoint } from '../../src/db/client/client.ts'
import { JobQueue } from '../../src/jobs/queue.ts'
import { suspendPartner } from '../../src/licensing/suspend.ts'
import { recordDeliveries } from '../../src/syndication/ledger.ts'
import { queueSome } from '../../src/webhooks/queue-some.ts'
import {
  countWaiting,
  raisePriority,
  retryNow,
  returnToSequence,
  rewindEndpoint,
} from '../../src/webhooks/waiting.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addHook } from '../support/hook.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'
import { fillQueue, waitingFor, writeChanges } from './backlog.ts'

// What of the change sequence is in the queue, and what is given back to it.

const NOW = new Date('2026-03-01T12:00:00Z')
const at = (ms: number) => new Date(NOW.getTime() + ms)

let database: TestDatabase
let prisma: PrismaClient
let queue: JobQueue
let boss: PgBoss
let partner: { id: string; slug: string }
let id: string

beforeAll(async () => {
  database = await freshDatabase()
  prisma = database.prisma
  queue = new JobQueue(database, pino({ level: 'silent' }))
  boss = await queue.open()
})

// Each test has a webhook of its own, and nobody else's messages.
beforeEach(async () => {
  await database.executeSql(`DELETE FROM pgboss.job`)
  partner = await addPartner(prisma)
  ;({ id } = await addHook(prisma, partner.slug, 'https://a.example/'))
})

afterAll(async () => {
  await queue.close()
  await database.close()
})

/** One turn, as a gateway takes it. */
function turn(now = NOW): Promise<boolean> {
  return prisma.$transaction((tx) => queueSome(tx, { endpointId: id, boss, now }))
}

const endpoint = () => prisma.webhookEndpoint.findUniqueOrThrow({ where: { id } })
const change = (data: Partial<WebhookEndpoint>) => prisma.webhookEndpoint.update({ where: { id }, data })
const head = async () => (await prisma.changeHead.findUniqueOrThrow({ where: { id: 1 } })).position

const waiting = () => waitingFor(id, database)
const changes = (count: number) => writeChanges(count, prisma)
const fill = (count: number, priority = 0, state = 'created') =>
  fillQueue({ id, count, priority, state }, boss, database)

/** A story that the partner was given, and is then taken from view. */
async function withdrawn(): Promise<string> {
  const { key, slug } = await addArticle(prisma)
  const handed = { articleId: key, version: 1, kind: 'ARTICLE', lapsesAt: null } as const
  await recordDeliveries(prisma, { partnerId: partner.id, via: 'REST', at: NOW }, [handed])
  await addArticle(prisma, { slug, status: 'WITHHELD' })
  return key
}

describe('messages are queued', () => {
  test('100 at once and 200 in all, and more as soon as there is room', async () => {
    await change({ position: await head() })
    await changes(250)
    const start = (await head()) - 250
    expect(await turn()).toBe(true)
    expect((await waiting()).map(({ position }) => position)).toEqual(
      Array.from({ length: 100 }, (_, i) => start + i + 1),
    )
    expect(await endpoint()).toMatchObject({ position: start + 100, positionWithin: null })
    expect(await turn()).toBe(true)
    expect(await waiting()).toHaveLength(200)
    await turn()
    expect(await waiting()).toHaveLength(200)
    // Messages that are done take no place.
    await database.executeSql(
      `UPDATE pgboss.job SET state = 'completed' WHERE ("data"->>'position')::int <= $1`,
      [start + 7],
    )
    await turn()
    expect(await endpoint()).toMatchObject({ position: start + 207 })
  })

  test('until there are none left', async () => {
    await change({ position: await head() })
    await changes(2)
    expect(await turn()).toBe(true)
    expect(await endpoint()).toMatchObject({ position: await head() })
    expect(await turn()).toBe(false)
    expect(await waiting()).toHaveLength(2)
  })

  test.each([
    [59_999, 100],
    [60_000, 20],
  ])('for one that has been failing for %i ms no more than %i', async (ms, count) => {
    await change({ position: await head(), failingSince: at(-ms) })
    await changes(150)
    await turn()
    expect(await waiting()).toHaveLength(count)
    expect(await prisma.webhookEndpoint.count({ where: { id, failingSince: at(-ms) } })).toBe(1)
  })

  test('not for one that is disabled', async () => {
    await changes(2)
    await change({ disabledAt: NOW })
    expect(await turn()).toBe(false)
    expect(await waiting()).toEqual([])
    expect(await prisma.webhookEndpoint.count({ where: { id, queuedAt: null } })).toBe(1)
  })

  test('not when another gateway has just queued, by a clock that is later than this turn', async () => {
    await changes(2)
    await database.executeSql(
      `UPDATE "WebhookEndpoint" SET "queuedAt" = now() + interval '1 hour' WHERE id = $1`,
      [id],
    )
    expect(await turn()).toBe(false)
    expect(await waiting()).toEqual([])
    await database.executeSql(`UPDATE "WebhookEndpoint" SET "queuedAt" = now() WHERE id = $1`, [id])
    await turn()
    expect((await waiting()).length).toBeGreaterThan(0)
  })
})

describe('removals', () => {
  test('go first, before what stands in front of them, and again in their turn', async () => {
    await change({ position: await head() })
    await changes(150)
    await withdrawn()
    const end = await head()
    await turn()
    const urgent = (await waiting()).filter(({ priority }) => priority === 1)
    expect(urgent.map(({ position }) => position)).toEqual([end])
    expect((await waiting()).filter(({ priority }) => priority === 0)).toHaveLength(100)
    expect(await endpoint()).toMatchObject({ removalsPosition: end, removalsWithin: null })
    // The same message, so it is not queued twice.
    await turn()
    await turn()
    expect((await waiting()).filter(({ position }) => position === end)).toHaveLength(1)
    expect(await endpoint()).toMatchObject({ position: end })
  })

  test('have room of their own', async () => {
    await change({ position: await head() })
    await withdrawn()
    await fill(200)
    await turn()
    expect((await waiting()).filter(({ priority, position }) => priority === 1 && position > 1)).toHaveLength(
      1,
    )
    expect(await endpoint()).toMatchObject({ removalsPosition: await head() })
  })

  test('take none from others', async () => {
    await change({ position: await head() })
    const before = await endpoint()
    await changes(3)
    await fill(200, 1)
    await turn()
    expect((await waiting()).filter(({ priority }) => priority === 0)).toHaveLength(3)
    expect(await endpoint()).toMatchObject({ removalsPosition: before.removalsPosition })
  })

  test('that were queued in their turn are not looked for again', async () => {
    await withdrawn()
    await change({ position: await head(), removalsPosition: 0 })
    expect(await turn()).toBe(false)
    expect(await waiting()).toEqual([])
  })

  test('are all that a suspended partner is sent', async () => {
    await change({ position: await head() })
    const { position } = await endpoint()
    await changes(3)
    await withdrawn()
    await suspendPartner(partner.slug, { bus: notifyPublisher(prisma), now: () => NOW, admin: 'test' })
    expect(await turn()).toBe(true)
    expect(await waiting()).toMatchObject([{ position: await head(), priority: 1 }])
    expect(await endpoint()).toMatchObject({ position, removalsPosition: await head() })
    expect(await turn()).toBe(false)
  })

  test('hasten older messages about the same story, and no other ones', async () => {
    const articleId = await withdrawn()
    const message = (position: number, story: string) => ({
      data: { position },
      group: { id },
      singletonKey: `${id}/${story}`,
    })
    await boss.insert('webhooks', [message(1, articleId), message(2, 'another story')])
    await change({ position: (await head()) - 1, removalsPosition: (await head()) - 1 })
    await turn()
    expect((await waiting()).map(({ position, priority }) => [position, priority])).toEqual([
      [1, 1],
      [2, 0],
      [await head(), 1],
    ])
  })
})

describe('a message that waits for its next attempt', () => {
  /** Messages that failed, due in an hour. */
  async function failed(...stories: string[]): Promise<void> {
    await boss.insert(
      'webhooks',
      stories.map((story, i) => ({
        data: { position: i + 1 },
        group: { id },
        singletonKey: `${id}/${story}`,
      })),
    )
    await database.executeSql(
      `UPDATE pgboss.job SET state = 'retry', start_after = now() + interval '1 hour' WHERE "group_id" = $1`,
      [id],
    )
  }
  const due = async () => (await waiting()).map((row) => row.due)

  test('goes at once when something new is queued about its story', async () => {
    const { key, slug } = await addArticle(prisma)
    await failed(key, 'another story')
    await change({ position: await head() })
    await addArticle(prisma, { slug, headline: 'New words' })
    await turn()
    expect(await due()).toEqual([true, false, true])
  })

  test('goes at once, with all of its webhook, when that is back', async () => {
    await failed('one', 'two')
    const other = await addHook(prisma, partner.slug, 'https://b.example/')
    await retryNow(boss, prisma, other.id)
    expect(await due()).toEqual([false, false])
    await retryNow(boss, prisma, id, [])
    expect(await due()).toEqual([false, false])
    await retryNow(boss, prisma, id)
    expect(await due()).toEqual([true, true])
  })
})

test('what waits and what is under way takes a place, and what is done or is for others does not', async () => {
  const other = await addHook(prisma, partner.slug, 'https://b.example/')
  await fill(3)
  await fill(2, 1)
  await fill(1, 0, 'active')
  await fill(1, 1, 'retry')
  await fill(5, 0, 'completed')
  await fill(5, 1, 'failed')
  expect(await prisma.$transaction((tx) => countWaiting(tx, id))).toEqual({ urgent: 3, others: 4 })
  expect(await prisma.$transaction((tx) => countWaiting(tx, other.id))).toEqual({ urgent: 0, others: 0 })
})

test('a message that is under way is not hastened any more', async () => {
  await fill(1, 0, 'active')
  await fill(1)
  await prisma.$transaction((tx) =>
    raisePriority(tx, [`${id}/filled-active-0-0`, `${id}/filled-created-0-0`]),
  )
  expect((await waiting()).map(({ state, priority }) => [state, priority]).toSorted()).toEqual([
    ['active', 0],
    ['created', 1],
  ])
})

describe('a webhook that is sent nothing any more', () => {
  const back = (also?: number) => prisma.$transaction((tx) => returnToSequence(boss, tx, id, also))
  const put = (...positions: number[]) =>
    boss.insert(
      'webhooks',
      positions.map((position) => ({
        data: { position },
        group: { id },
        singletonKey: `${id}/story-${position}`,
      })),
    )
  const WITHIN = '0198a000-0000-7000-8000-00000000000a'

  test('gives back all that is not under way, and begins again with the first of that', async () => {
    await change({ position: 9, positionWithin: WITHIN, removalsPosition: 8, removalsWithin: WITHIN })
    await put(7, 5, 6, 4)
    await database.executeSql(`UPDATE pgboss.job SET state = 'active' WHERE "data"->>'position' = '4'`)
    await database.executeSql(`UPDATE pgboss.job SET state = 'retry' WHERE "data"->>'position' = '5'`)
    await back()
    expect(await waiting()).toMatchObject([{ position: 4, state: 'active' }])
    expect(await endpoint()).toMatchObject({
      position: 4,
      positionWithin: null,
      removalsPosition: 4,
      removalsWithin: null,
    })
  })

  test('gives back the message that was under way too', async () => {
    await change({ position: 9, removalsPosition: 9 })
    await put(7)
    await back(3)
    expect(await endpoint()).toMatchObject({ position: 2, removalsPosition: 2 })
    await change({ position: 9, removalsPosition: 0 })
    await back(8)
    expect(await endpoint()).toMatchObject({ position: 7, removalsPosition: 0 })
  })

  test('stays where it is when nothing waits', async () => {
    const other = await addHook(prisma, partner.slug, 'https://b.example/')
    await change({ position: 9, removalsPosition: 9, positionWithin: WITHIN })
    await put(3)
    await prisma.$transaction((tx) => returnToSequence(boss, tx, other.id))
    expect(await waiting()).toHaveLength(1)
    await boss.deleteJob('webhooks', (await waiting())[0]?.id as string, { db: fromPrisma(prisma) })
    await back()
    expect(await endpoint()).toMatchObject({ position: 9, removalsPosition: 9, positionWithin: WITHIN })
  })

  test.each([
    [9, WITHIN, 5, { position: 4, positionWithin: null }],
    [4, WITHIN, 5, { position: 4, positionWithin: null }],
    [3, WITHIN, 5, { position: 3, positionWithin: WITHIN }],
    [3, null, 5, { position: 3, positionWithin: null }],
  ])('at %i, within %s, is set back to %i', async (position, positionWithin, to, then) => {
    await change({ position, positionWithin })
    await prisma.$transaction((tx) => rewindEndpoint(tx, id, to))
    expect(await endpoint()).toMatchObject(then)
  })
})
