import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { notifyPublisher } from '../../src/bus/notify.ts'
import { editArticle } from '../../src/editing/edit.ts'
import { cancelEdit, releaseEdit, withholdEdit } from '../../src/editing/editorial-status.ts'
import { reinstatePartner, suspendPartner } from '../../src/licensing/suspend.ts'
import { rotateSecret } from '../../src/webhooks/endpoint.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addHook } from '../support/hook.ts'
import type { Json } from '../support/json.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner, relicense } from '../support/partner.ts'
import { type Received, type Receiver, startReceiver } from '../support/receiver.ts'

interface Message {
  type: string
  timestamp: string
  data: { cursor: string; kind: string; version: number; articleId: string; reason?: string; article?: Json }
}

let app: TestApp
const now = () => new Date()

beforeAll(async () => {
  app = await freshApp({ changePollMs: 50 })
})

// The receivers of a test go with it.
afterEach(() => app.database.prisma.webhookEndpoint.deleteMany())

afterAll(() => app.close())

test('a new story reaches a webhook, signed as Standard Webhooks has it, and its 2xx is an acknowledgement', async () => {
  await using receiver = await startReceiver()
  const { prisma } = app.database
  const { partner, secret } = await served(receiver)
  const { key, id } = await addArticle(prisma, { headline: 'Flood in the old town' })

  const received = await receiver.next()
  const { type, timestamp, data } = verified(secret, received)
  expect(received.headers['content-type']).toBe('application/json')
  expect(received.headers['webhook-id']).toMatch(/^msg_[0-9a-f]{32}$/)
  expect(type).toBe('article.changed')
  expect(new Date(timestamp).toISOString()).toBe(timestamp)
  expect(data).toMatchObject({ kind: 'PUBLISHED', version: 1, articleId: id })
  expect(data.article).toMatchObject({ id, headline: 'Flood in the old town' })
  expect(Buffer.from(data.cursor, 'base64url').toString()).toMatch(/^changes\//)

  await idle()
  const delivery = await prisma.delivery.findFirstOrThrow({
    where: { partnerId: partner.id, articleId: key, via: 'WEBHOOK' },
    include: { partner: { include: { holdings: true } } },
  })
  expect(delivery).toMatchObject({ version: 1, kind: 'ARTICLE', times: 1, acknowledgedAt: expect.any(Date) })
  expect(delivery.partner.holdings).toMatchObject([{ articleId: key, version: 1, confirmed: 1 }])
})

test('a story that is killed is to be removed, and the answer to that confirms that it is gone', async () => {
  await using receiver = await startReceiver()
  const { prisma } = app.database
  const { partner, secret } = await served(receiver)
  const { key, id } = await addArticle(prisma)
  await receiver.next()
  await edit(cancelEdit({ id: key, version: 1 }))

  const { type, data } = verified(secret, await receiver.next())
  expect({ type, ...data }).toMatchObject({ type: 'article.removed', reason: 'CANCELED', articleId: id })
  expect(data.article).toBeUndefined()
  await idle()
  expect(await prisma.holding.findFirst({ where: { partnerId: partner.id } })).toMatchObject({
    removalNotifiedAt: expect.any(Date),
    removedAt: expect.any(Date),
  })
})

test('a story that a partner may not have is not sent, and one that it never had is not recalled from it', async () => {
  await using receiver = await startReceiver()
  const { secret } = await served(receiver, { licence: { languages: ['de'] } })
  const { key } = await addArticle(app.database.prisma, { language: 'en' })
  await edit(withholdEdit({ id: key, version: 1 }))
  await addArticle(app.database.prisma, { language: 'de', headline: 'Hochwasser' })
  expect(verified(secret, await receiver.next()).data.article.headline).toBe('Hochwasser')
  await idle()
  expect(receiver.received).toHaveLength(1)
})

test('who loses its licence for a story is told to remove it, and nobody else hears of that', async () => {
  await using receiver = await startReceiver()
  await using other = await startReceiver()
  const { partner, secret } = await served(receiver)
  await served(other)
  const { id } = await addArticle(app.database.prisma, { language: 'en' })
  await Promise.all([receiver.next(), other.next()])
  await relicense(app.database.prisma, partner.slug, { languages: ['fr'] })
  const { type, data } = verified(secret, await receiver.next())
  expect({ type, ...data }).toMatchObject({ type: 'article.removed', reason: 'LICENCE', articleId: id })
  await idle()
  expect(other.received).toHaveLength(1)
})

test('a retry carries the story as it stands then, and never what it was', async () => {
  await using receiver = await startReceiver()
  const { secret } = await served(receiver)
  const hold = Promise.withResolvers<void>()
  let first = true
  receiver.reaction = async () => {
    if (!first) return { status: 204 }
    first = false
    await hold.promise
    return { status: 500 }
  }
  const { key } = await addArticle(app.database.prisma)
  await receiver.next()
  await edit(withholdEdit({ id: key, version: 1 }))
  hold.resolve()
  const [again, next] = [await receiver.next(), await receiver.next()].map((each) => verified(secret, each))
  expect([again?.type, next?.type]).toEqual(['article.removed', 'article.removed'])
  expect(receiver.received[1]?.headers['webhook-id']).toBe(receiver.received[0]?.headers['webhook-id'])
  expect(receiver.received[2]?.headers['webhook-id']).not.toBe(receiver.received[0]?.headers['webhook-id'])
})

test('two messages about one story are never under way at once, and those about others do not wait', async () => {
  await using receiver = await startReceiver()
  await served(receiver)
  const hold = Promise.withResolvers<void>()
  const { key, id } = await addArticle(app.database.prisma)
  await receiver.next()
  receiver.reaction = async ({ body }) => {
    if (body.includes(id)) await hold.promise
    return { status: 204 }
  }
  await edit(withholdEdit({ id: key, version: 1 }))
  await edit(releaseEdit({ id: key, version: 2 }))
  await receiver.next()
  const other = await addArticle(app.database.prisma)
  expect((await receiver.next()).body).toContain(other.id)
  expect(receiver.received).toHaveLength(3)
  hold.resolve()
  await idle()
})

test('nothing is sent to a partner that is suspended; what happened meanwhile comes when it is served again', async () => {
  await using receiver = await startReceiver()
  const { prisma } = app.database
  const { partner, secret } = await served(receiver)
  const orders = { bus: notifyPublisher(prisma), now, admin: 'test' }
  await suspendPartner(partner.slug, orders)
  await addArticle(prisma, { headline: 'While it was away' })
  await idle()
  expect(receiver.received).toEqual([])
  await reinstatePartner(partner.slug, orders)
  expect(verified(secret, await receiver.next()).data.article.headline).toBe('While it was away')
})

test('what was queued before a partner was suspended is not sent, and not lost', async () => {
  await using receiver = await startReceiver()
  const { prisma } = app.database
  const { partner, id: hookId } = await served(receiver)
  const hold = Promise.withResolvers<void>()
  receiver.reaction = async () => {
    await hold.promise
    return { status: 503 }
  }
  const orders = { bus: notifyPublisher(prisma), now, admin: 'test' }
  const story = await addArticle(prisma)
  await receiver.next()
  await suspendPartner(partner.slug, orders)
  hold.resolve()
  await app.database.executeSql(
    `UPDATE pgboss.job SET start_after = now() WHERE "group_id" = $1 AND "state" = 'retry'`,
    [hookId],
  )
  await idle()
  expect(receiver.received).toHaveLength(1)
  receiver.reaction = () => ({ status: 204 })
  await reinstatePartner(partner.slug, orders)
  expect((await receiver.next()).body).toContain(story.id)
})

test('after a rotation the old secret verifies too until the overlap ends, and then only the new one', async () => {
  await using receiver = await startReceiver()
  const { prisma } = app.database
  const { id, secret: old } = await served(receiver)
  const deps = { prisma, now, allowLoopback: true }
  const { secret } = await rotateSecret({ id, overlap: 3_600 }, deps)
  await addArticle(prisma)
  const both = await receiver.next()
  for (const each of [old, secret]) expect(verified(each, both).type).toBe('article.changed')
  const { secret: third } = await rotateSecret({ id, overlap: 0 }, deps)
  await addArticle(prisma)
  const one = await receiver.next()
  expect(verified(third, one).type).toBe('article.changed')
  for (const each of [old, secret]) expect(() => verified(each, one)).toThrow()
})

/** A partner with an endpoint at a receiver. */
async function served(receiver: Receiver, draft: Parameters<typeof addPartner>[1] = {}) {
  const partner = await addPartner(app.database.prisma, draft)
  return { partner, ...(await addHook(app.database.prisma, partner.slug, receiver.url)) }
}

test('a position that is used again after a restore is another message; in one history it is the same', async () => {
  await using receiver = await startReceiver()
  const { prisma, executeSql } = app.database
  await served(receiver)
  await addArticle(prisma, { headline: 'Before the restore' })
  const { headers: before } = await receiver.next()
  await idle()
  const again = () => executeSql(`UPDATE "WebhookEndpoint" SET "position" = "position" - 1`)
  await again()
  await idle()
  expect(receiver.received).toHaveLength(1)
  await executeSql(`UPDATE "FeedEpoch" SET epoch = gen_random_uuid()`)
  await again()
  const { headers: after } = await receiver.next()
  expect(after['webhook-id']).toMatch(/^msg_[0-9a-f]{32}$/)
  expect(after['webhook-id']).not.toBe(before['webhook-id'])
})

function verified(secret: string, { body, headers }: Received): Message {
  return new Webhook(secret).verify(body, headers as Record<string, string>) as Message
}

function edit(order: Parameters<typeof editArticle>[0]) {
  const viewer = { role: 'editor', subject: 'editor', displayName: 'Editor', expiresAt: null } as const
  return editArticle(order, { bus: notifyPublisher(app.database.prisma), viewer, now })
}

/** Settles when everything has been queued and nothing in the queue is due. */
async function idle(): Promise<void> {
  const left = async () => {
    const { rows } = await app.database.executeSql(
      `SELECT (SELECT count(*) FROM pgboss.job
          WHERE "name" = 'webhooks' AND ("state" = 'active' OR "state" < 'active' AND "start_after" <= now()))
        + (SELECT count(*) FROM "WebhookEndpoint" e JOIN "Partner" p ON p."id" = e."partnerId", "ChangeHead" h
          WHERE e."position" < h."position" AND e."disabledAt" IS NULL AND p."suspendedAt" IS NULL) AS left`,
    )
    return Number(rows[0]?.left)
  }
  await expect.poll(left, { timeout: 20_000 }).toBe(0)
}
