import { expect, test } from 'vitest'
import { STANDARD_BACKOFF } from '../../src/jobs/backoff.ts'
import { enableEndpoint } from '../../src/webhooks/endpoint.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addHook } from '../support/hook.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'
import { startReceiver } from '../support/receiver.ts'

// The clock of these newsrooms stands still unless the test moves it. What is planned for their future lies in
// the database's past, so that nobody waits for it.
const START = new Date('2026-03-01T12:00:00Z')
const HOUR = 3_600_000

const held = () => {
  const clock = { at: START, now: () => clock.at }
  return clock
}

async function hookAt(app: TestApp, url: string, now?: () => Date) {
  const { slug } = await addPartner(app.database.prisma)
  return addHook(app.database.prisma, slug, url, now)
}

test('a message that is refused is tried again after the backoff delay, under the same id, until it is taken', async () => {
  const clock = held()
  await using app = await freshApp({ changePollMs: 50, now: clock.now })
  const planned: Promise<number>[] = []
  await using receiver = await startReceiver(() => {
    planned.push(plannedWait(app))
    return { status: planned.length < 9 ? 500 : 200 }
  })
  const { id } = await hookAt(app, receiver.url)
  await addArticle(app.database.prisma)
  await receiver.until(9)
  // What an attempt sees is the plan that the one before it made.
  const waits = (await Promise.all(planned)).slice(1)
  for (const [i, wait] of waits.entries()) {
    const usual = STANDARD_BACKOFF[Math.min(i + 1, STANDARD_BACKOFF.length - 1)] as number
    expect(wait).toBeGreaterThanOrEqual(0.9 * usual)
    expect(wait).toBeLessThanOrEqual(1.1 * usual)
  }
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  await settled(app, id, ({ failingSince }) => failingSince === null)
})

test('an endpoint that asks to be left alone for a while is', async () => {
  const clock = held()
  await using app = await freshApp({ changePollMs: 50, now: clock.now })
  await using receiver = await startReceiver(() => ({ status: 429, headers: { 'retry-after': '3600' } }))
  const { id } = await hookAt(app, receiver.url)
  await addArticle(app.database.prisma)
  await receiver.next()
  await settled(app, id, ({ failingSince }) => failingSince !== null)
  expect(await plannedWait(app)).toBe(HOUR)
  // Neither that message nor another one comes before.
  const { id: other } = await addArticle(app.database.prisma)
  await queued(app, 2)
  expect(receiver.received).toHaveLength(1)
  receiver.reaction = () => ({ status: 200 })
  clock.at = new Date(START.getTime() + HOUR)
  await receiver.until(3)
  expect(receiver.received.some(({ body }) => body.includes(other))).toBe(true)
})

test('410 disables an endpoint; once it is enabled again it gets what it missed', async () => {
  const warnings: string[] = []
  const log = { error() {}, info() {}, warn: (_: object, words: string) => void warnings.push(words) }
  await using app = await freshApp({ changePollMs: 50, log: log as never })
  await using receiver = await startReceiver(() => ({ status: 410 }))
  const { prisma } = app.database
  const { id } = await hookAt(app, receiver.url)
  const first = await addArticle(prisma)
  await settled(app, id, ({ disabledAt }) => disabledAt !== null)
  expect(await prisma.webhookEndpoint.findUnique({ where: { id } })).toMatchObject({
    disabledReason: expect.stringContaining('410'),
  })
  expect(warnings).toContain('webhook disabled')
  const second = await addArticle(prisma)
  expect(receiver.received).toHaveLength(1)
  receiver.reaction = () => ({ status: 200 })
  await enableEndpoint(id, { prisma, now: () => new Date(), allowLoopback: true })
  await receiver.until(3)
  const bodies = receiver.received.slice(1).map(({ body }) => body)
  expect(bodies.filter((body) => body.includes(first.id))).toHaveLength(1)
  expect(bodies.filter((body) => body.includes(second.id))).toHaveLength(1)
})

test('what has not answered for five days is disabled, and that is said', async () => {
  const clock = held()
  await using app = await freshApp({ changePollMs: 50, now: clock.now })
  await using receiver = await startReceiver(() => ({ status: 500 }))
  const { id } = await hookAt(app, receiver.url)
  await addArticle(app.database.prisma)
  await receiver.until(3)
  clock.at = new Date(START.getTime() + 5 * 24 * HOUR - 1)
  await receiver.until(receiver.received.length + 2)
  expect(await endpoint(app, id)).toMatchObject({ disabledAt: null, failingSince: START })
  clock.at = new Date(START.getTime() + 5 * 24 * HOUR)
  await settled(app, id, ({ disabledAt }) => disabledAt !== null)
  expect((await endpoint(app, id)).disabledReason).toContain('five days')
  const token = await app.token('admin')
  const { partners } = await app.ask(
    '{ partners(first: 1) { edges { node { webhooks { disabledAt disabledReason } } } } }',
    {},
    token,
  )
  expect(partners.edges[0].node.webhooks).toEqual([
    { disabledAt: clock.at.toISOString(), disabledReason: expect.stringContaining('five days') },
  ])
})

test('an endpoint that never answers delays no other one, however much there is for it', async () => {
  await using app = await freshApp({ changePollMs: 50 })
  const forever = Promise.withResolvers<never>()
  await using dead = await startReceiver(() => forever.promise)
  await using alive = await startReceiver()
  await hookAt(app, dead.url)
  await hookAt(app, alive.url)
  const ids: string[] = []
  for (let story = 0; story < 30; story++) ids.push((await addArticle(app.database.prisma)).id)
  await alive.until(ids.length)
  expect(ids.every((id) => alive.received.some(({ body }) => body.includes(id)))).toBe(true)
  // Nor is it sent more than a few things at once.
  expect(dead.received).toHaveLength(4)
})

test('one that has not answered for a minute is sent one thing at a time, and four again when it answers', async () => {
  const clock = held()
  await using app = await freshApp({ changePollMs: 50, now: clock.now, push: { backoff: [0] } })
  const { prisma } = app.database
  let hold = Promise.withResolvers<void>()
  await using slow = await startReceiver(() => ({ status: 500 }))
  await using bystander = await startReceiver()
  const { id } = await hookAt(app, slow.url)
  await addArticle(prisma)
  await settled(app, id, ({ failingSince }) => failingSince !== null)
  await hookAt(app, bystander.url)
  const holding = async () => {
    await hold.promise
    return { status: 204 }
  }
  slow.reaction = holding
  // From the next attempt on everything is held.
  await slow.until(slow.received.length + 1)
  clock.at = new Date(START.getTime() + 60_000)
  const before = slow.received.length
  for (let i = 0; i < 8; i += 1) await addArticle(prisma)
  await bystander.until(8)
  expect(slow.received).toHaveLength(before)
  const first = hold
  hold = Promise.withResolvers()
  first.resolve()
  await slow.until(before + 4)
  hold.resolve()
  await slow.until(before + 8)
})

test.each([301, 302, 307, 404, 500])('%i is not taken for an answer', async (status) => {
  await using app = await freshApp({ changePollMs: 50, push: { backoff: [0, 1] } })
  await using receiver = await startReceiver(() => ({ status, headers: { location: '/other' } }))
  await hookAt(app, receiver.url)
  await addArticle(app.database.prisma)
  await receiver.until(2)
  expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook'])
})

test('a name that has come to mean an address of our own network is not dialled', async () => {
  let resolved = 0
  const resolve = async () => {
    resolved += 1
    return [{ address: '10.0.0.1', family: 4 }]
  }
  await using app = await freshApp({ changePollMs: 50, push: { resolve } })
  const { id } = await hookAt(app, 'http://partner.example/hook')
  await addArticle(app.database.prisma)
  await settled(app, id, ({ failingSince }) => failingSince !== null)
  const { rows } = await app.database.executeSql(`SELECT "output" FROM pgboss.job WHERE "name" = 'webhooks'`)
  expect(JSON.stringify(rows)).toContain('not public')
  expect(resolved).toBe(1)
})

/** From the clock of the newsroom to the moment for which the one message is planned, in ms. */
async function plannedWait(app: TestApp): Promise<number> {
  const { rows } = await app.database.executeSql(
    `SELECT "start_after" AS at FROM pgboss.job WHERE "name" = 'webhooks' ORDER BY "created_on" LIMIT 1`,
  )
  return Number(rows[0]?.at) - START.getTime()
}

function endpoint(app: TestApp, id: string) {
  return app.database.prisma.webhookEndpoint.findUniqueOrThrow({ where: { id } })
}

async function settled(
  app: TestApp,
  id: string,
  is: (row: Awaited<ReturnType<typeof endpoint>>) => boolean,
): Promise<void> {
  await expect.poll(async () => is(await endpoint(app, id)), { timeout: 20_000 }).toBe(true)
}

/** Settles when so many messages wait. */
async function queued(app: TestApp, count: number): Promise<void> {
  const read = async () => {
    const { rows } = await app.database.executeSql(
      `SELECT count(*)::int AS count FROM pgboss.job WHERE "name" = 'webhooks' AND "state" < 'active'`,
    )
    return rows[0]?.count
  }
  await expect.poll(read, { timeout: 20_000 }).toBe(count)
}
