import { expect, test } from 'vitest'
import type { Resolve } from '../../src/net/resolver.ts'
import { edit } from '../feeds/reader.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addHook } from '../support/hook.ts'
import { addArticle } from '../support/newsroom.ts'
import { addKey, addPartner } from '../support/partner.ts'
import { startReceiver } from '../support/receiver.ts'
import { ask, confirming, settled, subscriptions, topicOf } from '../websub/subscriber.ts'

// A removal that can't be delivered is attempted, and not told.

const AN_HOUR_MS = 3_600_000
const LOOPBACK = [{ address: '127.0.0.1', family: 4 }]

const LEDGER = `query ($id: ID!) {
  ledger(articleId: $id) { edges { node { kind via times deliveredAt failures failure acknowledgedAt } } }
  recall(articleId: $id) { isComplete holders { removalAttemptedAt removalNotifiedAt removedAt mustStillRemove } } }`

/** A name server that no longer knows any name once `isAway` says so. */
function names() {
  const state = { isAway: false }
  const resolve: Resolve = async (name) => {
    if (state.isAway) throw new Error(`queryA ENOTFOUND ${name}`)
    return LOOPBACK
  }
  return { state, resolve }
}

const freshGateway = (resolve: Resolve) =>
  freshApp({ changePollMs: 50, push: { backoff: [0, AN_HOUR_MS], resolve } })

/** Settles when the ledger has a removal that failed once. */
async function failedRemoval(app: TestApp, id: string) {
  const editor = await app.token('editor')
  const read = () => app.ask(LEDGER, { id }, editor)
  const removal = async () => {
    const { ledger } = await read()
    return ledger.edges.find(({ node }: { node: { kind: string } }) => node.kind === 'REMOVAL')?.node
  }
  const failures = async () => (await removal())?.failures ?? null
  await expect.poll(failures, { timeout: 20_000, message: 'failed attempts to tell of the removal' }).toBe(1)
  const { recall } = await read()
  return { removal: await removal(), recall }
}

const UNTOLD = {
  isComplete: false,
  holders: [
    {
      removalAttemptedAt: expect.any(String),
      removalNotifiedAt: null,
      removedAt: null,
      mustStillRemove: true,
    },
  ],
}

test('a webhook whose host name is unknown is not told of a removal', async () => {
  const { state, resolve } = names()
  await using app = await freshGateway(resolve)
  await using receiver = await startReceiver()
  const { prisma } = app.database
  const { slug } = await addPartner(prisma)
  await addHook(prisma, slug, `http://partner.example:${new URL(receiver.url).port}/hook`)
  const story = await addArticle(prisma)
  await receiver.next()
  state.isAway = true
  await edit(app, 'cancelArticle', { id: story.id, version: 1 })
  const { removal, recall } = await failedRemoval(app, story.id)
  expect(removal).toMatchObject({
    via: 'WEBHOOK',
    deliveredAt: null,
    failure: expect.stringContaining('ENOTFOUND'),
    acknowledgedAt: null,
  })
  expect(recall).toEqual(UNTOLD)
  expect(receiver.received).toHaveLength(1)
})

test.each([
  ['answers 500', 'the receiver answered 500', false],
  ['has an unknown host name', 'ENOTFOUND', true],
])('a WebSub subscriber that %s is not told of a removal', async (_what, failure, isUnknown) => {
  const { state, resolve } = names()
  await using app = await freshGateway(resolve)
  await using receiver = await startReceiver(confirming)
  const { prisma } = app.database
  const { slug } = await addPartner(prisma)
  const callback = `http://partner.example:${new URL(receiver.url).port}/hook`
  const topic = `${topicOf(app)}?key=${await addKey(prisma, slug, 'FEED')}`
  expect((await ask(app, callback, { 'hub.topic': topic })).status).toBe(202)
  await subscriptions(app, 1)
  const story = await addArticle(prisma)
  await receiver.until(1 + 1)
  await settled(app)
  if (isUnknown) state.isAway = true
  else receiver.reaction = () => ({ status: 500 })
  await edit(app, 'cancelArticle', { id: story.id, version: 1 })
  const { removal, recall } = await failedRemoval(app, story.id)
  expect(removal).toMatchObject({
    via: 'WEBSUB',
    deliveredAt: null,
    failure: expect.stringContaining(failure),
    acknowledgedAt: null,
  })
  expect(recall).toEqual(UNTOLD)
})

test('a webhook whose host name is of this machine is not sent to in production', async () => {
  await using receiver = await startReceiver()
  await using app = await freshApp({
    changePollMs: 50,
    push: { backoff: [AN_HOUR_MS], resolve: async () => LOOPBACK },
    env: {
      TRUSTED_PROXIES: '127.0.0.1',
      AUTH_SECRET: 'a secret of more than thirty-two bytes',
      AUTH_ISSUER: 'https://id.example',
      AUTH_AUDIENCE: 'news',
    },
  })
  const { prisma } = app.database
  const { slug } = await addPartner(prisma)
  await addHook(prisma, slug, `http://partner.example:${new URL(receiver.url).port}/hook`)
  await addArticle(prisma)
  const failure = async () => (await prisma.delivery.findFirst())?.failure ?? null
  await expect.poll(failure, { timeout: 20_000 }).toContain('has an address that is not public')
  expect(receiver.received).toEqual([])
})
