import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Role } from '../../../src/auth/viewer.ts'
import { notifyPublisher } from '../../../src/bus/notify.ts'
import { refusingBanned } from '../../../src/comments/readers/refuse-banned.ts'
import { operationText } from '../../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../../support/app.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'
import type { Json } from '../../support/json.ts'
import { addArticle, addComment, globalId } from '../../support/newsroom.ts'
import { addPartner } from '../../support/partner.ts'
import { rawSocket } from '../../support/raw-socket.ts'

const NEVER = 3_600_000

let database: TestDatabase
let here: TestApp
let elsewhere: TestApp
let chief: string

beforeAll(async () => {
  database = await freshDatabase()
  here = await freshApp({ database, pollMs: NEVER })
  elsewhere = await freshApp({ database, pollMs: NEVER })
  chief = await here.token('admin', { name: 'Chief' })
})
afterAll(async () => {
  await Promise.all([here.close(), elsewhere.close()])
  await database.close()
})

let count = 0

/** Somebody with a role, who was served a moment ago. */
async function staff(role: Role, app = here) {
  const token = await app.token(role, { name: `${role} ${++count}` })
  const subject = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sub
  expect(await app.ask('{ viewer { isBanned } }', {}, token)).toEqual({ viewer: { isBanned: false } })
  return { token, subject }
}

/** Bans somebody in the database, and tells no gateway: what they were found to be lately is still believed. */
async function banInSecret(subject: string): Promise<void> {
  const row = { displayName: 'Staff', status: 'BANNED', createdAt: new Date() } as const
  await database.prisma.reader.upsert({
    where: { subject },
    create: { subject, ...row },
    update: { status: 'BANNED' },
  })
}

function ban(subject: string): Promise<Json> {
  return here.ask(
    operationText('SetReaderStatus'),
    { input: { subject, status: 'BANNED', reason: 'Misuse' } },
    chief,
  )
}

async function newComment(by = 'Somebody'): Promise<string> {
  const article = await addArticle(database.prisma)
  return globalId('Comment', (await addComment(database.prisma, article.key, { body: 'Hello', by })).id)
}

describe('what a banned member of staff writes is refused in the transaction of the write', () => {
  const result = '{ __typename ... on Forbidden { code message } }'
  const slug = 'a-partner'
  const written = `input: { id: "${globalId('Article', crypto.randomUUID())}", version: 1`

  beforeAll(async () => {
    await addPartner(database.prisma, { slug })
  })

  test.each<[Role, string, string]>([
    ['moderator', 'approveComments', 'input: { ids: ["COMMENT"] }'],
    ['moderator', 'rejectComments', 'input: { ids: ["COMMENT"], guidelines: ["RELEVANCE"] }'],
    [
      'editor',
      'publishArticle',
      'input: { slug: "news", url: "https://example.org/news", language: "en", headline: "News", blocks: [] }',
    ],
    ['editor', 'updateArticle', `${written}, changes: { headline: "New" } }`],
    ['editor', 'correctArticle', `${written}, kind: CORRECTION, text: "Wrong" }`],
    ['editor', 'withholdArticle', `${written} }`],
    ['editor', 'releaseArticle', `${written} }`],
    ['editor', 'cancelArticle', `${written} }`],
    ['editor', 'embargoArticle', `${written}, until: null }`],
    ['editor', 'setCommenting', `${written}, open: false }`],
    ['editor', 'setImageRights', 'input: { url: "https://example.org/a.jpg", syndicatable: true }'],
    ['admin', 'setReaderStatus', 'input: { subject: "SELF", status: GOOD, reason: "I like me" }'],
    ['admin', 'setReaderStatus', 'input: { subject: "other", status: BANNED, reason: "Revenge" }'],
    ['admin', 'addPartner', 'input: { slug: "mine", name: "Mine" }'],
    ['admin', 'rotateKey', `input: { partner: "${slug}" }`],
    ['admin', 'suspendPartner', `input: { partner: "${slug}" }`],
    ['admin', 'reinstatePartner', `input: { partner: "${slug}" }`],
    ['admin', 'setLicence', `input: { partner: "${slug}", licence: { fullText: false } }`],
    ['admin', 'setPartnerQuota', `input: { partner: "${slug}", perMinute: 7 }`],
    ['admin', 'addWebhook', `input: { partner: "${slug}", url: "http://127.0.0.1:9/" }`],
    ['admin', 'rotateWebhookSecret', `input: { id: "${crypto.randomUUID()}" }`],
    ['admin', 'enableWebhook', `input: { id: "${crypto.randomUUID()}" }`],
    ['admin', 'removeWebhook', `input: { id: "${crypto.randomUUID()}" }`],
  ])('%s: %s', async (role, mutation, args) => {
    const { token, subject } = await staff(role)
    const comment = await newComment()
    await banInSecret(subject)
    const text = args.replace('COMMENT', comment).replace('SELF', subject)
    const answer = await here.post(`mutation { result: ${mutation}(${text}) ${result} }`, {}, token)
    expect(answer.errors, JSON.stringify(answer.errors)).toBeUndefined()
    expect(answer.data.result).toMatchObject({ __typename: 'Forbidden', code: 'FORBIDDEN' })
    const { status } = await database.prisma.reader.findUniqueOrThrow({ where: { subject } })
    expect(status).toBe('BANNED')
  })

  test('reader: submitComment', async () => {
    const { token, subject } = await staff('reader')
    const { id } = await addArticle(database.prisma)
    await banInSecret(subject)
    const input = { articleId: id, body: 'Let me in' }
    const { submitComment } = await here.ask(operationText('SubmitComment'), { input }, token)
    expect(submitComment).toMatchObject({ __typename: 'Forbidden' })
  })
})

// The embedded database has one connection: there, transactions take turns anyway.
test.skipIf(!process.env.DATABASE_URL)(
  'a ban waits for what a member of staff, who never commented, is writing',
  async () => {
    const { subject } = await staff('editor')
    const viewer = { role: 'editor', subject, displayName: 'Editor', expiresAt: null } as const
    const order: string[] = []
    let banned: Promise<unknown> = Promise.resolve()
    await refusingBanned(notifyPublisher(database.prisma), viewer).transaction(
      async (tx) => {
        banned = ban(subject).then(() => order.push('banned'))
        const isWaiting = async () => {
          const rows = await tx.$queryRaw<unknown[]>`
            SELECT 1 FROM pg_locks WHERE "locktype" = 'advisory' AND NOT "granted"
              AND "database" = (SELECT "oid" FROM pg_database WHERE "datname" = current_database())`
          return rows.length > 0 || order.length > 0
        }
        await vi.waitUntil(isWaiting, { timeout: 20_000 })
        order.push('written')
      },
      { timeout: 30_000 },
    )
    await banned
    expect(order).toEqual(['written', 'banned'])
  },
)

describe('a member of staff who is banned on one gateway', () => {
  test('is refused what readers may not see by every other, over HTTP', async () => {
    const queue = '{ moderationQueue { edges { node { id } } } }'
    const { token, subject } = await staff('moderator', elsewhere)
    await ban(subject)
    const code = async () => (await elsewhere.post(queue, {}, token)).errors?.[0]?.extensions?.code
    await vi.waitUntil(async () => (await code()) === 'FORBIDDEN', { timeout: 5_000 })
    expect(await elsewhere.ask('{ viewer { isBanned } }', {}, token)).toEqual({ viewer: { isBanned: true } })
  })

  test('sees stories as the public does', async () => {
    const { token, subject } = await staff('editor', elsewhere)
    const { id } = await addArticle(database.prisma, { status: 'WITHHELD' })
    const sees = async () =>
      (await elsewhere.ask('query ($id: ID!) { article(id: $id) { id } }', { id }, token)).article !== null
    expect(await sees()).toBe(true)
    await ban(subject)
    await vi.waitUntil(async () => !(await sees()), { timeout: 5_000 })
  })

  test('reads no changes over REST', async () => {
    const { token, subject } = await staff('editor', elsewhere)
    const address = elsewhere.url.replace('/graphql', '/syndication/changes')
    const status = async () => {
      const response = await fetch(address, { headers: { authorization: `Bearer ${token}` } })
      await response.arrayBuffer()
      return response.status
    }
    expect(await status()).toBe(200)
    await ban(subject)
    await vi.waitUntil(async () => (await status()) === 403, { timeout: 5_000 })
  })

  test('has their sockets closed', async () => {
    const { token, subject } = await staff('admin', elsewhere)
    await using socket = await rawSocket(elsewhere.wsUrl, { token })
    await ban(subject)
    expect(await socket.closed).toMatchObject({ code: 4403 })
  })
})

test('standings are watched only while somebody is connected', async () => {
  const watched = async () => {
    const text = await (await fetch(here.url.replace('/graphql', '/metrics'))).text()
    return Number(/^dateline_watched_identities (\d+)$/m.exec(text)?.[1])
  }
  const sockets = await Promise.all(
    Array.from({ length: 20 }, async () => rawSocket(here.wsUrl, { token: (await staff('reader')).token })),
  )
  await vi.waitUntil(async () => (await watched()) === 20)
  await Promise.all(sockets.map((socket) => socket[Symbol.asyncDispose]()))
  await vi.waitUntil(async () => (await watched()) === 0)
})

describe('nobody decides on what is their own', () => {
  test.each<Role>(['moderator', 'editor', 'admin'])('a comment, by its author: %s', async (role) => {
    const { token } = await staff(role)
    const { id: articleId } = await addArticle(database.prisma)
    const input = { articleId, body: 'Mine' }
    const { submitComment } = await here.ask(operationText('SubmitComment'), { input }, token)
    const ids = [await newComment(), submitComment.comment.id]
    const { approveComments } = await here.ask(operationText('ApproveComments'), { ids }, token)
    expect(approveComments.results).toMatchObject([
      { __typename: 'CommentDecided', changed: true },
      { __typename: 'Forbidden', code: 'FORBIDDEN', message: expect.stringContaining('Another moderator') },
    ])
    const variables = { ids: ids.slice(1), guidelines: ['RELEVANCE'] }
    const { rejectComments } = await here.ask(operationText('RejectComments'), variables, token)
    expect(rejectComments.results).toMatchObject([{ __typename: 'Forbidden' }])
    const second = await here.token('moderator', { name: 'Second' })
    const decided = await here.ask(operationText('ApproveComments'), { ids: ids.slice(1) }, second)
    expect(decided.approveComments.results).toMatchObject([{ __typename: 'CommentDecided', changed: true }])
  })

  test.each([
    ['have commented', true],
    ['never commented', false],
  ])('of two administrators who ban each other at once, and %s, one is banned', async (_what, hasRow) => {
    const [one, other] = [await staff('admin'), await staff('admin')]
    for (const { subject } of hasRow ? [one, other] : []) {
      await database.prisma.reader.create({
        data: { subject, displayName: 'Admin', createdAt: new Date() },
      })
    }
    const order = async (token: string, subject: string) => {
      const input = { subject, status: 'BANNED', reason: 'No, you are' }
      return (await here.ask(operationText('SetReaderStatus'), { input }, token)).setReaderStatus.__typename
    }
    const outcomes = await Promise.all([order(one.token, other.subject), order(other.token, one.subject)])
    expect(outcomes.sort()).toEqual(['Forbidden', 'SetReaderStatusPayload'])
  })

  test('a standing, by subject or by reader', async () => {
    const { token, subject } = await staff('admin')
    const { id } = await database.prisma.reader.create({
      data: { subject, displayName: 'Admin', createdAt: new Date() },
    })
    for (const whom of [{ subject }, { readerId: globalId('Reader', id) }]) {
      const input = { ...whom, status: 'BANNED', reason: 'A test' }
      const answer = await here.ask(operationText('SetReaderStatus'), { input }, token)
      expect(answer.setReaderStatus).toMatchObject({ __typename: 'Forbidden' })
    }
  })
})
