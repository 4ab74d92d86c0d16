import { afterEach, beforeEach, expect, test } from 'vitest'
import { notifyPublisher } from '../../src/bus/notify.ts'
import { rotateKey } from '../../src/licensing/rotate-key.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { addKey, addPartner, relicense } from '../support/partner.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import { ask, confirming, fields, settled, subscriptions, topicOf } from './subscriber.ts'

// What a partner's subscription needs: a key that is good, and a licence that is in force.

let app: TestApp
const clock = { at: new Date(0) }
const now = () => clock.at

beforeEach(async () => {
  clock.at = new Date('2026-03-01T12:00:00Z')
  app = await freshApp({ changePollMs: 50, now, push: { backoff: [0] } })
})

afterEach(() => app.close())

/** A partner that has subscribed with a key for feeds, beside somebody who is sent the public's version. */
async function subscribed(receiver: Receiver, bystander: Receiver) {
  const { prisma } = app.database
  const partner = await addPartner(prisma, {}, now)
  const asked = `${topicOf(app)}?key=${await addKey(prisma, partner.slug, 'FEED', now)}`
  expect((await ask(app, receiver.url, { 'hub.topic': asked })).status).toBe(202)
  await ask(app, bystander.url)
  await subscriptions(app, 2)
  return { ...partner, asked }
}

/** Settles when the hub has told the bystander of a new story, and so has looked at everybody's feeds. */
async function publish(bystander: Receiver, headline: string): Promise<void> {
  const before = bystander.received.length
  await addArticle(app.database.prisma, { headline })
  await bystander.until(before + 1)
  await settled(app)
}

const sent = ({ received }: Receiver) => received.filter(({ method }) => method === 'POST')
const orders = () => ({ bus: notifyPublisher(app.database.prisma), now, admin: 'test' })

test('a key that was rotated away ends what was subscribed with it', async () => {
  await using receiver = await startReceiver(confirming)
  await using bystander = await startReceiver(confirming)
  const { slug } = await subscribed(receiver, bystander)
  await publish(bystander, 'While the key was good')
  expect(sent(receiver)).toHaveLength(1)
  await rotateKey({ slug, kind: 'FEED', overlap: 0 }, orders())
  await publish(bystander, 'With another key')
  expect(sent(receiver)).toHaveLength(1)
  expect(sent(bystander)).toHaveLength(2)
})

test('a key that expires ends it too, at that moment and not before', async () => {
  await using receiver = await startReceiver(confirming)
  await using bystander = await startReceiver(confirming)
  const { slug } = await subscribed(receiver, bystander)
  await rotateKey({ slug, kind: 'FEED', overlap: 3_600 }, orders())
  clock.at = new Date(clock.at.getTime() + 3_599_999)
  await publish(bystander, 'Within the overlap')
  expect(sent(receiver)).toHaveLength(1)
  clock.at = new Date(clock.at.getTime() + 1)
  await publish(bystander, 'After it')
  expect(sent(receiver)).toHaveLength(1)
})

test('a licence that is not in force is sent nothing, not even an empty feed, until it is', async () => {
  await using receiver = await startReceiver(confirming)
  await using bystander = await startReceiver(confirming)
  const { slug } = await subscribed(receiver, bystander)
  const { prisma } = app.database
  await relicense(prisma, slug, { validUntil: new Date('2026-03-02T00:00:00Z') }, now)
  await publish(bystander, 'While it was in force')
  // The two are sent to independently of each other.
  await expect.poll(() => sent(receiver).length, { timeout: 20_000 }).toBe(1)
  clock.at = new Date('2026-03-02T00:00:00Z')
  await publish(bystander, 'After its end')
  expect(sent(receiver)).toHaveLength(1)
  await relicense(prisma, slug, { validFrom: new Date('2026-03-03T00:00:00Z'), validUntil: null }, now)
  await publish(bystander, 'Before it begins again')
  expect(sent(receiver)).toHaveLength(1)
  clock.at = new Date('2026-03-03T00:00:00Z')
  await publish(bystander, 'In force again')
  const last = () => sent(receiver).at(-1)?.body
  await expect.poll(last, { timeout: 20_000 }).toContain('In force again')
  expect(last()).toContain('After its end')
})

test('a licence that ends between two attempts is not served by the second one', async () => {
  await using receiver = await startReceiver(confirming)
  await using bystander = await startReceiver(confirming)
  const { slug } = await subscribed(receiver, bystander)
  await relicense(app.database.prisma, slug, { validUntil: new Date('2026-03-02T00:00:00Z') }, now)
  receiver.reaction = () => {
    clock.at = new Date('2026-03-02T00:00:00Z')
    return { status: 503 }
  }
  await addArticle(app.database.prisma)
  await receiver.until(1 + 1)
  await publish(bystander, 'Afterwards')
  expect(sent(receiver)).toHaveLength(1)
})

test.each(['subscribe', 'unsubscribe'])('without its key nobody can %s in its place', async (mode) => {
  await using receiver = await startReceiver(confirming)
  const { prisma } = app.database
  const { id: partnerId, slug } = await addPartner(prisma, {}, now)
  const rival = await addPartner(prisma, {}, now)
  // As it was stored before partners' feeds had addresses of their own.
  const kept = {
    topic: topicOf(app),
    callback: receiver.url,
    partnerId,
    createdAt: clock.at,
    leaseUntil: new Date('2026-03-05T00:00:00Z'),
    secret: 'theirs',
  }
  const { id } = await prisma.webSubSubscription.create({ data: kept })
  expect((await ask(app, receiver.url, { 'hub.mode': mode, 'hub.secret': 'mine' })).status).toBe(202)
  await settled(app)
  const row = await prisma.webSubSubscription.findUnique({ where: { id } })
  expect(row).toMatchObject(kept)
  expect(receiver.received).toEqual([])
  // A key of somebody else's is no key of its own, and this one is for the header.
  expect(slug).not.toBe(rival.slug)
  const wrong = await ask(app, receiver.url, {
    'hub.mode': mode,
    'hub.topic': `${topicOf(app)}?key=${rival.key}`,
  })
  expect(wrong.status).toBe(403)
  // Once its lease has ended the place is anybody's.
  if (mode === 'unsubscribe') return
  clock.at = kept.leaseUntil
  await ask(app, receiver.url, { 'hub.mode': mode, 'hub.secret': 'mine' })
  expect(fields(await receiver.next())['hub.mode']).toBe('subscribe')
  const taken = () => prisma.webSubSubscription.findFirst({ where: { partnerId: null, secret: 'mine' } })
  await expect.poll(taken, { timeout: 20_000 }).not.toBe(null)
})
