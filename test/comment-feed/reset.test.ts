import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeCommentFeedCursor } from '../../src/comment-feed/cursor.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { freshDatabase } from '../support/database.ts'
import type { Json } from '../support/json.ts'
import { addArticle, addComment, approve, globalId, reject } from '../support/newsroom.ts'
import { connect, listen, type Results } from '../support/socket.ts'
import { fillFeed } from './fill.ts'

const feed = operationText('CommentFeed')
let app: TestApp

beforeAll(async () => {
  app = await freshApp({ pollMs: 50 })
})
afterAll(() => app.close())

function watch(
  articleId: string,
  after: string | null,
  token?: string,
  { wsUrl }: Pick<TestApp, 'wsUrl'> = app,
): Results<Json> {
  return listen(connect(wsUrl, token), feed, { articleId, after })
}

async function approveNew(key: string, { database } = app): Promise<string> {
  const [id] = await fillFeed(database.prisma, key, 1)
  return globalId('Comment', id as string)
}

async function nextEvent(window: Results<Json>) {
  const [{ commentFeed }] = (await window.take(1)) as [Json]
  return commentFeed
}

describe('a cursor that cannot be honoured begins with a reset, and the feed goes on live', () => {
  const cursorOf = (key: string, position: number) => app.services.commentFeeds.cursorAt(key, position)
  const otherEpoch = '00000000-0000-4000-8000-000000000000'

  test.each<[string, string, (key: string, otherKey: string) => string]>([
    ['words that are no cursor', 'UNKNOWN_CURSOR', () => 'garbage'],
    ['nothing at all', 'UNKNOWN_CURSOR', () => ''],
    [
      'a negative position',
      'UNKNOWN_CURSOR',
      (key) => encodeCommentFeedCursor({ history: otherEpoch, articleId: key, position: -1 }),
    ],
    ['the cursor of another story', 'UNKNOWN_CURSOR', (_key, other) => cursorOf(other, 1)],
    [
      'a cursor of another history',
      'OTHER_HISTORY',
      (key) => encodeCommentFeedCursor({ history: otherEpoch, articleId: key, position: 1 }),
    ],
    ['a cursor ahead of the feed', 'AHEAD_OF_FEED', (key) => cursorOf(key, 3)],
    ['a cursor far ahead of any feed', 'AHEAD_OF_FEED', (key) => cursorOf(key, 9_999_999_999)],
  ])('%s: %s', async (_what, reason, cursor) => {
    const { prisma } = app.database
    const [article, other] = [await addArticle(prisma), await addArticle(prisma)]
    await approveNew(article.key)
    await approveNew(article.key)
    await approveNew(other.key)
    await using window = watch(article.id, cursor(article.key, other.key))
    expect(await nextEvent(window)).toMatchObject({
      __typename: 'FeedReset',
      reason,
      cursor: cursorOf(article.key, 2),
    })
    const id = await approveNew(article.key)
    expect(await nextEvent(window)).toMatchObject({ __typename: 'CommentApproved', comment: { id } })
  })

  test('one more than can be replayed: TOO_OLD; just as many are replayed', {
    timeout: 120_000,
  }, async () => {
    const article = await addArticle(app.database.prisma)
    await fillFeed(app.database.prisma, article.key, 1_000 + 1)
    await using late = watch(article.id, cursorOf(article.key, 0))
    expect(await nextEvent(late)).toMatchObject({ __typename: 'FeedReset', reason: 'TOO_OLD' })
    await using punctual = watch(article.id, cursorOf(article.key, 1))
    const replayed = await punctual.take(1_000)
    expect(replayed.map(({ commentFeed }) => commentFeed.cursor)).toEqual(
      Array.from({ length: 1_000 }, (_, index) => cursorOf(article.key, index + 2)),
    )
    const id = await approveNew(article.key)
    expect(await nextEvent(late)).toMatchObject({ comment: { id } })
    expect(await nextEvent(punctual)).toMatchObject({ comment: { id } })
  })
})

describe('a comment that is taken down', () => {
  test('is retracted at once, and on replay without ever being shown', async () => {
    const { prisma } = app.database
    const article = await addArticle(prisma)
    const start = app.services.commentFeeds.cursorAt(article.key, 0)
    await using window = watch(article.id, start)
    const { id: key } = await addComment(prisma, article.key, { body: 'Soon gone' })
    const commentId = globalId('Comment', key)
    await approve(prisma, [key])
    expect(await nextEvent(window)).toMatchObject({
      __typename: 'CommentApproved',
      comment: { id: commentId },
    })
    await reject(prisma, [key])
    expect(await nextEvent(window)).toMatchObject({ __typename: 'CommentRetracted', commentId })

    const next = await approveNew(article.key)
    await using returning = watch(article.id, start)
    const replayed = [await nextEvent(returning), await nextEvent(returning)]
    expect(replayed).toMatchObject([
      { __typename: 'CommentRetracted', commentId },
      { __typename: 'CommentApproved', comment: { id: next } },
    ])
    expect(JSON.stringify(replayed)).not.toContain('Soon gone')
  })
})

describe('a story', () => {
  test.each(['WITHHELD', 'CANCELED'] as const)(
    'that becomes %s while it is watched ends its feeds',
    async (status) => {
      const { prisma } = app.database
      const article = await addArticle(prisma)
      await using window = watch(article.id, app.services.commentFeeds.cursorAt(article.key, 0))
      await approveNew(article.key)
      await nextEvent(window)
      await prisma.article.update({ where: { id: article.key }, data: { status }, select: { id: true } })
      expect(await nextEvent(window)).toMatchObject({
        __typename: 'FeedReset',
        reason: 'ARTICLE_UNAVAILABLE',
        cursor: app.services.commentFeeds.cursorAt(article.key, 1),
      })
      expect(await window.over).toBeUndefined()
    },
  )

  test('that comes under embargo while it is watched ends the feeds of readers, and an editor watches on', async () => {
    const { prisma } = app.database
    const article = await addArticle(prisma)
    const start = app.services.commentFeeds.cursorAt(article.key, 0)
    await using window = watch(article.id, start)
    await using desk = watch(article.id, start, await app.token('editor'))
    await approveNew(article.key)
    await Promise.all([nextEvent(window), nextEvent(desk)])
    const embargoedUntil = new Date(Date.now() + 3_600_000)
    await prisma.article.update({
      where: { id: article.key },
      data: { embargoedUntil },
      select: { id: true },
    })
    expect(await nextEvent(window)).toMatchObject({ reason: 'ARTICLE_UNAVAILABLE' })
    const id = await approveNew(article.key)
    expect(await nextEvent(desk)).toMatchObject({ comment: { id } })
  })

  test.each([
    ['under embargo', { embargoedUntil: new Date('2999-01-01') }],
    ['that is withheld', { status: 'WITHHELD' as const }],
    ['that is not published yet', { publishedAt: new Date('2999-01-01') }],
  ])('%s can be watched by editors only', async (_what, data) => {
    const { prisma } = app.database
    const article = await addArticle(prisma)
    await prisma.article.update({ where: { id: article.key }, data, select: { id: true } })
    for (const token of [undefined, await app.token('reader'), await app.token('moderator')]) {
      await using window = watch(article.id, null, token)
      const { errors } = await window.next().catch(async () => ({ errors: (await window.over) as Json[] }))
      expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    }
    await using desk = watch(
      article.id,
      app.services.commentFeeds.cursorAt(article.key, 0),
      await app.token('editor'),
    )
    const id = await approveNew(article.key)
    expect(await nextEvent(desk)).toMatchObject({ comment: { id } })
  })

  test.each([
    ['that does not exist', globalId('Article', '00000000-0000-4000-8000-000000000000')],
    ['whose id is the id of a person', globalId('Person', '00000000-0000-4000-8000-000000000000')],
  ])('%s cannot be watched', async (_what, id) => {
    await using window = watch(id, null)
    const { errors } = await window.next().catch(async () => ({ errors: (await window.over) as Json[] }))
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
  })
})

describe('a story that is taken from view while its hint is lost', () => {
  let deaf: TestApp

  beforeAll(async () => {
    const database = await freshDatabase()
    const unheard = { ...database, listen: async () => async () => {} }
    deaf = await freshApp({ database: unheard, pollMs: 3_600_000 })
  })
  afterAll(async () => {
    await deaf.close()
    await deaf.database.close()
  })

  test.each([
    ['by its status', { status: 'WITHHELD' as const }],
    ['by an embargo', { embargoedUntil: new Date('2999-01-01') }],
    ['by a later date of publication', { publishedAt: new Date('2999-01-01') }],
  ])('%s ends the feeds of readers at the next look, and an editor watches on', async (_what, data) => {
    const { prisma } = deaf.database
    const article = await addArticle(prisma)
    const start = deaf.services.commentFeeds.cursorAt(article.key, 0)
    await using window = watch(article.id, start, undefined, deaf)
    await using desk = watch(article.id, start, await deaf.token('editor'), deaf)
    await approveNew(article.key, deaf)
    await deaf.services.commentFeeds.pollAll()
    await Promise.all([nextEvent(window), nextEvent(desk)])
    await prisma.article.update({ where: { id: article.key }, data, select: { id: true } })
    await deaf.services.commentFeeds.pollAll()

    const id = await approveNew(article.key, deaf)
    await deaf.services.commentFeeds.pollAll()
    // The cursor says when it was sent: at the first look, not with what was decided after it.
    expect(await nextEvent(window)).toMatchObject({
      __typename: 'FeedReset',
      reason: 'ARTICLE_UNAVAILABLE',
      cursor: deaf.services.commentFeeds.cursorAt(article.key, 1),
    })
    expect(await window.over).toBeUndefined()
    expect(await nextEvent(desk)).toMatchObject({ comment: { id } })
  })
})
