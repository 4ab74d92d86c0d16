import type { Job, PgBoss } from 'pg-boss'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { readChangeHead } from '../../src/changelog/head.ts'
import type { PrismaClient, WebhookEndpoint } from '../../src/db/client/client.ts'
import { PushCounters } from '../../src/jobs/metrics.ts'
import { JobQueue } from '../../src/jobs/queue.ts'
import type { OutboundRequest, OutboundResponse } from '../../src/net/outbound-http.ts'
import type { WebhookJob } from '../../src/webhooks/job.ts'
import { queueSome } from '../../src/webhooks/queue-some.ts'
import { send } from '../../src/webhooks/send.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addHook } from '../support/hook.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'

// One attempt to deliver a message, and what becomes of its job and of its webhook.

const NOW = new Date('2026-03-01T12:00:00.700Z')
const at = (ms: number) => new Date(NOW.getTime() + ms)
const HOUR = 3_600_000
const DAY = 24 * HOUR

let database: TestDatabase
let prisma: PrismaClient
let queue: JobQueue
let boss: PgBoss
let partner: { id: string; slug: string }
let id: string
let articleId: string

beforeAll(async () => {
  database = await freshDatabase()
  prisma = database.prisma
  queue = new JobQueue(database, pino({ level: 'silent' }))
  boss = await queue.open()
})

// Each test has a webhook of its own, with one message in the queue.
beforeEach(async () => {
  await database.executeSql(`DELETE FROM pgboss.job`)
  partner = await addPartner(prisma)
  ;({ id } = await addHook(prisma, partner.slug, 'https://a.example/hook'))
  ;({ key: articleId } = await addArticle(prisma))
  await prisma.$transaction((tx) => queueSome(tx, { endpointId: id, boss, now: NOW }))
})

afterAll(async () => {
  await queue.close()
  await database.close()
})

const change = (data: Partial<WebhookEndpoint>) => prisma.webhookEndpoint.update({ where: { id }, data })
const endpoint = () => prisma.webhookEndpoint.findUnique({ where: { id } })

async function jobs() {
  const { rows } = await database.executeSql(
    `SELECT "state"::text, ("data"->>'attempts')::int AS attempts, "start_after" AS start FROM pgboss.job
     WHERE "group_id" = $1 ORDER BY "data"->>'position'`,
    [id],
  )
  return rows.map(({ state, attempts, start }) => ({
    state,
    attempts,
    start: new Date(Number(start)),
  }))
}

/** Takes the message out of the queue and makes one attempt. */
async function attempt(
  answer: (letter: OutboundRequest) => Partial<OutboundResponse> | Error = () => ({}),
  signal = new AbortController().signal,
) {
  const [job] = await boss.fetch<WebhookJob>('webhooks')
  const letters: OutboundRequest[] = []
  const hold = vi.fn()
  const reached = vi.fn()
  const warn = vi.fn()
  const counters = new PushCounters()
  const { history } = await readChangeHead(prisma)
  const deps = {
    prisma,
    now: () => NOW,
    publicUrl: () => 'https://news.example',
    history,
    queue,
    backoff: [0, 60_000, HOUR],
    counters,
    log: { warn } as never,
    hold,
    reached,
    sendRequest: async (letter: OutboundRequest) => {
      letters.push(letter)
      const said = answer(letter)
      if (said instanceof Error) throw said
      return { status: 204, headers: {}, body: '', ...said }
    },
  }
  await send(job as Job<WebhookJob>, signal, deps)
  const [counted] = counters.attempts()
  return { job: job as Job<WebhookJob>, letters, hold, reached, warn, counted }
}

const delivery = () => prisma.delivery.findFirst({ where: { partnerId: partner.id } })

describe('a message that arrives', () => {
  test.each([200, 204, 299])('with %i is confirmed, and its job is done', async (status) => {
    const { letters, reached, counted, hold } = await attempt(() => ({ status }))
    expect(letters).toMatchObject([
      {
        method: 'POST',
        url: 'https://a.example/hook',
        headers: { 'webhook-timestamp': String(Date.parse('2026-03-01T12:00:00Z') / 1_000) },
      },
    ])
    expect(await jobs()).toMatchObject([{ state: 'completed' }])
    expect(await delivery()).toMatchObject({
      articleId,
      via: 'WEBHOOK',
      deliveredAt: NOW,
      acknowledgedAt: NOW,
    })
    expect(await prisma.holding.findFirst({ where: { partnerId: partner.id } })).toMatchObject({
      confirmed: 1,
      confirmedAt: NOW,
    })
    expect(reached).toHaveBeenCalledExactlyOnceWith(id, true)
    expect(counted).toEqual({ labels: { queue: 'webhooks', outcome: 'arrived' }, count: 1 })
    expect(hold).not.toHaveBeenCalled()
  })

  test.each([
    [59_999, false],
    [60_000, true],
  ])('after %i ms in which none did ends the failing; the others are due then: %s', async (ms, isDue) => {
    await change({ failingSince: at(-ms) })
    await addArticle(prisma)
    await prisma.$transaction((tx) => queueSome(tx, { endpointId: id, boss, now: NOW }))
    await database.executeSql(
      `UPDATE pgboss.job SET "state" = 'retry', "start_after" = now() + interval '1 hour'
       WHERE "singleton_key" NOT LIKE $1`,
      [`%${articleId}`],
    )
    await attempt()
    expect(await endpoint()).toMatchObject({ failingSince: null, disabledAt: null })
    const waiting = (await jobs()).find(({ state }) => state === 'retry')
    expect((waiting?.start.getTime() ?? 0) <= Date.now()).toBe(isDue)
  })
})

describe('a message that does not arrive', () => {
  test.each([199, 300, 302, 400, 404, 500])('because of %i is tried again by the backoff', async (status) => {
    const { reached, counted, job, hold } = await attempt(() => ({
      status,
      headers: { 'retry-after': '7200' },
    }))
    const [row] = await jobs()
    expect(row).toMatchObject({ state: 'retry', attempts: 1 })
    const wait = (row?.start.getTime() ?? 0) - NOW.getTime()
    expect(wait).toBeGreaterThanOrEqual(54_000)
    expect(wait).toBeLessThanOrEqual(66_000)
    expect(await endpoint()).toMatchObject({ failingSince: NOW, disabledAt: null })
    expect(await delivery()).toMatchObject({
      deliveredAt: null,
      acknowledgedAt: null,
      failures: 1,
      failedAt: NOW,
      failure: `the receiver answered ${status}`,
    })
    expect(reached).toHaveBeenCalledExactlyOnceWith(id, false)
    expect(counted?.labels.outcome).toBe('failed')
    // Only 429 and 503 may ask for time.
    expect(hold).not.toHaveBeenCalled()
    expect(job.data.attempts).toBe(0)
  })

  test.each([429, 503])(
    'because of %i waits as long as it is asked to, and so does everything else',
    async (status) => {
      const { hold } = await attempt(() => ({ status, headers: { 'retry-after': '7200' } }))
      expect((await jobs())[0]?.start).toEqual(at(7_200_000))
      expect(hold).toHaveBeenCalledExactlyOnceWith(id, at(7_200_000))
    },
  )

  test('because of 503 without a word of when is tried by the backoff, and nothing is held', async () => {
    const { hold } = await attempt(() => ({ status: 503 }))
    expect((await jobs())[0]?.start.getTime()).toBeLessThanOrEqual(at(66_000).getTime())
    expect(hold).not.toHaveBeenCalled()
  })

  test.each([
    [new Error('no such host'), 'no such host'],
    [new Error(''), 'no response'],
  ])('because of an error says which: %s', async (error, failure) => {
    await attempt(() => error)
    expect(await delivery()).toMatchObject({ failures: 1, failure })
    expect(await jobs()).toMatchObject([{ state: 'retry', attempts: 1 }])
  })

  test('while the gateway is told to stop is not counted as a failure', async () => {
    const signal = AbortSignal.abort(new Error('stopped'))
    await expect(attempt(() => new Error('aborted'), signal)).rejects.toThrow('stopped')
    expect(await endpoint()).toMatchObject({ failingSince: null })
    expect(await delivery()).toMatchObject({ failures: 0 })
  })

  test('keeps the moment since which none did, and waits longer each time', async () => {
    await change({ failingSince: at(-HOUR) })
    await database.executeSql(`UPDATE pgboss.job SET "data" = jsonb_set("data"::jsonb, '{attempts}', '1')`)
    await attempt(() => ({ status: 500 }))
    expect(await endpoint()).toMatchObject({ failingSince: at(-HOUR) })
    const [row] = await jobs()
    expect(row?.attempts).toBe(2)
    expect(row?.start.getTime()).toBeGreaterThanOrEqual(at(0.9 * HOUR).getTime())
  })
})

describe('a webhook', () => {
  test.each([
    [5 * DAY - 1, false],
    [5 * DAY, true],
  ])('that none has reached for %i ms is disabled: %s', async (ms, isDisabled) => {
    await change({ failingSince: at(-ms) })
    const { position } = (await endpoint()) as WebhookEndpoint
    const { warn } = await attempt(() => ({ status: 500 }))
    expect(await endpoint()).toMatchObject(
      isDisabled
        ? {
            disabledAt: NOW,
            disabledReason: 'no attempt succeeded for five days; last error: the receiver answered 500',
            position: position - 1,
          }
        : { disabledAt: null, disabledReason: null, position },
    )
    expect(await jobs()).toHaveLength(isDisabled ? 0 : 1)
    expect(warn).toHaveBeenCalledTimes(isDisabled ? 1 : 0)
  })

  test('that answers 410 is disabled at once, and what waits for it is given back', async () => {
    await addArticle(prisma)
    await prisma.$transaction((tx) => queueSome(tx, { endpointId: id, boss, now: NOW }))
    const { position } = (await endpoint()) as WebhookEndpoint
    const { warn } = await attempt(() => ({ status: 410 }))
    expect(await endpoint()).toMatchObject({
      disabledAt: NOW,
      disabledReason: expect.stringContaining('410'),
      position: position - 2,
    })
    expect(await jobs()).toEqual([])
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      { endpoint: id, partner: partner.id, reason: expect.stringContaining('410') },
      'webhook disabled',
    )
    expect(await delivery()).toMatchObject({ failures: 1, failure: 'the receiver answered 410' })
  })

  test('has a reason of 500 characters at most', async () => {
    await change({ failingSince: at(-5 * DAY) })
    await attempt(() => new Error('x'.repeat(1_000)))
    expect((await endpoint())?.disabledReason).toHaveLength(500)
  })

  test('that is disabled meanwhile is sent nothing, and loses nothing', async () => {
    const { position } = await change({ disabledAt: at(-1), disabledReason: 'as it was' })
    const { letters, reached, warn } = await attempt()
    expect(letters).toEqual([])
    expect([reached, warn].flatMap(({ mock }) => mock.calls)).toEqual([])
    expect(await endpoint()).toMatchObject({ position: position - 1, disabledReason: 'as it was' })
    expect(await jobs()).toEqual([])
    expect(await delivery()).toBeNull()
  })

  test('that is removed meanwhile is sent nothing', async () => {
    await prisma.webhookEndpoint.delete({ where: { id } })
    expect((await attempt()).letters).toEqual([])
    expect(await jobs()).toMatchObject([{ state: 'completed' }])
  })

  test('of a partner that is suspended meanwhile is sent nothing, and the message waits in the sequence', async () => {
    await prisma.partner.update({ where: { id: partner.id }, data: { suspendedAt: NOW } })
    const { position } = (await endpoint()) as WebhookEndpoint
    expect((await attempt()).letters).toEqual([])
    expect(await endpoint()).toMatchObject({ position: position - 1, disabledAt: null })
    expect(await jobs()).toEqual([])
    expect(await delivery()).toBeNull()
  })

  test('of a partner that may not have the story, and never had it, is sent nothing', async () => {
    await prisma.licence.updateMany({ where: { partnerId: partner.id }, data: { languages: [] } })
    expect((await attempt()).letters).toEqual([])
    expect(await jobs()).toMatchObject([{ state: 'completed' }])
    expect(await delivery()).toBeNull()
  })
})
