import { beforeEach, describe, expect, test } from 'vitest'
import { operationText } from '../../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../../support/app.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'
import { openStream, takeEvents } from '../../support/event-stream.ts'
import type { Json } from '../../support/json.ts'
import { addArticle, addComment, approve, globalId } from '../../support/newsroom.ts'
import { operation, rawSocket } from '../../support/raw-socket.ts'

const set = operationText('SetReaderStatus')
const feed = operationText('CommentFeed')

/** Polls that never come in the time of a test: what happens, happens by a hint. */
const NEVER = 3_600_000

let database: TestDatabase
let here: TestApp
let elsewhere: TestApp
let admin: string
let reader: string
let subject: string

beforeEach(async () => {
  database = await freshDatabase()
  ;[here, elsewhere] = await Promise.all([
    freshApp({ database, pollMs: NEVER }),
    freshApp({ database, pollMs: NEVER }),
  ])
  admin = await here.token('admin', { name: 'Admin' })
  reader = await here.token('reader', { name: 'Reader' })
  subject = subjectOf(reader)
  return async () => {
    await Promise.all([here.close(), elsewhere.close()])
    await database.close()
  }
})

describe('setReaderStatus', () => {
  test('bans a reader before they ever commented, and says so once', async () => {
    const ban = () => order(here, { subject, status: 'BANNED', reason: 'Spam' })
    expect(await ban()).toMatchObject({
      __typename: 'SetReaderStatusPayload',
      changed: true,
      reader: { subject, status: 'BANNED' },
    })
    expect(await ban()).toMatchObject({ changed: false })
    expect(await database.prisma.readerStatusChange.count()).toBe(1)
  })

  test('finds a reader by the id that moderators see beside a comment', async () => {
    const article = await addArticle(database.prisma)
    const comment = await addComment(database.prisma, article.key, { body: 'Spam', by: 'Spammer' })
    const query = `query ($id: ID!) { node(id: $id) { ... on Comment { reader { id subject } } } }`
    const moderator = await here.token('moderator')
    const { node } = await here.ask(query, { id: globalId('Comment', comment.id) }, moderator)
    expect(node.reader.subject).toBe('reader-Spammer')
    const result = await order(here, { readerId: node.reader.id, status: 'BANNED', reason: 'Spam' })
    expect(result).toMatchObject({ changed: true, reader: { id: node.reader.id } })

    const changes = `query ($id: ID!) {
      node(id: $id) { ... on Reader { statusChanges { status reason adminName } } }
    }`
    expect(await here.ask(changes, { id: node.reader.id }, moderator)).toEqual({
      node: { statusChanges: [{ status: 'BANNED', reason: 'Spam', adminName: 'Admin' }] },
    })
    const others = await Promise.all([here.ask(changes, node.reader), here.ask(changes, node.reader, reader)])
    expect(others).toEqual([{ node: null }, { node: null }])
  })

  test.each([
    ['neither subject nor id', {}, 'subject'],
    ['subject and id', { subject: 'a', readerId: globalId('Reader', crypto.randomUUID()) }, 'subject'],
    ['a subject that no token has', { subject: ' ' }, 'subject'],
    ['a subject with a control character', { subject: 'a\u0007b' }, 'subject'],
    ['no reason', { subject: 'a', reason: ' ' }, 'reason'],
    ['an endless reason', { subject: 'a', reason: 'x'.repeat(1_001) }, 'reason'],
  ])('refuses %s', async (_what, input, field) => {
    const query = `mutation ($input: SetReaderStatusInput!) {
      setReaderStatus(input: $input) { __typename ... on InvalidInput { field } }
    }`
    const answer = await here.ask(query, { input: { status: 'BANNED', reason: 'Spam', ...input } }, admin)
    expect(answer.setReaderStatus).toEqual({ __typename: 'InvalidInput', field })
    expect(await database.prisma.reader.count()).toBe(0)
  })

  test('finds no reader by an id that nobody has', async () => {
    const readerId = globalId('Reader', crypto.randomUUID())
    const result = await order(here, { readerId, status: 'BANNED', reason: 'Spam' })
    expect(result).toMatchObject({ __typename: 'NotFound' })
  })

  test('is for administrators', async () => {
    const input = { subject, status: 'BANNED', reason: 'Spam' }
    const results = [undefined, reader, await here.token('moderator'), await here.token('editor')].map(
      async (token) => (await here.ask(set, { input }, token)).setReaderStatus.__typename,
    )
    expect(await Promise.all(results)).toEqual(['NotSignedIn', 'Forbidden', 'Forbidden', 'Forbidden'])
  })

  test('orders given at once leave one change and one standing', async () => {
    const input = { subject, status: 'BANNED', reason: 'Spam' }
    const results = await Promise.all(Array.from({ length: 8 }, () => order(here, input)))
    expect(results.filter(({ changed }) => changed)).toHaveLength(1)
    expect(await database.prisma.readerStatusChange.count()).toBe(1)
  })
})

describe('a reader who is banned', () => {
  test('has every socket closed, on every gateway, and nobody else has', async () => {
    const other = await here.token('reader', { name: 'Other' })
    await using bystander = await rawSocket(here.wsUrl, { token: other })
    await using nobody = await rawSocket(here.wsUrl)
    const sockets = await Promise.all(
      [here, here, elsewhere].map(async (app) => rawSocket(app.wsUrl, { token: await tokenFor(app) })),
    )
    await order(here, { subject, status: 'BANNED', reason: 'Spam' })
    const ends = await Promise.all(sockets.map(({ closed }) => closed))
    expect(ends.map(({ code }) => code)).toEqual([4403, 4403, 4403])
    for (const socket of [bystander, nobody]) {
      socket.send({ type: 'ping' })
      expect(await socket.next()).toEqual({ type: 'pong' })
    }
  })

  test('has every event stream ended, with the reason', async () => {
    const article = await addArticle(database.prisma)
    const streams = await Promise.all(
      [here, elsewhere].map(async (app) =>
        openStream(app.url, feed, { articleId: article.id }, await tokenFor(app)),
      ),
    )
    await using anonymous = await openStream(here.url, feed, { articleId: article.id })
    await order(here, { subject, status: 'BANNED', reason: 'Spam' })
    for (const { events } of streams) {
      const { value } = await events.next()
      expect(value).toMatchObject({
        event: 'next',
        data: { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
      })
      expect(await events.next()).toMatchObject({ value: { event: 'complete' } })
      expect(await events.next()).toMatchObject({ done: true })
    }
    const comment = await addComment(database.prisma, article.key, { body: 'Still here', by: 'Somebody' })
    await approve(database.prisma, [comment.id])
    expect(await takeEvents(anonymous, 1)).toMatchObject([{ commentFeed: { __typename: 'CommentApproved' } }])
  })

  test('is not connected again, by socket or stream, but may watch as anybody may', async () => {
    const article = await addArticle(database.prisma)
    await order(here, { subject, status: 'BANNED', reason: 'Spam' })
    for (const app of [here, elsewhere]) {
      const token = await tokenFor(app)
      await using socket = await rawSocket(app.wsUrl, { init: false })
      socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
      expect(await socket.closed).toMatchObject({ code: 4403, reason: expect.stringContaining('comment') })
      await using stream = await openStream(app.url, feed, { articleId: article.id }, token)
      expect(stream.status).toBe(403)
      await using anonymous = await openStream(app.url, feed, { articleId: article.id })
      expect(anonymous.status).toBe(200)
    }
  })

  test('may not comment, and may again when the ban is lifted', async () => {
    const article = await addArticle(database.prisma)
    const say = async (body: string) => {
      const input = { articleId: article.id, body }
      return (await here.ask(operationText('SubmitComment'), { input }, reader)).submitComment.__typename
    }
    await order(here, { subject, status: 'BANNED', reason: 'Spam' })
    expect(await say('Let me in')).toBe('Forbidden')
    await order(here, { subject, status: 'GOOD', reason: 'A mistake' })
    expect(await say('Thank you')).toBe('SubmitCommentPayload')
    await using socket = await rawSocket(here.wsUrl, { token: reader })
    socket.send(operation('1', '{ viewer { role } }'))
    expect(await socket.next()).toMatchObject({ payload: { data: { viewer: { role: 'READER' } } } })
  })
})

test('a ban that no hint told of is found by looking', async () => {
  await using app = await freshApp({ database, pollMs: 20 })
  const token = await tokenFor(app)
  const article = await addArticle(database.prisma)
  await using socket = await rawSocket(app.wsUrl, { token })
  await using stream = await openStream(app.url, feed, { articleId: article.id }, token)
  await database.prisma.reader.create({
    data: { subject, displayName: 'Reader', status: 'BANNED', createdAt: new Date() },
  })
  expect(await socket.closed).toMatchObject({ code: 4403 })
  expect(await stream.events.next()).toMatchObject({ value: { data: { errors: [{}] } } })
})

test('a token that runs out ends its event stream, with the reason', async () => {
  const article = await addArticle(database.prisma)
  const short = await here.token('reader', { name: 'Short', ttlSeconds: -7 })
  await using stream = await openStream(here.url, feed, { articleId: article.id }, short)
  expect(await stream.events.next()).toMatchObject({
    value: { data: { errors: [{ extensions: { code: 'TOKEN_EXPIRED' } }] } },
  })
  expect(await stream.events.next()).toMatchObject({ value: { event: 'complete' } })
})

async function order(app: TestApp, input: object): Promise<Json> {
  return (await app.ask(set, { input }, admin)).setReaderStatus
}

/** The reader's token for a gateway: each test gateway signs with a key of its own. */
function tokenFor(app: TestApp): Promise<string> {
  return app.token('reader', { name: 'Reader' })
}

function subjectOf(token: string): string {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sub
}
