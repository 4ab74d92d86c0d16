import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ArticleDraft } from '../../src/articles/draft.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { openStream, takeEvents } from '../support/event-stream.ts'
import { addArticle, addComment, approve, reject } from '../support/newsroom.ts'
import { connect, listen } from '../support/socket.ts'
import { changesOf, type Desk, type Order, openDesk, orderAs } from './desk.ts'

const noon = new Date('2026-06-01T12:00:00Z')
const tomorrow = new Date('2026-06-02T12:00:00Z')
let now = noon
let app: TestApp
let desk: Desk

beforeAll(async () => {
  app = await freshApp({ now: () => now, pollMs: 3_600_000 })
  desk = await openDesk(app)
})
afterEach(() => {
  now = noon
})
afterAll(() => app.close())

let count = 0

/** A story that a reader can find by every path, with a comment under it. */
async function story(draft: Partial<ArticleDraft> = {}) {
  const word = `quixotic${++count}`
  const article = await addArticle(app.database.prisma, {
    headline: `The ${word} story`,
    topic: { slug: 'region', label: 'Region' },
    leadImage: { url: `https://pictures.example/${word}.jpg` },
    ...draft,
  })
  const { id: commentKey } = await addComment(app.database.prisma, article.key, {
    body: `About ${word}`,
    at: draft.embargoedUntil ?? noon,
  })
  await approve(app.database.prisma, [commentKey])
  const commentId = Buffer.from(`Comment:${commentKey}`).toString('base64')
  return { ...article, word, commentKey, commentId }
}

type Story = Awaited<ReturnType<typeof story>>

/** By how many paths a reader comes upon a story: of two lists, search, its slug, its id, and a comment. */
async function pathsTo({ id, slug, word, commentId }: Story): Promise<number> {
  const data = await app.ask(
    `query ($id: ID!, $slug: String!, $word: String!, $commentId: ID!) {
      articles(first: 100) { edges { node { headline } } }
      topics { edges { node { articles(first: 100) { edges { node { headline } } } } } }
      search(text: $word) { articles { edges { node { headline } } } }
      bySlug: article(slug: $slug) { headline }
      byId: node(id: $id) { ... on Article { headline } }
      comment: node(id: $commentId) { ... on Comment { body } } }`,
    { id, slug, word, commentId },
  )
  return Object.values(data).filter((part) => JSON.stringify(part).includes(word)).length
}

const EVERY_PATH = 6

const hiding: [string, Order, object, string][] = [
  ['withheld', 'WithholdArticle', {}, 'WITHHELD'],
  ['killed', 'CancelArticle', {}, 'CANCELED'],
  ['put under embargo', 'EmbargoArticle', { until: tomorrow.toISOString() }, 'EMBARGOED'],
]

describe.each(hiding)('a story that is %s', (_what, order, more, kind) => {
  test('is gone from every path in the very next answer, and its date does not move', async () => {
    const hidden = await story()
    expect(await pathsTo(hidden)).toBe(EVERY_PATH)
    const outcome = await desk.order(order, { id: hidden.id, version: 1, ...more })
    expect(outcome).toMatchObject({
      changed: true,
      version: 2,
      article: { updatedAt: '2026-01-01T00:00:00.000Z' },
    })
    expect(await pathsTo(hidden)).toBe(0)
    expect(await changesOf(app, hidden.key)).toEqual(['1 PUBLISHED', `2 ${kind}`])
    const reader = await app.token('reader')
    const input = { articleId: hidden.id, body: 'Too late' }
    const { submitComment } = await app.ask(operationText('SubmitComment'), { input }, reader)
    expect(submitComment).toMatchObject({ code: 'NOT_FOUND' })
    expect((await desk.read(hidden.id)).version).toBe(2)
  })

  test('a second time is left as it is', async () => {
    const { id, key } = await story()
    await desk.order(order, { id, version: 1, ...more })
    expect(await desk.order(order, { id, version: 2, ...more })).toMatchObject({ changed: false, version: 2 })
    expect(await changesOf(app, key)).toHaveLength(2)
  })

  test('ends the feeds of its readers at once, on every gateway, and an editor watches on', async () => {
    await using other = await freshApp({ database: app.database, now: () => now, pollMs: 3_600_000 })
    const { id, key, commentKey } = await story()
    const feed = operationText('CommentFeed')
    const variables = { articleId: id, after: app.services.commentFeeds.cursorAt(key, 0) }
    await using here = listen(connect(app.wsUrl), feed, variables)
    await using there = listen(connect(other.wsUrl), feed, variables)
    await using stream = await openStream(other.url, feed, variables)
    await using editor = listen(connect(other.wsUrl, await other.token('editor')), feed, variables)
    for (const window of [here, there, editor]) await window.take(1)
    await takeEvents(stream, 1)

    await desk.order(order, { id, version: 1, ...more })
    const gone = { commentFeed: { __typename: 'FeedReset', reason: 'ARTICLE_UNAVAILABLE' } }
    expect(await here.take(1)).toMatchObject([gone])
    expect(await there.take(1)).toMatchObject([gone])
    expect(await takeEvents(stream, 1)).toMatchObject([gone])
    expect(await Promise.all([here.over, there.over])).toEqual([undefined, undefined])

    await reject(app.database.prisma, [commentKey])
    expect(await editor.take(1)).toMatchObject([{ commentFeed: { __typename: 'CommentRetracted' } }])
  })
})

describe('a story that was withheld', () => {
  test('comes back by every path, and that is a publication', async () => {
    const back = await story()
    await desk.order('WithholdArticle', { id: back.id, version: 1 })
    const outcome = await desk.order('ReleaseArticle', { id: back.id, version: 2 })
    expect(outcome).toMatchObject({ changed: true, version: 3, article: { status: 'USABLE' } })
    expect(await pathsTo(back)).toBe(EVERY_PATH)
    expect(await changesOf(app, back.key)).toEqual(['1 PUBLISHED', '2 WITHHELD', '3 PUBLISHED'])
  })

  test('under embargo comes back under embargo', async () => {
    const back = await story({ embargoedUntil: tomorrow })
    await desk.order('WithholdArticle', { id: back.id, version: 1 })
    await desk.order('ReleaseArticle', { id: back.id, version: 2 })
    expect(await pathsTo(back)).toBe(0)
    expect(await changesOf(app, back.key)).toEqual(['1 EMBARGOED', '2 WITHHELD', '3 EMBARGOED'])
  })

  test('may be edited meanwhile, out of sight', async () => {
    const back = await story()
    await desk.order('WithholdArticle', { id: back.id, version: 1 })
    const changes = { standfirst: 'With more' }
    expect(await desk.order('UpdateArticle', { id: back.id, version: 2, changes })).toMatchObject({
      changed: true,
    })
    expect(await pathsTo(back)).toBe(0)
    expect((await changesOf(app, back.key)).at(-1)).toBe('3 UPDATED')
  })
})

test('a story that was killed never comes back, by no order', async () => {
  const dead = await story()
  await desk.order('CancelArticle', { id: dead.id, version: 1 })
  for (const order of ['ReleaseArticle', 'WithholdArticle'] as const) {
    expect(await desk.order(order, { id: dead.id, version: 2 })).toMatchObject({ __typename: 'InvalidInput' })
  }
  await desk.order('UpdateArticle', { id: dead.id, version: 2, changes: { headline: 'Undead' } })
  await desk.order('EmbargoArticle', { id: dead.id, version: 3, until: null })
  expect(await pathsTo(dead)).toBe(0)
  expect(await desk.read(dead.id)).toMatchObject({ status: 'CANCELED' })
})

describe('an embargo', () => {
  test('lifts by the clock, and is announced then, once', async () => {
    await using ticking = await freshApp({ database: app.database, now: () => now, changePollMs: 50 })
    const held = await story()
    await desk.order('EmbargoArticle', { id: held.id, version: 1, until: tomorrow.toISOString() })
    const grown = Promise.withResolvers<void>()
    const stop = ticking.services.changes.watch(() => grown.resolve())
    now = new Date(tomorrow.getTime() - 1)
    expect(await pathsTo(held)).toBe(0)
    now = tomorrow
    expect(await pathsTo(held)).toBe(EVERY_PATH)
    await grown.promise
    stop()
    expect(await changesOf(app, held.key)).toEqual(['1 PUBLISHED', '2 EMBARGOED', '2 PUBLISHED'])
    expect((await desk.read(held.id)).version).toBe(2)
  })

  test('that is lifted by hand is gone for good', async () => {
    const held = await story({ embargoedUntil: tomorrow })
    const lifted = await desk.order('EmbargoArticle', { id: held.id, version: 1, until: null })
    expect(lifted).toMatchObject({ changed: true, article: { embargoedUntil: null } })
    expect(await pathsTo(held)).toBe(EVERY_PATH)
    await desk.order('UpdateArticle', { id: held.id, version: 2, changes: { kicker: 'Out' } })
    expect(await pathsTo(held)).toBe(EVERY_PATH)
    expect(await changesOf(app, held.key)).toEqual(['1 EMBARGOED', '2 PUBLISHED', '3 UPDATED'])
  })

  test('holds through other edits', async () => {
    const held = await story({ embargoedUntil: tomorrow })
    await desk.order('UpdateArticle', { id: held.id, version: 1, changes: { kicker: 'Held' } })
    expect(await pathsTo(held)).toBe(0)
    expect(await desk.read(held.id)).toMatchObject({ embargoedUntil: tomorrow.toISOString() })
  })

  test('that ends in the past, or is not said, is refused', async () => {
    const { id } = await story()
    for (const until of [noon.toISOString(), undefined]) {
      const outcome = await desk.order('EmbargoArticle', { id, version: 1, until })
      expect(outcome).toMatchObject({ __typename: 'InvalidInput', field: 'until' })
    }
  })
})

describe('comments', () => {
  const submit = async (articleId: string, body: string) => {
    const input = { articleId, body }
    const token = await app.token('reader', { name: body })
    return (await app.ask(operationText('SubmitComment'), { input }, token)).submitComment
  }

  test('close and open again by order of an editor, and the date of the story does not move', async () => {
    const { id, key } = await story()
    const closed = await desk.order('SetCommenting', { id, version: 1, open: false })
    expect(closed).toMatchObject({
      changed: true,
      article: { commentingOpen: false, updatedAt: '2026-01-01T00:00:00.000Z' },
    })
    expect(await submit(id, 'One')).toMatchObject({ code: 'COMMENTS_CLOSED' })
    await desk.order('SetCommenting', { id, version: 2, open: true })
    expect(await submit(id, 'Two')).toMatchObject({ __typename: 'SubmitCommentPayload' })
    expect(await changesOf(app, key)).toEqual(['1 PUBLISHED', '2 COMMENTING_CHANGED', '3 COMMENTING_CHANGED'])
  })

  test('close and open again by order of a moderator, if the story is public', async () => {
    const { id } = await story()
    const hidden = await story({ embargoedUntil: tomorrow })
    const token = await app.token('moderator', { name: 'Nadia' })
    const set = (input: object) => orderAs(app, token, 'SetCommenting', input)
    expect(await set({ id, version: 1, open: true, closesAt: tomorrow.toISOString() })).toMatchObject({
      version: 2,
      article: { commentingOpen: true },
    })
    expect(
      (await app.ask('query ($id: ID!) { article(id: $id) { commentingClosesAt } }', { id })).article,
    ).toEqual({ commentingClosesAt: tomorrow.toISOString() })
    expect(await set({ id, version: 2, open: false })).toMatchObject({
      version: 3,
      article: { commentingOpen: false },
    })
    for (const version of [1, 9]) {
      expect(await set({ id: hidden.id, version, open: false })).toMatchObject({ code: 'NOT_FOUND' })
    }
  })

  test('close by the clock, and not any more when that is taken back', async () => {
    const { id } = await story()
    await desk.order('SetCommenting', { id, version: 1, open: true, closesAt: tomorrow.toISOString() })
    expect(await submit(id, 'Before')).toMatchObject({ __typename: 'SubmitCommentPayload' })
    now = tomorrow
    expect(await submit(id, 'After')).toMatchObject({ code: 'COMMENTS_CLOSED' })
    await desk.order('SetCommenting', { id, version: 2, open: true })
    expect(await submit(id, 'Later')).toMatchObject({ __typename: 'SubmitCommentPayload' })
  })

  test('cannot close in the past, nor when they are closed', async () => {
    const { id } = await story()
    for (const input of [
      { open: true, closesAt: noon },
      { open: false, closesAt: tomorrow },
    ]) {
      const outcome = await desk.order('SetCommenting', { id, version: 1, ...input })
      expect(outcome).toMatchObject({ __typename: 'InvalidInput', field: 'closesAt' })
    }
  })
})
