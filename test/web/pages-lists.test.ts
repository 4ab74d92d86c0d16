import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/config.ts'
import { fillWithSample } from '../../src/sample/fill.ts'
import { openDesk } from '../editing/desk.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { attributesOf, readPage, textsOf } from './page.ts'

let app: TestApp

beforeAll(async () => {
  app = await freshApp()
  await fillWithSample(
    app.database,
    loadConfig({ SAMPLE: 'on', DATA_DIR: app.config.dataDir }),
    () => new Date(),
  )
})
afterAll(() => app.close())

const headlines = async (path: string, headers = {}) =>
  textsOf((await readPage(app, path, { headers })).document, '.teaser :is(h2, h3)')

test('the front page has the public stories, newest first, and the topics', async () => {
  const { articles } = await app.ask('{ articles(first: 30) { edges { node { headline } } } }')
  const expected = articles.edges.map(({ node }: { node: { headline: string } }) => node.headline)
  expect(await headlines('/')).toEqual(expected)
  const { document } = await readPage(app, '/')
  expect(attributesOf(document, '.topic-bar a', 'href')).toContain('/topics/climate')
  expect(attributesOf(document, '.teaser', 'lang')).toEqual(expect.arrayContaining(['en', 'ar', 'ckb', 'tr']))
})

test.each([
  ['en', 'ltr', 'Search'],
  ['ar', 'rtl', 'بحث'],
  ['ckb', 'rtl', 'گەڕان'],
  ['tr', 'ltr', 'Ara'],
])('the pages are in %s', async (language, direction, search) => {
  for (const path of [
    '/',
    '/topics/climate',
    '/people/barham-salih',
    '/organisations/islamic-state',
    '/none',
  ]) {
    const asked = path === '/none' ? '/stories/none' : path
    const byHeader = await readPage(app, asked, { headers: { 'accept-language': `${language}, en;q=0.5` } })
    const { documentElement } = byHeader.document
    expect([documentElement.getAttribute('lang'), documentElement.getAttribute('dir')]).toEqual([
      language,
      direction,
    ])
    expect(textsOf(byHeader.document, '.search button')).toEqual([search])
  }
  // The address is stronger than the header, and selects the stories too.
  const { document } = await readPage(app, `/?language=${language}`, { headers: { 'accept-language': 'de' } })
  expect(document.documentElement.getAttribute('lang')).toBe(language)
  expect(new Set(attributesOf(document, '.teaser', 'lang'))).toEqual(new Set([language]))
  const story = attributesOf(document, '.teaser a', 'href')[0]!
  const page = await readPage(app, story, { headers: { 'accept-language': 'fr' } })
  expect(page.document.documentElement.getAttribute('lang')).toBe(language)
  expect(page.headers['content-language']).toBe(language)
  expect(attributesOf(page.document, 'article.story', 'dir')).toEqual([direction])
})

test('a story in another language keeps it, and the words around it are English', async () => {
  const { slug } = await addArticle(app.database.prisma, { language: 'fa', headline: 'خبر تازه' })
  const { document } = await readPage(app, `/stories/${slug}`, { headers: { 'accept-language': 'tr' } })
  expect(document.documentElement.getAttribute('lang')).toBe('en')
  expect(attributesOf(document, 'article.story', 'lang')).toEqual(['fa'])
  expect(attributesOf(document, 'article.story', 'dir')).toEqual(['rtl'])
})

test('a topic has the stories of its subtopics, a person and an organisation those that name them', async () => {
  const all = async (filter: string) => {
    const { articles } = await app.ask(
      `{ articles(first: 24, filter: ${filter}) { edges { node { headline } } } }`,
    )
    return articles.edges.map(({ node }: { node: { headline: string } }) => node.headline)
  }
  expect(await headlines('/topics/iraq')).toEqual(await all('{ topic: "iraq" }'))
  expect(await headlines('/people/barham-salih')).toEqual(await all('{ person: "barham-salih" }'))
  expect(await headlines('/organisations/islamic-state')).toEqual(
    await all('{ organisation: "islamic-state" }'),
  )
  const { document } = await readPage(app, '/people/barham-salih')
  expect(textsOf(document, 'h1')).toEqual(['Barham Salih'])
  expect(textsOf(document, '.quotation').length).toBeGreaterThan(0)
  expect(attributesOf(document, 'link[type="application/atom+xml"]', 'href')).toContain(
    '/feeds/person/barham-salih/atom.xml',
  )
})

test('a search finds stories, people and organisations, in other scripts too', async () => {
  const { document } = await readPage(app, '/search?q=barham%20salih')
  expect(attributesOf(document, '.found-names a', 'href')).toContain('/people/barham-salih')
  expect(textsOf(document, '.teaser').length).toBeGreaterThan(0)
  expect(attributesOf(document, 'meta[name="robots"]', 'content')).toEqual(['noindex, follow'])
  expect(attributesOf(document, '#search', 'value')).toEqual(['barham salih'])
  const arabic = await readPage(app, `/search?q=${encodeURIComponent('برهم صالح')}`)
  expect(attributesOf(arabic.document, '.found-names a', 'href')).toContain('/people/barham-salih')
  for (const path of ['/search', '/search?q=', '/search?q=%3F%3F'])
    expect(textsOf((await readPage(app, path)).document, '.list-head p')).toEqual(['Enter a word or a name.'])
})

test('long lists go on with a cursor, and end', async () => {
  const { prisma } = app.database
  for (let i = 0; i < 30; i++)
    await addArticle(prisma, { topic: { slug: 'long', label: 'Long' }, headline: `Number ${i}` })
  const seen: string[] = []
  for (let path: string | undefined = '/topics/long'; path; ) {
    const { document }: Awaited<ReturnType<typeof readPage>> = await readPage(app, path)
    seen.push(...textsOf(document, '.teaser h2'))
    path = attributesOf(document, '.paging a[rel="next"]', 'href')[0] ?? undefined
  }
  expect(seen.length).toBe(30)
  expect(new Set(seen).size).toBe(30)
})

test.each([
  '/stories/none',
  '/stories/',
  '/stories/a/b',
  '/stories/%00',
  '/stories/%ED%A0%80',
  `/stories/${'a'.repeat(300)}`,
  '/topics/none',
  '/people/none',
  '/organisations/none',
])('a page that does not exist is a page with status 404: %s', async (path) => {
  const { status, headers, document } = await readPage(app, path)
  expect([status, headers['content-type'], headers['cache-control']]).toEqual([
    404,
    'text/html; charset=utf-8',
    'no-store',
  ])
  expect(textsOf(document, 'h1')).toEqual(['This page does not exist'])
  expect(attributesOf(document, 'meta[name="robots"]', 'content')).toEqual(['noindex'])
})

test('for every path that does not exist, browsers get the page, and other clients a line of text', async () => {
  for (const path of ['/nope', '/stories', '/graphql/x', '/health/x']) {
    const page = await readPage(app, path, { headers: { accept: 'text/html,*/*;q=0.8' } })
    expect([page.status, page.headers['cache-control']], path).toEqual([404, 'no-store'])
    expect(textsOf(page.document, 'h1'), path).toEqual(['This page does not exist'])
    const line = await readPage(app, path)
    expect([line.status, line.headers['content-type']], path).toEqual([404, 'text/plain; charset=utf-8'])
  }
})

test.each([
  ['en', 'Search for at most 200 characters.'],
  ['ar', 'ابحث بما لا يزيد على 200 حرف.'],
  ['ckb', 'دەقێک بنووسە کە لە ٢٠٠ پیت زیاتر نەبێت.'],
  ['tr', 'En fazla 200 karakterle arayın.'],
])('a search that is too long is refused with its own sentence: %s', async (language, sentence) => {
  const headers = { 'accept-language': language }
  const { status, html } = await readPage(app, `/search?q=${'a'.repeat(201)}`, { headers })
  expect(status).toBe(400)
  expect(html).toContain(sentence)
})

test('a language that the pages do not have is ignored', async () => {
  const { status, document } = await readPage(app, '/?language=xx')
  expect(status).toBe(200)
  expect(document.documentElement.getAttribute('lang')).toBe('en')
})

test.each([
  '/?after=none',
  `/?after=${'a'.repeat(600)}`,
  '/topics/climate?after=%00',
  '/search?q=iraq&after=none',
  '/stories/iraq-reinforces-border-with-syria?comments=none',
])('an address with a wrong parameter is answered with 400: %s', async (path) => {
  const { status, document } = await readPage(app, path)
  expect(status).toBe(400)
  expect(textsOf(document, 'h1')).toEqual(['This address is not valid'])
})

test('nobody sees an article on any page that the public may not see, whatever the request says', async () => {
  const { prisma } = app.database
  const words = 'zanzibarquartz'
  const topic = { slug: 'secret', label: 'Secret' }
  const day = 86_400_000
  const hidden = [
    { status: 'WITHHELD' as const },
    { status: 'CANCELED' as const },
    { embargoedUntil: new Date(Date.now() + day) },
    { publishedAt: new Date(Date.now() + day) },
  ]
  const slugs: string[] = []
  for (const state of hidden)
    slugs.push((await addArticle(prisma, { headline: `${words} story`, topic, ...state })).slug)
  const { token } = await openDesk(app)
  const headers = { authorization: `Bearer ${token}`, cookie: `token=${token}; session=${token}` }
  for (const slug of slugs) expect((await readPage(app, `/stories/${slug}`, { headers })).status).toBe(404)
  expect((await readPage(app, '/topics/secret', { headers })).status).toBe(404)
  for (const path of ['/', `/search?q=${words}`])
    expect(await headlines(path, headers)).not.toContain(`${words} story`)
})

test('without the pages there is only the desk', async () => {
  await using without = await freshApp({ database: app.database, env: { PAGES: 'off' } })
  const home = await readPage(without, '/')
  expect([home.status, home.headers.location]).toEqual([302, '/desk'])
  for (const path of ['/stories/iraq-reinforces-border-with-syria', '/topics/climate', '/search?q=iraq'])
    expect((await readPage(without, path)).status).toBe(404)
  expect((await readPage(without, '/widget.js')).status).toBe(200)
})

test('below a path of PUBLIC_URL, all links and files have this path', async () => {
  await using below = await freshApp({
    database: app.database,
    env: { PUBLIC_URL: 'http://127.0.0.1/news/live' },
  })
  for (const path of ['/', '/stories/iraq-reinforces-border-with-syria', '/search?q=iraq']) {
    const { document } = await readPage(below, path)
    const links = attributesOf(document, 'a[href], link[rel="stylesheet"]', 'href')
      .concat(attributesOf(document, 'script[src], .teaser img', 'src'))
      .concat(attributesOf(document, 'form', 'action'))
    const own = links.filter((link) => link?.startsWith('/'))
    expect(own.length).toBeGreaterThan(8)
    expect(own.filter((link) => !link?.startsWith('/news/live/'))).toEqual([])
  }
})
