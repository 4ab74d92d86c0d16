import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { notifyPublisher } from '../../src/bus/notify.ts'
import { reinstatePartner, suspendPartner } from '../../src/licensing/suspend.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addHook } from '../support/hook.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner, relicense } from '../support/partner.ts'
import { type Received, type Receiver, startReceiver } from '../support/receiver.ts'

// Removals are sent before everything else, and to suspended partners too.

let app: TestApp

beforeAll(async () => {
  app = await freshApp({ changePollMs: 50 })
})

// The receivers of a test go with it.
afterEach(() => app.database.prisma.webhookEndpoint.deleteMany())

afterAll(() => app.close())

test('a kill overtakes all that waits behind a licence change', async () => {
  await using receiver = await startReceiver()
  const { prisma } = app.database
  const { partner, stories } = await holding(receiver, 12)
  const hold = Promise.withResolvers<void>()
  const taken = receiver.received.length
  receiver.reaction = async () => {
    await hold.promise
    return { status: 204 }
  }
  // Each message is about a story that it goes on to hold; four of them are under way, and nothing goes on.
  await relicense(prisma, partner.slug, { attribution: 'By the newsroom' })
  await receiver.until(taken + 4)
  const busy = receiver.received.slice(taken).map((received) => dataOf(received).articleId)
  const killed = stories.find(({ id }) => !busy.includes(id)) as (typeof stories)[number]
  await addArticle(prisma, { slug: killed.slug, status: 'CANCELED' })
  const urgent = () =>
    app.database.executeSql(`SELECT 1 FROM pgboss.job WHERE "priority" > 0 AND "state" < 'active'`)
  await expect.poll(async () => (await urgent()).rows.length, { timeout: 20_000 }).toBeGreaterThan(0)
  hold.resolve()
  await receiver.until(taken + 8)
  // The messages sent next are under way together: which of them arrives first is not decided by the queue.
  const { rows } = await app.database.executeSql(
    `SELECT "data"->>'articleId' AS key FROM pgboss.job WHERE "started_on" IS NOT NULL ORDER BY "started_on"`,
  )
  expect(rows[taken + 4]).toEqual({ key: killed.key })
  const next = receiver.received.slice(taken + 4, taken + 8).map(dataOf)
  expect(next.find(({ articleId }) => articleId === killed.id)).toMatchObject({ reason: 'CANCELED' })
})

test('a licence change is one entry of the sequence, and sends only the stories that its terms change', async () => {
  await using receiver = await startReceiver()
  const { prisma } = app.database
  const { partner } = await holding(receiver, 3)
  const embed = { provider: 'X', url: 'https://x.example/1' }
  const withEmbed = await addArticle(prisma, { blocks: [{ kind: 'EMBED', embed }] })
  await receiver.next()
  const before = (await prisma.changeHead.findUniqueOrThrow({ where: { id: 1 } })).position
  await relicense(prisma, partner.slug, { embeds: false })
  expect(dataOf(await receiver.next())).toMatchObject({ kind: 'RIGHTS_CHANGED', articleId: withEmbed.id })
  const marker = await addArticle(prisma)
  expect(dataOf(await receiver.next())).toMatchObject({ articleId: marker.id })
  expect((await prisma.changeHead.findUniqueOrThrow({ where: { id: 1 } })).position).toBe(before + 2)
})

test('a suspended partner is sent removals and nothing else; the rest comes when it is reinstated', async () => {
  await using receiver = await startReceiver()
  const { prisma } = app.database
  const { partner, stories } = await holding(receiver, 2)
  const [killed, updated] = stories
  const orders = { bus: notifyPublisher(prisma), now: () => new Date(), admin: 'test' }
  await suspendPartner(partner.slug, orders)
  await addArticle(prisma, { slug: updated?.slug, headline: 'Changed meanwhile' })
  await addArticle(prisma, { slug: killed?.slug, status: 'CANCELED' })
  expect(dataOf(await receiver.next())).toMatchObject({ articleId: killed?.id, reason: 'CANCELED' })
  const sent = receiver.received.length
  await reinstatePartner(partner.slug, orders)
  expect(dataOf(await receiver.next())).toMatchObject({ articleId: updated?.id, article: {} })
  expect(receiver.received.length).toBe(sent + 1)
})

/** A partner that holds some stories, each of which its webhook was sent. */
async function holding(receiver: Receiver, count: number) {
  const { prisma } = app.database
  const partner = await addPartner(prisma)
  await addHook(prisma, partner.slug, receiver.url)
  const stories = []
  for (let i = 0; i < count; i++) stories.push(await addArticle(prisma))
  for (const _story of stories) await receiver.next()
  return { partner, stories }
}

function dataOf({ body }: Received) {
  return JSON.parse(body).data as { articleId: string; reason?: string; kind: string }
}
