import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkedDisplayName } from '../../src/comments/display-name.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle, addComment, approve, globalId, someone } from '../support/newsroom.ts'

let app: TestApp
let article: Awaited<ReturnType<typeof addArticle>>

beforeAll(async () => {
  app = await freshApp({ env: { OUTLET: 'The Morning Post' } })
  article = await addArticle(app.database.prisma)
})
afterAll(() => app.close())

let count = 0
async function submitAs(role: 'reader' | 'moderator', name: string): Promise<Json> {
  const input = { articleId: article.id, body: `Words ${++count}` }
  const { submitComment } = await app.ask(
    operationText('SubmitComment'),
    { input },
    await app.token(role, { name }),
  )
  return submitComment
}

test('the name shown is the one that was approved with the comment', async () => {
  const { prisma } = app.database
  const first = await addComment(prisma, article.key, { body: 'Under my name', by: 'Ada' })
  await approve(prisma, [first.id])
  const renamed = { ...someone('reader', 'Ada'), displayName: 'Buy pills here' }
  const { submitComment } = await import('../../src/comments/submit.ts')
  const second = await submitComment(
    { articleId: article.key, body: 'Under another' },
    { prisma, viewer: renamed, now: () => new Date() },
  )
  const names = async () => {
    const query = '{ article(slug: "SLUG") { comments { edges { node { author { displayName } } } } } }'
    const { article: page } = await app.ask(query.replace('SLUG', article.slug))
    return page.comments.edges.map(({ node }: Json) => node.author.displayName)
  }
  expect(await names()).toEqual(['Ada'])
  const moderator = await app.token('moderator')
  const { node } = await app.ask(
    'query ($id: ID!) { node(id: $id) { ... on Comment { author { displayName } } } }',
    { id: globalId('Comment', second.id) },
    moderator,
  )
  expect(node.author.displayName).toBe('Buy pills here')
  await approve(prisma, [second.id])
  expect(await names()).toEqual(['Buy pills here', 'Ada'])
})

test('no statement can change the name of a comment', async () => {
  const { prisma } = app.database
  const { id } = await addComment(prisma, article.key, { body: 'Named', by: 'Grace' })
  await expect(prisma.comment.update({ where: { id }, data: { authorName: 'Other' } })).rejects.toThrow()
})

test('a name that speaks for the newsroom is a typed refusal, and nothing is stored', async () => {
  const before = await app.database.prisma.comment.count()
  for (const name of ['Moderator', 'The Morning Post']) {
    expect(await submitAs('reader', name)).toMatchObject({
      __typename: 'DisplayNameRefused',
      code: 'DISPLAY_NAME_REFUSED',
    })
  }
  expect(await app.database.prisma.comment.count()).toBe(before)
  expect(await submitAs('moderator', 'Moderator')).toHaveProperty('comment')
})

describe('a reader may not be called', () => {
  test.each([
    'Moderator',
    'MODERATORS',
    'm0derat0r',
    'M.o.d.e.r.a.t.o.r',
    'Site Moderator 7',
    'Мoderator',
    'Μοderatοr',
    'ＭＯＤＥＲＡＴＯＲ',
    '𝓜𝓸𝓭𝓮𝓻𝓪𝓽𝓸𝓻',
    'Modérateur',
    'rnoderator',
    'Admin',
    'A d m i n',
    'Аdmin',
    'Admın',
    'Adm1n',
    'SiteAdmin',
    'admin123',
    'Administrator',
    'The Editor',
    'Sports Editor',
    'Editor-in-Chief',
    'Jane Doe, Editor',
    'Staff',
    'Staff Writer',
    'News Staff',
    'Official',
    'مشرف',
    'Morning Post',
    'The Morning Post',
    'Morning Post News',
    'Mоrning Pоst',
    'MorningPost',
    'TheMorningPost',
    'Ada ✓',
    'Ada ✔️',
    'Ada ☑',
    'Ada ✅',
    '★ Ada',
    'Ada ⭐',
    'Verified Ada',
  ])('%s', (name) => {
    expect(() => checkedDisplayName(someone('reader', name), 'The Morning Post')).toThrow(/display name/)
  })
})

describe('a reader may be called', () => {
  test.each([
    'Ada',
    'Reader',
    'Badminton Fan',
    'Post',
    'Morning Person',
    'Edith',
    'Leon Staff',
    'Modesta',
    'پرویز مشرف',
    'Ольга',
    'Σοφία',
    'ئاڤان',
    'می‌نا',
    'Nguyễn Văn A',
    '王小明',
    'Ada 😀',
    "O'Connor",
    'Jean-Luc',
    'Host of Sparrows',
  ])('%s', (name) => {
    expect(checkedDisplayName(someone('reader', name), 'The Morning Post')).toBe(name)
  })
})
