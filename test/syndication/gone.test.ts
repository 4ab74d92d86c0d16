import { expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle, globalId } from '../support/newsroom.ts'
import { addKey, addPartner } from '../support/partner.ts'

// What a partner is answered that asks for one story that it may not have.

const SAID = { publicReason: 'It named the wrong man.', advisory: 'Print a correction.' }

/** Two partners, of which the first was given a story; an editor then takes the story from view. */
async function withdrawn(app: TestApp, mutation: 'cancelArticle' | 'withholdArticle') {
  const { prisma } = app.database
  const [holder, other] = [await addPartner(prisma), await addPartner(prisma)]
  const story = await addArticle(prisma)
  expect((await get(app, `/syndication/articles/${story.id}`, holder.key)).status).toBe(200)
  const name = mutation === 'cancelArticle' ? 'CancelArticle' : 'WithholdArticle'
  const { edit } = await app.ask(
    `mutation ($input: ${name}Input!) { edit: ${mutation}(input: $input) { __typename } }`,
    { input: { id: story.id, version: 1, ...SAID } },
    await app.token('editor'),
  )
  expect(edit).toEqual({ __typename: `${name}Payload` })
  return { holder, other, story }
}

test.each([
  ['killed', 'cancelArticle', 'CANCELED'],
  ['withheld', 'withholdArticle', 'WITHHELD'],
] as const)(
  'a story that is %s is answered with 410 and why, where the partner holds it',
  async (_what, mutation, reason) => {
    await using app = await freshApp()
    const { holder, other, story } = await withdrawn(app, mutation)
    const paths = [
      `/syndication/articles/${story.id}`,
      `/feeds/articles/${story.slug}.ninjs.json`,
      `/feeds/articles/${story.slug}.jsonld`,
    ]
    for (const path of paths) {
      const { status, body } = await get(app, path, holder.key)
      expect([path, status, body.error]).toMatchObject([
        path,
        410,
        { code: 'ARTICLE_GONE', articleId: story.id, reason, ...SAID },
      ])
      for (const key of [other.key, undefined]) {
        if (key === undefined && path.startsWith('/syndication')) continue
        const unknown = await get(app, path, key)
        expect([path, unknown.status, unknown.body.error.code]).toEqual([path, 404, 'NOT_FOUND'])
        expect(unknown.text).not.toMatch(/wrong man|correction/)
      }
    }
    // One that never had it has been told nothing, and so holds nothing.
    expect(await app.database.prisma.holding.count({ where: { partnerId: other.id } })).toBe(0)
  },
)

test('a key for feeds, in the address of the feed, is answered the same', async () => {
  await using app = await freshApp()
  const { holder, other, story } = await withdrawn(app, 'cancelArticle')
  const { prisma } = app.database
  const answered = async (slug: string) => {
    const key = await addKey(prisma, slug, 'FEED')
    return get(app, `/feeds/articles/${story.slug}.ninjs.json?key=${key}`)
  }
  const { status, body } = await answered(holder.slug)
  expect([status, body.error]).toMatchObject([410, { code: 'ARTICLE_GONE', reason: 'CANCELED', ...SAID }])
  expect((await answered(other.slug)).status).toBe(404)
})

test('the answer counts as told, and not as removed', async () => {
  await using app = await freshApp()
  const { holder, story } = await withdrawn(app, 'cancelArticle')
  const { prisma } = app.database
  expect(await prisma.holding.findFirst()).toMatchObject({ removalNotifiedAt: null, removedAt: null })
  expect((await get(app, `/feeds/articles/${story.slug}.jsonld`, holder.key)).status).toBe(410)
  expect(await prisma.holding.findFirst()).toMatchObject({
    removalNotifiedAt: expect.any(Date),
    removedAt: null,
  })
  const told = { where: { kind: 'REMOVAL', via: 'FEED', partnerId: holder.id } } as const
  expect(await prisma.delivery.count(told)).toBe(1)
})

test('GraphQL returns null for the id of another type or of no article, and an error for other text', async () => {
  await using app = await freshApp()
  const { key } = await addPartner(app.database.prisma)
  const none = '01900000-0000-7000-8000-000000000000'
  for (const field of ['licensedArticle', 'licensedArticleResult']) {
    const query = `query ($id: ID!) { ${field}(id: $id) { __typename } }`
    for (const id of [globalId('Person', none), globalId('Article', none), globalId('Article', 'x')])
      expect(await app.ask(query, { id }, key)).toEqual({ [field]: null })
    const { errors } = await app.post(query, { id: 'x' }, key)
    expect(errors?.[0]?.extensions?.code).toBe('INVALID_INPUT')
  }
})

async function get(app: TestApp, path: string, key?: string) {
  const headers = key ? { authorization: `Bearer ${key}` } : undefined
  const response = await fetch(new URL(path, app.url), { headers })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return { status: response.status, text, body: isJson ? JSON.parse(text) : null }
}
