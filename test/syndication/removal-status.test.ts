import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import { addHook } from '../support/hook.ts'
import type { Json } from '../support/json.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'
import { startReceiver } from '../support/receiver.ts'

// What the ledger says of a removal: attempted is not told, and told is not removed.

const LEDGER = `query ($id: ID!) { ledger(articleId: $id) { edges { node {
  partner kind via times deliveredAt failures failedAt failure acknowledgedAt } } } }`

const RECALL = `query ($id: ID!) { recall(articleId: $id) { isComplete holders {
  partner mustStillRemove removalAttemptedAt removalNotifiedAt removedAt confirmations { editorName note at } } } }`

const PROMPT = [0, 3_600_000]

test.each([
  ['answers 500', async () => startReceiver(() => ({ status: 500 })), 'the receiver answered 500'],
  ['is closed', async () => closedPort(), 'ECONNREFUSED'],
])('a removal sent to a webhook that %s is attempted, and not told', async (_what, start, failure) => {
  await using app = await freshApp({ changePollMs: 50, push: { backoff: PROMPT } })
  const { prisma } = app.database
  await using receiver = await start()
  const partner = await addPartner(prisma)
  const story = await addArticle(prisma)
  await app.ask('{ changes { pageInfo { endCursor } } }', {}, partner.key)
  await addHook(prisma, partner.slug, receiver.url)
  await addArticle(prisma, { slug: story.slug, status: 'CANCELED' })
  const editor = await app.token('editor')
  const lines = async () => {
    const { ledger } = await app.ask(LEDGER, { id: story.id }, editor)
    return ledger.edges.map(({ node }: { node: object }) => node)
  }
  await expect.poll(async () => (await removalIn(lines)).failures, { timeout: 20_000 }).toBe(1)
  expect(await removalIn(lines)).toMatchObject({
    via: 'WEBHOOK',
    deliveredAt: null,
    failedAt: expect.any(String),
    failure: expect.stringContaining(failure),
    acknowledgedAt: null,
  })
  const { recall } = await app.ask(RECALL, { id: story.id }, editor)
  expect(recall.holders).toMatchObject([
    {
      removalAttemptedAt: expect.any(String),
      removalNotifiedAt: null,
      removedAt: null,
      mustStillRemove: true,
    },
  ])

  // It fetches the removal: then it is told, and not before it confirms is it removed.
  const rest = await read(app, 'changes', partner.key)
  expect(rest.changes).toMatchObject([{ type: 'article.removed', reason: 'CANCELED' }, {}])
  const { recall: then } = await app.ask(RECALL, { id: story.id }, editor)
  expect(then.holders).toMatchObject([{ removalNotifiedAt: expect.any(String), removedAt: null }])
})

test('a removal that a webhook answers with 2xx is told and removed', async () => {
  await using app = await freshApp({ changePollMs: 50 })
  const { prisma } = app.database
  await using receiver = await startReceiver()
  const partner = await addPartner(prisma)
  await addHook(prisma, partner.slug, receiver.url)
  const story = await addArticle(prisma)
  await receiver.next()
  await addArticle(prisma, { slug: story.slug, status: 'CANCELED' })
  await receiver.next()
  const isComplete = async () => {
    const { recall } = await app.ask(RECALL, { id: story.id }, await app.token('editor'))
    return recall.isComplete && recall.holders[0].removalNotifiedAt !== null
  }
  await expect.poll(isComplete, { timeout: 20_000 }).toBe(true)
})

test('a story that was withdrawn, confirmed and given again counts as held', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { key } = await addPartner(prisma)
  const story = await addArticle(prisma)
  let { cursor } = await read(app, 'changes', key)
  await addArticle(prisma, { slug: story.slug, status: 'WITHHELD' })
  cursor = (await read(app, 'changes', key, cursor)).cursor
  await confirm(app, key, cursor)
  expect(await prisma.holding.findFirst()).toMatchObject({ removedAt: expect.any(Date) })
  await addArticle(prisma, { slug: story.slug, status: 'USABLE' })
  await read(app, 'changes', key, cursor)
  expect(await prisma.holding.findFirst()).toMatchObject({
    removalAttemptedAt: null,
    removalNotifiedAt: null,
    removedAt: null,
  })
})

test('an acknowledgement confirms what stands before its cursor, and not the next change', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { key } = await addPartner(prisma)
  const [one, two, three] = [await addArticle(prisma), await addArticle(prisma), await addArticle(prisma)]
  const { changes } = await read(app, 'changes', key)
  await confirm(app, key, changes[1].cursor)
  const confirmed = await prisma.holding.findMany({ where: { confirmed: 1 }, orderBy: { articleId: 'asc' } })
  expect(confirmed.map(({ articleId }) => articleId)).toEqual([one?.key, two?.key].toSorted())
  expect(await prisma.holding.findFirst({ where: { articleId: three?.key } })).toMatchObject({
    confirmed: null,
  })
})

test('an acknowledgement of one removal says nothing of the next one', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { key } = await addPartner(prisma)
  const [one, two] = [await addArticle(prisma), await addArticle(prisma)]
  await read(app, 'changes', key)
  for (const { slug } of [one, two]) await addArticle(prisma, { slug, status: 'CANCELED' })
  const { removals } = await read(app, 'removals', key)
  expect(removals).toHaveLength(2)
  await confirm(app, key, removals[0].cursor)
  const removedAt = async (articleId: string) =>
    (await prisma.holding.findFirst({ where: { articleId } }))?.removedAt
  expect([await removedAt(one.key), await removedAt(two.key)]).toEqual([expect.any(Date), null])
  await confirm(app, key, removals[1].cursor)
  expect(await removedAt(two.key)).toEqual(expect.any(Date))
})

test('an editor records that a partner confirmed a removal by phone, which completes the recall', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { slug, key } = await addPartner(prisma)
  const story = await addArticle(prisma)
  const kept = await addArticle(prisma)
  await read(app, 'changes', key)
  await addArticle(prisma, { slug: story.slug, status: 'CANCELED' })
  const editor = await app.token('editor', { name: 'Ana' })
  const open = async () => {
    const { openRecalls } = await app.ask('{ openRecalls { edges { node { articleId } } } }', {}, editor)
    return openRecalls.edges.map(({ node }: { node: { articleId: string } }) => node.articleId)
  }
  expect(await open()).toEqual([story.id])
  const confirmation = (articleId: string, note: string, token: string) =>
    app.post(
      `mutation ($input: ConfirmRemovalInput!) { confirmRemoval(input: $input) { __typename
        ... on ConfirmRemovalPayload { recall {
          isComplete holders { removalNotifiedAt removedAt confirmations { editorName note } }
        } }
        ... on Error { code } } }`,
      { input: { articleId, partner: slug, note } },
      token,
    )
  const { data: refused } = await confirmation(story.id, 'By phone', await app.token('moderator'))
  expect(refused.confirmRemoval).toMatchObject({ code: 'FORBIDDEN' })
  for (const [id, note] of [
    [kept.id, 'By phone'],
    [story.id, ' '],
  ] as const) {
    expect((await confirmation(id, note, editor)).data.confirmRemoval).toMatchObject({
      code: 'INVALID_INPUT',
    })
  }
  // Banned in the database, which no gateway has heard of yet.
  const banned = await app.token('editor', { name: 'Banned' })
  const subject = JSON.parse(Buffer.from(banned.split('.')[1] ?? '', 'base64url').toString()).sub
  await app.ask('{ viewer { isBanned } }', {}, banned)
  await prisma.reader.create({
    data: { subject, displayName: 'Banned', status: 'BANNED', createdAt: new Date() },
  })
  const { data: late } = await confirmation(story.id, 'By phone', banned)
  expect(late.confirmRemoval).toMatchObject({ code: 'FORBIDDEN' })
  expect(await prisma.removalConfirmation.count()).toBe(0)
  const { data } = await confirmation(story.id, 'The night desk, by phone', editor)
  expect(data.confirmRemoval.recall).toMatchObject({
    isComplete: true,
    holders: [
      {
        removalNotifiedAt: expect.any(String),
        removedAt: expect.any(String),
        confirmations: [{ editorName: 'Ana', note: 'The night desk, by phone' }],
      },
    ],
  })
  expect(await open()).toEqual([])
  await expect(prisma.removalConfirmation.deleteMany()).rejects.toThrow()
})

test('a kill says why to a partner that holds the story, and nothing to one that never had it', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const holder = await addPartner(prisma)
  const other = await addPartner(prisma)
  const story = await addArticle(prisma)
  const { cursor } = await read(app, 'changes', holder.key)
  const { cancelArticle } = await app.ask(
    `mutation ($input: CancelArticleInput!) { cancelArticle(input: $input) { __typename } }`,
    {
      input: {
        id: story.id,
        version: 1,
        publicReason: ' It named the \u202ewrong\u202c man.',
        advisory: 'Print a correction.\u3164',
      },
    },
    await app.token('editor'),
  )
  expect(cancelArticle).toEqual({ __typename: 'CancelArticlePayload' })
  const said = {
    reason: 'CANCELED',
    publicReason: 'It named the wrong man.',
    advisory: 'Print a correction.',
  }
  const [status, body] = await ask(app, `articles/${story.id}`, holder.key)
  expect([status, body.error]).toMatchObject([410, { code: 'ARTICLE_GONE', articleId: story.id, ...said }])
  expect((await ask(app, `articles/${story.id}`, other.key))[0]).toBe(404)
  expect((await read(app, 'changes', holder.key, cursor)).changes).toMatchObject([said])
  const RESULT = `query ($id: ID!) { licensedArticleResult(id: $id) { __typename
    ... on ArticleGone { reason publicReason advisory } } }`
  expect(await app.ask(RESULT, { id: story.id }, holder.key)).toEqual({
    licensedArticleResult: { __typename: 'ArticleGone', ...said },
  })
  expect(await app.ask(RESULT, { id: story.id }, other.key)).toEqual({ licensedArticleResult: null })
})

async function removalIn(lines: () => Promise<{ kind: string; failures?: number }[]>) {
  return (await lines()).find(({ kind }) => kind === 'REMOVAL') ?? { failures: null }
}

async function ask(app: TestApp, path: string, key: string): Promise<[number, Json]> {
  const url = new URL(`/syndication/${path}`, app.url)
  const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } })
  return [response.status, await response.json()]
}

async function read(app: TestApp, feed: string, key: string, after?: string) {
  return (await ask(app, after ? `${feed}?after=${after}` : feed, key))[1]
}

async function confirm(app: TestApp, key: string, cursor: string): Promise<void> {
  const answer = await fetch(new URL('/syndication/acknowledge', app.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ cursor }),
  })
  expect(answer.status).toBe(200)
}

/** An address at which nobody listens. */
async function closedPort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return { url: `http://127.0.0.1:${port}/hook`, async [Symbol.asyncDispose]() {} }
}
