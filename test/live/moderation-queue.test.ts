import { setTimeout as after } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { addPending } from '../comment-feed/fill.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { freshDatabase } from '../support/database.ts'
import type { Json } from '../support/json.ts'
import { addArticle, addComment, approve, globalId, reject } from '../support/newsroom.ts'
import { operation, rawSocket } from '../support/raw-socket.ts'
import { connect, listen } from '../support/socket.ts'
import { watching } from './live-support.ts'

const document = operationText('ModerationQueueEvents')
const NEVER = 3_600_000

/** Follows the queue; READY has come. */
async function follow(app: TestApp, filter?: object) {
  const window = listen(connect(app.wsUrl, await app.token('moderator')), document, { filter })
  const take = async (count: number) =>
    (await window.take(count)).map(({ moderationQueue }) => moderationQueue)
  expect(await take(1)).toMatchObject([{ __typename: 'QueueReady' }])
  return { ...window, take }
}

function summaryOf({ __typename, comment, decision }: Json): string {
  return [__typename, comment.body ?? comment.id, decision?.verdict].filter(Boolean).join(' ')
}

describe('the desk', () => {
  test('is sent each submission and each decision, with who decided what', async () => {
    await using app = await freshApp()
    const { prisma } = app.database
    const article = await addArticle(prisma)
    await using desk = await follow(app)
    const { id } = await addComment(prisma, article.key, { body: 'First' })
    await approve(prisma, [id], 'Mo')
    await reject(prisma, [id], 'Jo')
    const [queued, approved, retracted] = await desk.take(3)
    const commentId = globalId('Comment', id)
    expect(queued).toMatchObject({ __typename: 'CommentQueued', commentId, comment: { body: 'First' } })
    expect(approved).toMatchObject({
      __typename: 'DecisionMade',
      commentId,
      decision: { verdict: 'APPROVED', moderatorName: 'Mo', guidelines: [] },
    })
    expect(retracted).toMatchObject({
      __typename: 'DecisionMade',
      commentId,
      comment: { status: 'REJECTED' },
      decision: { verdict: 'REJECTED', moderatorName: 'Jo', guidelines: [{ code: 'RELEVANCE' }] },
    })
  })

  test('is sent what was submitted and decided over HTTP on another gateway', async () => {
    await using database = await freshDatabase()
    await using writer = await freshApp({ database })
    await using app = await freshApp({ database, pollMs: NEVER })
    const article = await addArticle(database.prisma)
    await using desk = await follow(app)
    const input = { articleId: article.id, body: 'Elsewhere' }
    const { submitComment } = await writer.ask(
      operationText('SubmitComment'),
      { input },
      await writer.token('reader'),
    )
    const { id } = submitComment.comment
    await writer.ask(
      operationText('ApproveComments'),
      { ids: [id] },
      await writer.token('moderator', { name: 'Mo' }),
    )
    expect(await desk.take(2)).toMatchObject([
      { __typename: 'CommentQueued', commentId: id },
      { __typename: 'DecisionMade', commentId: id, decision: { verdict: 'APPROVED', moderatorName: 'Mo' } },
    ])
  })

  test('may ask for one article or one language only', async () => {
    await using app = await freshApp()
    const { prisma } = app.database
    const [one, other] = [await addArticle(prisma), await addArticle(prisma)]
    await using ofArticle = await follow(app, { articleId: one.id })
    await using ofLanguage = await follow(app, { language: 'AR' })
    const token = await app.token('reader')
    const submit = (articleId: string, body: string, language?: string) =>
      app.ask(operationText('SubmitComment'), { input: { articleId, body, language } }, token)
    await submit(other.id, 'other')
    await submit(other.id, 'other-ar', 'ar')
    await submit(one.id, 'one')
    await submit(one.id, 'one-ar', 'ar')
    expect((await ofArticle.take(2)).map(summaryOf)).toEqual(['CommentQueued one', 'CommentQueued one-ar'])
    expect((await ofLanguage.take(2)).map(summaryOf)).toEqual([
      'CommentQueued other-ar',
      'CommentQueued one-ar',
    ])
  })

  test('is told to load again when too much has changed at once, and goes on', async () => {
    await using app = await freshApp()
    const { prisma } = app.database
    const article = await addArticle(prisma)
    await using desk = await follow(app)
    await addPending(prisma, article.key, 1_001)
    expect(await desk.take(1)).toMatchObject([{ __typename: 'QueueReset', reason: 'EVENTS_MISSED' }])
    await addComment(prisma, article.key, { body: 'Next' })
    expect((await desk.take(1)).map(summaryOf)).toEqual(['CommentQueued Next'])
  })

  test('is told to load again when the database has another history, and goes on', async () => {
    await using app = await freshApp()
    const { prisma } = app.database
    const article = await addArticle(prisma)
    await using desk = await follow(app)
    await prisma.$executeRaw`UPDATE "FeedEpoch" SET "epoch" = gen_random_uuid()`
    await addComment(prisma, article.key, { body: 'In between' })
    expect(await desk.take(1)).toMatchObject([{ __typename: 'QueueReset', reason: 'OTHER_HISTORY' }])
    await addComment(prisma, article.key, { body: 'Next' })
    expect((await desk.take(1)).map(summaryOf)).toEqual(['CommentQueued Next'])
  })

  test('is sent what it has no hint about at the next poll', async () => {
    await using database = await freshDatabase()
    const deaf = { ...database, listen: async () => async () => {} }
    await using app = await freshApp({ database: deaf })
    const article = await addArticle(database.prisma)
    await using desk = await follow(app)
    const { id } = await addComment(database.prisma, article.key, { body: 'Unannounced' })
    await reject(database.prisma, [id])
    expect((await desk.take(2)).map(({ __typename }) => __typename)).toEqual([
      'CommentQueued',
      'DecisionMade',
    ])
  })
})

test('a submission that commits after a later one is sent too, once', async ({ skip }) => {
  await using database = await freshDatabase()
  // The embedded database has one connection.
  if (database.kind === 'embedded') return skip()
  await using app = await freshApp({ database })
  const { prisma } = database
  const article = await addArticle(prisma)
  const slow = await addArticle(prisma)
  const reader = await prisma.reader.create({
    data: { subject: 'slow', displayName: 'Slow', createdAt: new Date() },
  })
  await using desk = await follow(app)
  const written = Promise.withResolvers<void>()
  const commit = Promise.withResolvers<void>()
  const first = prisma.$transaction(async (tx) => {
    await tx.comment.create({
      data: {
        articleId: slow.key,
        readerId: reader.id,
        body: 'early',
        bodyDigest: new Uint8Array(32),
        submittedAt: new Date(),
      },
    })
    written.resolve()
    await commit.promise
  })
  await written.promise
  await addComment(prisma, article.key, { body: 'late' })
  expect((await desk.take(1)).map(summaryOf)).toEqual(['CommentQueued late'])
  commit.resolve()
  await first
  expect((await desk.take(1)).map(summaryOf)).toEqual(['CommentQueued early'])
  await addComment(prisma, article.key, { body: 'last' })
  expect((await desk.take(1)).map(summaryOf)).toEqual(['CommentQueued last'])
})

test('a row that is missing is an error of its event, and holds up no other event', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const article = await addArticle(prisma)
  await using desk = await follow(app)
  const { id } = await addComment(prisma, article.key, { body: 'First' })
  await desk.take(1)
  await prisma.queueChange.create({ data: { commentId: id, decisionId: crypto.randomUUID() } })
  await addComment(prisma, article.key, { body: 'Next' })
  expect((await desk.next()).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
  expect((await desk.take(1)).map(summaryOf)).toEqual(['CommentQueued Next'])
})

describe('who may follow the queue', () => {
  test.each([
    [undefined, 'NOT_SIGNED_IN'],
    ['reader', 'FORBIDDEN'],
  ] as const)('%s may not', async (role, code) => {
    await using app = await freshApp()
    await using window = listen(connect(app.wsUrl, role && (await app.token(role))), document)
    expect((await window.next()).errors).toMatchObject([{ extensions: { code } }])
    await watching(app, 0)
  })

  test('a moderator whose token expires is sent nothing more', async () => {
    await using app = await freshApp()
    const article = await addArticle(app.database.prisma)
    // Ten seconds past its end a token is still accepted.
    const token = await app.token('moderator', { ttlSeconds: -8 })
    await using window = await rawSocket(app.wsUrl, { token })
    window.send(operation('1', document))
    expect((await window.next()).payload.data.moderationQueue).toMatchObject({ __typename: 'QueueReady' })
    expect((await window.next()).payload.errors).toMatchObject([{ extensions: { code: 'TOKEN_EXPIRED' } }])
    await watching(app, 0)
    await addComment(app.database.prisma, article.key, { body: 'Secret' })
    expect(await window.next()).toEqual({ id: '1', type: 'complete' })
    expect(await window.closed).toMatchObject({ code: 4403 })
  })

  test('a moderator who is banned is sent nothing more', async () => {
    await using app = await freshApp({ pollMs: 50 })
    const { prisma } = app.database
    const article = await addArticle(prisma)
    const token = await app.token('moderator', { name: 'Mo' })
    const { sub } = JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString())
    await using window = listen(connect(app.wsUrl, token), document)
    await window.take(1)
    await prisma.reader.create({
      data: { subject: sub, displayName: 'Mo', status: 'BANNED', createdAt: new Date() },
    })
    expect(await window.over).toMatchObject({ code: 4403 })
    await watching(app, 0)
    await addComment(prisma, article.key, { body: 'Secret' })
    await expect(window.next()).rejects.toThrow('the stream is over')
  })
})

test('a desk that was closed costs no reads', async () => {
  const statements: (string | undefined)[] = []
  await using database = await freshDatabase()
  const rows: typeof database.rows = (statement, values) => {
    statements.push(statement.name)
    return database.rows(statement, values)
  }
  await using app = await freshApp({ database: { ...database, rows }, pollMs: 20 })
  const desk = await follow(app)
  await vi.waitUntil(() => statements.includes('queue_changes'))
  await desk[Symbol.asyncDispose]()
  await watching(app, 0)
  statements.length = 0
  await after(100)
  expect(statements).not.toContain('queue_changes')
})
