import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'

let app: TestApp

beforeAll(async () => {
  app = await freshApp()
  const { prisma } = app.database
  await addArticle(prisma, { slug: 'story', canonicalUrl: 'https://www.outlet.example/2026/story/' })
  await addArticle(prisma, { slug: 'number', canonicalUrl: 'https://outlet.example/article?id=7' })
  await addArticle(prisma, {
    slug: 'hidden',
    canonicalUrl: 'https://outlet.example/hidden',
    status: 'WITHHELD',
  })
})
afterAll(() => app.close())

const slugAt = async (url: string, token?: string) =>
  (await app.ask('query ($url: String!) { article(url: $url) { slug } }', { url }, token)).article?.slug ??
  null

test.each([
  'https://www.outlet.example/2026/story/',
  'http://outlet.example/2026/story',
  'https://outlet.example/2026/story?utm_source=mail&fbclid=1#comments',
  ' https://www.outlet.example/2026/story ',
])('%j finds the article of the page', async (url) => {
  expect(await slugAt(url)).toBe('story')
})

test.each(['/stories/story', '/stories/story/', '/stories/story?comments=abc&utm_source=mail#comment-1'])(
  'the address of this gateway followed by %j finds the article',
  async (path) => {
    const own = new URL(app.url).origin
    expect(await slugAt(own + path)).toBe('story')
    expect(await slugAt(own.replace('127.0.0.1', 'localhost') + path)).toBe('story')
    expect(await slugAt(`https://elsewhere.example${path}`)).toBeNull()
  },
)

test.each(['/stories/', '/stories/none', '/stories/%E0', '/stories/%00', '/stories/hidden', '/desk/story'])(
  'the address of this gateway followed by %j finds none',
  async (path) => {
    expect(await slugAt(new URL(path, app.url).href)).toBeNull()
  },
)

test.each([
  'https://outlet.example/2026/other',
  'https://elsewhere.example/2026/story/',
  'https://outlet.example/article?id=8',
  'outlet.example/2026/story',
  'javascript:alert(1)',
  '',
])('%j finds none', async (url) => {
  expect(await slugAt(url)).toBeNull()
})

test('a query that names the article counts', async () => {
  expect(await slugAt('https://outlet.example/article?id=7')).toBe('number')
})

test('a withheld article is found by editors only', async () => {
  expect(await slugAt('https://outlet.example/hidden')).toBeNull()
  expect(await slugAt('https://outlet.example/hidden', await app.token('editor'))).toBe('hidden')
})

test('exactly one of slug, id and URL is required', async () => {
  for (const args of ['slug: "story", url: "https://outlet.example/"', 'slug: null']) {
    const { errors } = await app.post(`{ article(${args}) { slug } }`)
    expect(errors, args).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }])
  }
})
