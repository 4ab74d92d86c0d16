import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { addPending } from '../comment-feed/fill.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle, addComment, approve, globalId, reject } from '../support/newsroom.ts'

// The fields of comments, of those who wrote them and of those who decided on them, and the order of their lists.

let app: TestApp
let moment = Date.UTC(2026, 5, 1, 12)
let story: Awaited<ReturnType<typeof addArticle>>
let ada: string
let moderator: string
/** Comments of Ada: approved, rejected, taken down, pending; and one of somebody else, approved first. */
let ids: Record<'approved' | 'rejected' | 'retracted' | 'pending' | 'other', string>

beforeAll(async () => {
  app = await freshApp({ now: () => new Date(moment) })
  const { prisma } = app.database
  story = await addArticle(prisma)
  // The token's subject is made of role and name.
  ada = await app.token('reader', { name: 'Ada' })
  moderator = await app.token('moderator')
  const at = (minute: number) => new Date(Date.UTC(2026, 4, 1, 12, minute))
  const write = async (minute: number, body: string, by = 'ada') =>
    (await addComment(prisma, story.key, { body, by, at: at(minute) })).id
  ids = {
    other: await write(9, 'Other', 'grace'),
    approved: await write(4, 'Approved'),
    rejected: await write(3, 'Rejected'),
    retracted: await write(2, 'Retracted'),
    pending: await write(1, 'Pending'),
  }
  await approve(prisma, [ids.other])
  await approve(prisma, [ids.retracted])
  await approve(prisma, [ids.approved])
  await reject(prisma, [ids.rejected])
  await reject(prisma, [ids.retracted])
})
afterAll(() => app.close())

const bodiesIn = ({ edges }: { edges: { node: { body: string } }[] }) => edges.map(({ node }) => node.body)

describe('the comments of a story', () => {
  const list = (args: string, token?: string) =>
    app.ask(
      `{ article(slug: "${story.slug}") { commentCount comments${args} { edges { node { body } } } } }`,
      {},
      token,
    )

  test('are those that were approved, in the order of approval, whoever asks', async () => {
    for (const token of [undefined, ada, moderator]) {
      const { article } = await list('', token)
      expect(article.commentCount).toBe(2)
      expect(bodiesIn(article.comments)).toEqual(['Approved', 'Other'])
    }
    expect(bodiesIn((await list('(orderBy: NEWEST_FIRST)')).article.comments)).toEqual(['Approved', 'Other'])
    expect(bodiesIn((await list('(orderBy: OLDEST_FIRST)')).article.comments)).toEqual(['Other', 'Approved'])
    expect(bodiesIn((await list('(orderBy: OLDEST_FIRST, last: 1)')).article.comments)).toEqual(['Approved'])
  })
})

describe('who is asking', () => {
  const query = `{ viewer { role displayName isBanned expiresAt comments { edges { node { body status } } } } }`

  test('is nobody without a token', async () => {
    expect(await app.ask(query)).toEqual({ viewer: null })
  })

  test('has their own comments, in every state, latest submitted first', async () => {
    const { viewer } = await app.ask(query, {}, ada)
    expect(viewer.comments.edges.map(({ node }: Json) => [node.body, node.status])).toEqual([
      ['Approved', 'APPROVED'],
      ['Rejected', 'REJECTED'],
      ['Retracted', 'REJECTED'],
      ['Pending', 'PENDING'],
    ])
  })

  test('pages through them', async () => {
    const page = (args: string) =>
      app.ask(
        `{ viewer { comments(${args}) { edges { cursor node { body } } pageInfo { hasNextPage } } } }`,
        {},
        ada,
      )
    const first = (await page('first: 3')).viewer.comments
    expect([bodiesIn(first), first.pageInfo.hasNextPage]).toEqual([
      ['Approved', 'Rejected', 'Retracted'],
      true,
    ])
    const rest = (await page(`first: 3, after: "${first.edges[2].cursor}"`)).viewer.comments
    expect([bodiesIn(rest), rest.pageInfo.hasNextPage]).toEqual([['Pending'], false])
  })

  test.each([
    ['reader', 'READER', 'Reader'],
    ['moderator', 'MODERATOR', 'Moderator'],
    ['editor', 'EDITOR', 'Editor'],
    ['admin', 'ADMIN', 'Administrator'],
  ] as const)('is told what a token allows, and until when: %s', async (role, word, displayName) => {
    const token = await app.token(role, { ttlSeconds: 3_600 })
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    const { viewer } = await app.ask(query, {}, token)
    // The clock may be off by ten seconds.
    const expiresAt = new Date((exp + 10) * 1_000).toISOString()
    expect(viewer).toMatchObject({ role: word, displayName, isBanned: false, expiresAt })
  })
})

describe('a comment', () => {
  const read = async (id: string, fields: string, token?: string) => {
    const query = `query ($id: ID!) { node(id: $id) { ... on Comment { ${fields} } } }`
    return (await app.ask(query, { id: globalId('Comment', id) }, token)).node
  }

  test('says when it was submitted and approved, by whom, and in which language', async () => {
    const { prisma } = app.database
    const { approvedAt } = await prisma.comment.findUniqueOrThrow({ where: { id: ids.approved } })
    const fields =
      'submittedAt approvedAt status language isReply parentRemoved author { displayName } article { id }'
    expect(await read(ids.approved, fields)).toEqual({
      submittedAt: '2026-05-01T12:04:00.000Z',
      approvedAt: approvedAt?.toISOString(),
      status: 'APPROVED',
      language: null,
      isReply: false,
      parentRemoved: false,
      author: { displayName: 'ada' },
      article: { id: story.id },
    })
    expect(await read(ids.retracted, 'status approvedAt', moderator)).toEqual({
      status: 'REJECTED',
      approvedAt: null,
    })
  })

  test('is its author’s own, and nobody else’s', async () => {
    expect(await read(ids.approved, 'viewerIsAuthor', ada)).toEqual({ viewerIsAuthor: true })
    for (const token of [undefined, moderator, await app.token('reader', { name: 'Grace' })]) {
      expect(await read(ids.approved, 'viewerIsAuthor', token)).toEqual({ viewerIsAuthor: false })
    }
  })

  test('tells moderators who wrote it, and all decisions on it, the first one first; readers neither', async () => {
    const fields =
      'decisions { verdict moderatorName note at } reader { subject displayName status createdAt }'
    const { decisions, reader } = await read(ids.retracted, fields, moderator)
    expect(decisions).toMatchObject([
      { verdict: 'APPROVED', moderatorName: 'Moderator', note: null },
      { verdict: 'REJECTED', moderatorName: 'Moderator', note: null },
    ])
    expect(decisions[0].at <= decisions[1].at).toBe(true)
    expect(reader).toMatchObject({ subject: 'reader-ada', displayName: 'ada', status: 'GOOD' })
    for (const token of [undefined, ada]) {
      expect(await read(ids.approved, 'decisions { verdict }', token)).toEqual({ decisions: null })
      const query = `query ($id: ID!) { node(id: $id) { ... on Comment { reader { subject } } } }`
      const { data, errors } = await app.post(query, { id: globalId('Comment', ids.approved) }, token)
      expect(data.node).toEqual({ reader: null })
      expect(errors).toMatchObject([{ extensions: { code: token ? 'FORBIDDEN' : 'NOT_SIGNED_IN' } }])
    }
  })
})

describe('whether a story takes comments', () => {
  const open = async (key: string) => {
    const query = 'query ($id: ID!) { article(id: $id) { commentingOpen } }'
    return (await app.ask(query, { id: globalId('Article', key) })).article.commentingOpen
  }
  const set = (key: string, data: object) =>
    app.database.prisma.article.update({ where: { id: key }, data, select: { id: true } })

  test('is so until the moment at which it closes, exactly as submissions have it', async () => {
    const { key, id } = await addArticle(app.database.prisma)
    expect(await open(key)).toBe(true)
    await set(key, { commentingClosesAt: new Date(moment + 1_000) })
    expect(await open(key)).toBe(true)
    moment += 1_000
    expect(await open(key)).toBe(false)
    const input = { articleId: id, body: 'Late' }
    const { submitComment } = await app.ask(operationText('SubmitComment'), { input }, ada)
    expect(submitComment.__typename).toBe('CommentsClosed')
    await set(key, { commentingClosesAt: null })
    expect(await open(key)).toBe(true)
    await set(key, { commentingOpen: false })
    expect(await open(key)).toBe(false)
  })
})

describe('moderators', () => {
  const queue = async (filter: string) => {
    const query = `{ moderationQueue(filter: ${filter}) { edges { node { body } } } }`
    return bodiesIn((await app.ask(query, {}, moderator)).moderationQueue)
  }

  test('list comments by status and story', async () => {
    const other = await addArticle(app.database.prisma)
    await addPending(app.database.prisma, other.key, 1)
    const here = `articleId: "${story.id}"`
    expect(await queue(`{ ${here} }`)).toEqual(['Pending'])
    expect(await queue(`{ ${here}, status: PENDING }`)).toEqual(['Pending'])
    expect(await queue(`{ ${here}, status: APPROVED }`)).toEqual(['Approved', 'Other'])
    expect(await queue(`{ ${here}, status: REJECTED }`)).toEqual(['Retracted', 'Rejected'])
    expect(await queue(`{ articleId: "${other.id}" }`)).toEqual(['Comment 1'])
    expect(await queue('{ status: PENDING }')).toEqual(['Pending', 'Comment 1'])
    const { errors } = await app.post(
      `{ moderationQueue(filter: { articleId: "${globalId('Comment', ids.pending)}" }) { edges { cursor } } }`,
      {},
      moderator,
    )
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
  })

  test('name guidelines, which are listed in their own order, also beside a decision', async () => {
    const { prisma } = app.database
    const rows = await prisma.guideline.findMany({ orderBy: { position: 'asc' } })
    const { guidelines } = await app.ask('{ guidelines { code title description } }')
    expect(guidelines).toEqual(rows.map(({ code, title, description }) => ({ code, title, description })))
    expect(rows.length).toBeGreaterThan(2)
    const codes = rows.map(({ code }) => code)
    const [id] = (await addPending(prisma, story.key, 1)) as [string]
    await app.ask(
      operationText('RejectComments'),
      { ids: [globalId('Comment', id)], guidelines: codes.toReversed() },
      moderator,
    )
    const query = `query ($id: ID!) { node(id: $id) { ... on Comment { decisions { guidelines { code } } } } }`
    const { node } = await app.ask(query, { id: globalId('Comment', id) }, moderator)
    expect(node.decisions[0].guidelines.map(({ code }: Json) => code)).toEqual(codes)
  })
})

test('what administrators decided about a reader is listed latest first', async () => {
  const admin = await app.token('admin')
  const set = operationText('SetReaderStatus')
  for (const [status, reason] of [
    ['BANNED', 'First'],
    ['GOOD', 'Second'],
    ['BANNED', 'Third'],
  ]) {
    moment += 1_000
    await app.ask(set, { input: { subject: 'somebody', status, reason } }, admin)
  }
  const { id } = await app.database.prisma.reader.findUniqueOrThrow({ where: { subject: 'somebody' } })
  const query =
    'query ($id: ID!) { node(id: $id) { ... on Reader { status statusChanges { reason status at } } } }'
  const { node } = await app.ask(query, { id: globalId('Reader', id) }, moderator)
  expect(node.status).toBe('BANNED')
  expect(node.statusChanges.map(({ reason }: Json) => reason)).toEqual(['Third', 'Second', 'First'])
  expect(node.statusChanges[0]).toEqual({
    reason: 'Third',
    status: 'BANNED',
    at: new Date(moment).toISOString(),
  })
})

describe('the same words', () => {
  const say = async (body: string, by: string) => {
    const input = { articleId: story.id, body }
    const token = await app.token('reader', { name: by })
    return (await app.ask(operationText('SubmitComment'), { input }, token)).submitComment.__typename
  }

  test.each([
    ['in another case, where the capital has two letters', 'Straße', 'STRASSE'],
    ['in another width', 'Ｗｏｒｄｓ', 'Words'],
    ['with other spaces and lines', 'One two\nthree', ' One\u00a0\u00a0two  three '],
    ['with a ligature', 'ﬁne', 'fine'],
    ['composed and decomposed', 'cafe\u0301', 'café'],
  ])('are the same %s', async (what, one, other) => {
    expect(await say(one, what)).toBe('SubmitCommentPayload')
    expect(await say(other, what)).toBe('RepeatedComment')
  })

  test.each([
    ['with another sign', 'Yes.', 'Yes!'],
    ['with another mark', 'resume', 'résumé'],
    ['joined', 'a part', 'apart'],
  ])('are others %s', async (what, one, other) => {
    expect(await say(one, what)).toBe('SubmitCommentPayload')
    expect(await say(other, what)).toBe('SubmitCommentPayload')
  })
})
