import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HeadReader } from '../../src/changelog/head.ts'
import { renderFeed } from '../../src/feeds/render-feed.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { addKey, addPartner } from '../support/partner.ts'
import { edit, read } from './reader.ts'

let app: TestApp
let partner: Awaited<ReturnType<typeof addPartner>>
let feedKey: string

beforeAll(async () => {
  app = await freshApp({ now: () => new Date('2026-03-01T00:00:00Z') })
  const { prisma } = app.database
  await addArticle(prisma, { slug: 'a-story', headline: 'A story' })
  partner = await addPartner(prisma)
  feedKey = await addKey(prisma, partner.slug, 'FEED')
})
afterAll(() => app.close())

const TEXT = 'text/plain; charset=utf-8'
const JSON_TEXT = 'application/json; charset=utf-8'

test.each([
  ['rss.xml', 'application/rss+xml; charset=utf-8'],
  ['atom.xml', 'application/atom+xml; charset=utf-8'],
  ['feed.json', 'application/feed+json'],
  ['ninjs.json', 'application/json'],
  ['news.jsonld', 'application/ld+json'],
  ['news-sitemap.xml', 'application/xml; charset=utf-8'],
  ['articles/a-story.ninjs.json', 'application/json'],
  ['articles/a-story.jsonld', 'application/ld+json'],
])('%s is served as %s, with its length, to anybody on any page', async (path, type) => {
  const { status, headers, text } = await read(app, `/feeds/${path}?utm_source=x`)
  expect([status, headers.get('content-type')]).toEqual([200, type])
  expect(headers.get('content-length')).toBe(String(Buffer.byteLength(text)))
  expect(headers.get('access-control-allow-origin')).toBe('*')
  expect(headers.get('cache-control')).toBe('public, max-age=0, must-revalidate')
  expect(headers.get('vary')).toBe('accept, accept-encoding, authorization')
  const { publicUrl } = app.config
  const self = `<${publicUrl}/feeds/${path}>; rel="self"`
  expect(headers.get('link')).toBe(
    path.startsWith('articles/') ? null : `<${publicUrl}/websub>; rel="hub", ${self}`,
  )
})

test('an answer 304 has the validators, and nothing about a body', async () => {
  const { headers } = await read(app, '/feeds/atom.xml')
  const etag = headers.get('etag')!
  for (const method of ['GET', 'HEAD']) {
    const again = await read(app, '/feeds/atom.xml', { method, headers: { 'if-none-match': etag } })
    expect([method, again.status, again.text]).toEqual([method, 304, ''])
    for (const name of ['etag', 'link', 'cache-control', 'vary', 'access-control-allow-origin']) {
      expect([name, again.headers.get(name)]).toEqual([name, headers.get(name)])
    }
    expect(again.headers.get('content-type')).toBeNull()
    expect(again.headers.get('content-length')).toBeNull()
  }
})

test('a partner’s answers are its own, and count against its quota', async () => {
  for (const path of ['rss.xml', '', 'articles/a-story.jsonld']) {
    const { status, headers } = await read(app, `/feeds/${path}`, { key: partner.key })
    expect([path, status, headers.get('cache-control')]).toEqual([path, 200, 'private, no-cache'])
    expect([path, headers.get('vary')]).toEqual([path, 'authorization'])
    expect(headers.get('access-control-allow-origin')).toBeNull()
    expect(headers.get('ratelimit')).toMatch(/r=\d+/)
    expect(headers.get('ratelimit-policy')).toMatch(/q=\d+/)
  }
})

test.each([
  ['POST', '/feeds/rss.xml', {}, 405, TEXT],
  ['DELETE', '/feeds/', {}, 405, TEXT],
  ['GET', '/feeds/nothing', {}, 404, TEXT],
  ['GET', '/feeds/topic/nothing/rss.xml', {}, 404, JSON_TEXT],
  ['GET', '/feeds/articles/nothing.jsonld', {}, 404, JSON_TEXT],
  ['GET', '/feeds/rss.xml?before=x', {}, 400, JSON_TEXT],
  ['GET', '/feeds/rss.xml?key=dlf_x', {}, 401, JSON_TEXT],
  ['GET', '/feeds/rss.xml?Key=dlf_x', {}, 401, JSON_TEXT],
  ['GET', '/feeds/rss.xml?KEY=x', {}, 401, JSON_TEXT],
  ['GET', '/feeds/rss.xml?apikey=dlf_x', {}, 401, JSON_TEXT],
  ['GET', '/feeds/?Key=dlf_x', {}, 401, JSON_TEXT],
  ['GET', '/feeds/rss.xml', { accept: 'image/png' }, 406, TEXT],
])('%s %s %j is refused with %d and kept by no cache', async (method, path, headers, status, type) => {
  const answer = await read(app, path, { method, headers })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([status, type])
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.headers.get('allow')).toBe(status === 405 ? 'GET, HEAD' : null)
})

test.each([
  ['/feeds', './feeds/'],
  ['/feeds?key=x&a=b', './feeds/?key=x&a=b'],
  ['/feeds/p/TOKEN', './TOKEN/'],
  ['/feeds/p/TOKEN?a=b', './TOKEN/?a=b'],
])('%s leads to %s for good', async (path, location) => {
  const { status, headers } = await fetch(new URL(path, app.url), { redirect: 'manual' })
  expect([status, headers.get('location')]).toEqual([308, location])
})

describe('the list of feeds', () => {
  const hrefs = (text: string) => [...text.matchAll(/href="([^"]+)"/g)].map(([, href]) => href!)

  test('loads nothing from anywhere, and has no body when only its head is asked for', async () => {
    const { headers, text } = await read(app, '/feeds/')
    expect(headers.get('content-security-policy')).toBe("default-src 'none'")
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('referrer-policy')).toBeNull()
    expect(hrefs(text)).toEqual([
      'rss.xml',
      'atom.xml',
      'feed.json',
      'ninjs.json',
      'news.jsonld',
      'news-sitemap.xml',
    ])
    expect(text).toContain('<code>topic/SLUG/rss.xml</code>')
    expect(text).toContain('<code>articles/SLUG.ninjs.json</code>: IPTC ninjs 3.1')
    expect(await read(app, '/feeds/', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' })
  })

  test('has a partner’s own feeds, seen from either of its addresses, and tells nobody where it was', async () => {
    const withKey = await read(app, `/feeds/?key=${feedKey}`)
    expect(withKey.headers.get('referrer-policy')).toBe('no-referrer')
    expect(withKey.headers.get('cache-control')).toBe('private, no-cache')
    const [first] = hrefs(withKey.text)
    expect(first).toMatch(/^p\/[\w-]{40,}\/rss\.xml$/)
    expect((await read(app, `/feeds/${first}`)).status).toBe(200)
    const own = `/feeds/${first!.slice(0, -'rss.xml'.length)}`
    expect(hrefs((await read(app, own)).text)[0]).toBe('rss.xml')
  })
})

test('a story that a partner was given and may not have any more is gone, and one that it never had is not there', async () => {
  const { prisma } = app.database
  const { slug, id } = await addArticle(prisma)
  const never = await addPartner(prisma)
  const path = `/feeds/articles/${slug}.ninjs.json`
  expect((await read(app, path, { key: partner.key })).status).toBe(200)
  await edit(app, 'withholdArticle', { id, version: 1 })
  const gone = await read(app, path, { key: partner.key })
  expect([gone.status, JSON.parse(gone.text).error]).toMatchObject([
    410,
    { code: 'ARTICLE_GONE', reason: 'WITHHELD' },
  ])
  expect((await read(app, path, { key: never.key })).status).toBe(404)
  expect((await read(app, path)).status).toBe(404)
  // A story that there never was is none that anybody had.
  expect((await read(app, '/feeds/articles/none.jsonld', { key: partner.key })).status).toBe(404)
})

test('an editor is given what the public is', async () => {
  await addArticle(app.database.prisma, {
    headline: 'Not yet',
    embargoedUntil: new Date('2026-03-02T00:00:00Z'),
  })
  const editor = await read(app, '/feeds/feed.json', { key: await longLived('editor') })
  const open = await read(app, '/feeds/feed.json')
  expect([editor.status, editor.text]).toEqual([200, open.text])
  expect(open.text).not.toContain('Not yet')
})

const longLived = (role: 'editor') => app.token(role, { ttlSeconds: 10 * 365 * 24 * 3600 })

test('a feed that was rendered from rows that are lost is not served in the new history', async () => {
  const { prisma } = app.database
  const { id } = await prisma.article.findUniqueOrThrow({ where: { slug: 'a-story' } })
  let history = 'one'
  const position = 1_000_000
  const deps = { ...app.newsfeeds, head: new HeadReader(async () => ({ history, position })) }
  const feed = async () => {
    const found = await renderFeed({ path: '/feeds/feed.json', audience: { kind: 'public' }, deps })
    return found!.body.toString()
  }
  expect(await feed()).toContain('"A story"')
  await prisma.article.update({ where: { id }, data: { headline: 'A restored story' } })
  expect(await feed()).toContain('"A story"')
  history = 'two'
  expect(await feed()).toContain('"A restored story"')
})

test('a partner’s feed is never rendered with the links of the public’s, nor the other way round', async () => {
  const audience = { kind: 'public' } as const
  const rendering = renderFeed({ path: '/feeds/p/TOKEN/rss.xml', audience, deps: app.newsfeeds })
  await expect(rendering).rejects.toThrow('token')
  expect(await renderFeed({ path: '/feeds/none', audience, deps: app.newsfeeds })).toBeNull()
})
