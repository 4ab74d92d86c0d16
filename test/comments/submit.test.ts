import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle, approve, globalId, reject } from '../support/newsroom.ts'

const submit = operationText('SubmitComment').replace(
  '... on Error {',
  '... on InvalidInput { field } ... on Error {',
)
const HOUR = 3_600_000

let app: TestApp
let moment = Date.now()
let token: string
let article: Awaited<ReturnType<typeof addArticle>>

beforeAll(async () => {
  app = await freshApp({ now: () => new Date(moment) })
  token = await app.token('reader', { ttlSeconds: 86_400 })
  article = await addArticle(app.database.prisma)
})
afterAll(() => app.close())

interface Input {
  body: string
  articleId?: string
  parentId?: string | null
  language?: string | null
}

async function hand(input: Input, by: string | undefined = token): Promise<Json> {
  const { submitComment } = await app.ask(submit, { input: { articleId: article.id, ...input } }, by)
  return submitComment
}

/** The comment of a submission that must succeed, as its database key. */
async function keyOf(input: Input, by?: string): Promise<string> {
  const { comment } = await hand(input, by)
  return Buffer.from(comment.id, 'base64').toString().split(':')[1] as string
}

describe('a comment is taken in', () => {
  test.each<[string, string, string]>([
    ['of one character', 'x', 'x'],
    ['without the white space around it', ' \n\t Words.\u00a0\r\n ', 'Words.'],
    ['with its lines and tabs', 'One\r\n\tTwo', 'One\n\tTwo'],
    ['of as many characters as allowed', 'a'.repeat(2_000), 'a'.repeat(2_000)],
    ['of as many emoji as allowed, each one character', '😀'.repeat(2_000), '😀'.repeat(2_000)],
    ['of 300 family emoji, each one character', '👨‍👩‍👧‍👦'.repeat(300), '👨‍👩‍👧‍👦'.repeat(300)],
    ['with the line breaks of the program that it was pasted from', 'a\u000bb\fc\rd\u0085e', 'a\nb\nc\nd\ne'],
    ['without direction controls, tags and noncharacters', 'a\u202eb\u{e0068}c\ufdd0', 'abc'],
    ['without stacks of marks', `Z${'\u0335'.repeat(40)}`, `Z${'\u0335'.repeat(4)}`],
    ['with the joiners that Persian is spelt with', 'می‌خواهم', 'می‌خواهم'],
    ['in any script', 'چاوەڕوانی دەکەین', 'چاوەڕوانی دەکەین'],
    ['with what looks like markup, as plain text', '<b>&amp;</b>', '<b>&amp;</b>'],
  ])('%s', async (_what, body, stored) => {
    const id = await keyOf({ body })
    const row = await app.database.prisma.comment.findUniqueOrThrow({
      where: { id },
      include: { author: true },
    })
    expect(row).toMatchObject({ body: stored, status: 'PENDING', author: { displayName: 'Reader' } })
  })

  test('as the answer to an approved comment', async () => {
    const parent = await keyOf({ body: 'A question?' })
    await approve(app.database.prisma, [parent])
    const child = await hand({ body: 'An answer.', parentId: globalId('Comment', parent) })
    expect(child.comment.status).toBe('PENDING')
  })

  test('with the language that it is in', async () => {
    const id = await keyOf({ body: 'Bi kurdî', language: 'KU-latn' })
    const { language } = await app.database.prisma.comment.findUniqueOrThrow({ where: { id } })
    expect(language).toBe('ku-Latn')
  })
})

describe('a comment is refused', () => {
  test.each<[string, Input, string]>([
    ['that is empty', { body: '' }, 'body'],
    ['of signs that are drawn as nothing', { body: '\u3164\u2800\u{e0001}\u200d' }, 'body'],
    ['of more than 16,000 bytes', { body: '👨‍👩‍👧‍👦'.repeat(641) }, 'body'],
    ['of white space only', { body: ' \n\t\u2003\ufeff ' }, 'body'],
    ['one character too long', { body: 'a'.repeat(2_001) }, 'body'],
    ['one emoji too long', { body: '😀'.repeat(2_001) }, 'body'],
    ['with a NUL', { body: 'a\u0000b' }, 'body'],
    ['with a control character', { body: 'a\u001bb' }, 'body'],
    ['with a control character of the second set', { body: 'a\u0085\u009bb' }, 'body'],
    ['with half an emoji', { body: 'a\ud83db' }, 'body'],
    ['with the other half', { body: 'a\ude00b' }, 'body'],
    ['in a language that is none', { body: 'Words.', language: 'no language' }, 'language'],
  ])('%s', async (_what, input, field) => {
    expect(await hand(input)).toMatchObject({ __typename: 'InvalidInput', code: 'INVALID_INPUT', field })
  })

  test.each([
    ['whose story has commenting switched off', { commentingOpen: false }],
    ['whose story has just closed', { commentingClosesAt: new Date(moment) }],
  ])('%s', async (_what, data) => {
    const { key, id: articleId } = await addArticle(app.database.prisma)
    await app.database.prisma.article.update({ where: { id: key }, data, select: { id: true } })
    expect(await hand({ articleId, body: 'Too late' })).toMatchObject({
      __typename: 'CommentsClosed',
      code: 'COMMENTS_CLOSED',
    })
  })

  test('from the moment on at which its story closes, and not before', async () => {
    const { key, id: articleId } = await addArticle(app.database.prisma)
    const commentingClosesAt = new Date(moment + 1_000)
    await app.database.prisma.article.update({
      where: { id: key },
      data: { commentingClosesAt },
      select: { id: true },
    })
    expect(await hand({ articleId, body: 'In time' })).toHaveProperty('comment')
    moment += 1_000
    expect(await hand({ articleId, body: 'Too late' })).toMatchObject({ code: 'COMMENTS_CLOSED' })
  })

  test.each([
    ['under embargo', { embargoedUntil: new Date(moment + HOUR) }],
    ['that is withheld', { status: 'WITHHELD' as const }],
    ['that is canceled', { status: 'CANCELED' as const }],
    ['that is not published yet', { publishedAt: new Date(moment + HOUR) }],
  ])('whose story is one %s, whoever writes it', async (_what, data) => {
    const { key, id: articleId } = await addArticle(app.database.prisma)
    await app.database.prisma.article.update({ where: { id: key }, data, select: { id: true } })
    for (const by of [token, await app.token('editor', { ttlSeconds: 86_400 })]) {
      expect(await hand({ articleId, body: 'Hidden' }, by)).toMatchObject({
        __typename: 'NotFound',
        code: 'NOT_FOUND',
      })
    }
  })

  test.each([
    ['no story', globalId('Article', '00000000-0000-4000-8000-000000000000')],
    ['a person', globalId('Person', '00000000-0000-4000-8000-000000000000')],
  ])('whose story is %s', async (_what, articleId) => {
    expect(await hand({ articleId, body: 'Nowhere' })).toMatchObject({ code: 'NOT_FOUND' })
  })

  test('that answers a comment which is pending, rejected or under another story', async () => {
    const { prisma } = app.database
    const other = await addArticle(prisma)
    const [pending, rejected, elsewhere] = [
      await keyOf({ body: 'Pending' }),
      await keyOf({ body: 'Rejected' }),
      await keyOf({ body: 'Elsewhere', articleId: other.id }),
    ]
    await approve(prisma, [rejected, elsewhere])
    await reject(prisma, [rejected])
    for (const parent of [pending, rejected, elsewhere]) {
      const answer = await hand({ body: `Answer to ${parent}`, parentId: globalId('Comment', parent) })
      expect(answer).toMatchObject({ code: 'INVALID_INPUT', field: 'parentId' })
    }
    expect(await hand({ body: 'Answer to a story', parentId: article.id })).toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  test('of a reader who is banned, and who still reads', async () => {
    const banned = await app.token('reader', { name: 'Banned', ttlSeconds: 86_400 })
    await keyOf({ body: 'The last one' }, banned)
    await app.database.prisma.reader.update({
      where: { subject: 'reader-banned' },
      data: { status: 'BANNED' },
    })
    expect(await hand({ body: 'One more' }, banned)).toMatchObject({
      __typename: 'Forbidden',
      code: 'FORBIDDEN',
    })
    expect(await app.ask('{ articles(first: 1) { edges { node { slug } } } }', {}, banned)).toHaveProperty(
      'articles',
    )
  })

  test('of somebody without a token', async () => {
    const { submitComment } = await app.ask(submit, { input: { articleId: article.id, body: 'Who?' } })
    expect(submitComment).toMatchObject({ __typename: 'NotSignedIn', code: 'NOT_SIGNED_IN' })
  })
})

describe('the same words by the same reader under the same story', () => {
  test('are refused within ten minutes, whatever their case, spaces and invisible characters, and taken after', async () => {
    await keyOf({ body: 'I said  so' })
    expect(await hand({ body: 'i SAID so' })).toMatchObject({
      __typename: 'RepeatedComment',
      code: 'REPEATED_COMMENT',
    })
    expect(await hand({ body: 'I sa\u2063id\u3164so\ufe0f' })).toMatchObject({ code: 'REPEATED_COMMENT' })
    moment += 599_999
    expect(await hand({ body: 'I said so' })).toMatchObject({ code: 'REPEATED_COMMENT' })
    moment += 1
    expect(await hand({ body: 'I said so' })).toHaveProperty('comment')
  })

  test('are taken from another reader, and under another story', async () => {
    const body = 'A common thought'
    const other = await addArticle(app.database.prisma)
    await keyOf({ body })
    expect(
      await hand({ body }, await app.token('reader', { name: 'Other', ttlSeconds: 86_400 })),
    ).toHaveProperty('comment')
    expect(await hand({ body, articleId: other.id })).toHaveProperty('comment')
  })

  test('sent many times at once are taken once, also as the reader’s first words', async () => {
    for (const name of ['Newcomer', 'Other newcomer']) {
      const newcomer = await app.token('reader', { name, ttlSeconds: 86_400 })
      const answers = await Promise.all(Array.from({ length: 8 }, () => hand({ body: 'Hello!' }, newcomer)))
      const kinds = answers.map(({ __typename }) => __typename).sort()
      expect(kinds).toEqual([...Array(7).fill('RepeatedComment'), 'SubmitCommentPayload'])
    }
  })
})
