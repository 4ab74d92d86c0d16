import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDesk } from '../editing/desk.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle, globalId } from '../support/newsroom.ts'
import { readPage, textsOf } from './page.ts'

let app: TestApp
let now = new Date('2026-03-01T12:00:00Z')

beforeAll(async () => {
  app = await freshApp({ readCachePollMs: 200, now: () => now })
})
afterAll(() => app.close())

const hits = () => app.readCache!.cache.counters.hits

/** Reads a page until it is answered from the cache. */
async function readKept(path: string, headers: Record<string, string> = {}) {
  for (;;) {
    const before = hits()
    const page = await readPage(app, path, { headers })
    if (hits() > before) return page
  }
}

test('a page is sent from memory, compressed, and not at all to a browser that has it', async () => {
  const { slug } = await addArticle(app.database.prisma, {
    blocks: [{ kind: 'PARAGRAPH', text: 'A paragraph that is long enough. '.repeat(40) }],
  })
  const path = `/stories/${slug}`
  const plain = await readKept(path)
  const { etag, ...headers } = plain.headers
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'public, max-age=0, must-revalidate',
    vary: 'accept-encoding',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'content-security-policy': expect.stringContaining("script-src 'self';"),
  })
  const br = await readKept(path, { 'accept-encoding': 'br' })
  expect(br.headers['content-encoding']).toBe('br')
  expect(brotliDecompressSync(br.body).equals(plain.body)).toBe(true)
  const gzip = await readKept(path, { 'accept-encoding': 'gzip' })
  expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true)
  const known = await readPage(app, path, { headers: { 'if-none-match': etag! } })
  expect([known.status, known.body.length, known.headers.etag]).toEqual([304, 0, etag])
  const head = await readPage(app, path, { method: 'HEAD' })
  expect([head.status, head.body.length, head.headers['content-length']]).toEqual([
    200,
    0,
    String(plain.body.length),
  ])
  // Other parameters, cookies and tokens make no other page.
  const before = hits()
  const other = await readPage(app, `${path}?utm_source=mail`, {
    headers: { cookie: 'a=b', authorization: 'Bearer nonsense' },
  })
  expect([other.html, hits()]).toEqual([plain.html, before + 1])
})

test('a list is kept for each language', async () => {
  const english = await readKept('/', { 'accept-language': 'en' })
  const arabic = await readKept('/', { 'accept-language': 'ar-IQ, en' })
  expect(english.headers.vary).toBe('accept-encoding, accept-language')
  expect(textsOf(english.document, '.search button')).toEqual(['Search'])
  expect(textsOf(arabic.document, '.search button')).toEqual(['بحث'])
})

test('pages that do not exist are not kept', async () => {
  const { count } = app.readCache!.cache
  for (let i = 0; i < 50; i++) await readPage(app, `/stories/none-${i}`)
  expect(app.readCache!.cache.count).toBeLessThanOrEqual(count)
})

test('each change is in the next answer: edit, correction, comment, related story, withdrawal, release', async () => {
  const desk = await openDesk(app)
  const topic = { slug: 'fresh', label: 'Fresh' }
  const { slug, id } = await addArticle(app.database.prisma, { headline: 'Version one', topic })
  const path = `/stories/${slug}`
  expect(textsOf((await readKept(path)).document, 'h1')).toEqual(['Version one'])
  await readKept('/')

  await desk.order('UpdateArticle', { id, version: 1, changes: { headline: 'Version two' } })
  expect(textsOf((await readPage(app, path)).document, 'h1')).toEqual(['Version two'])
  expect(textsOf((await readPage(app, '/')).document, '.teaser h2')).toContain('Version two')
  await readKept(path)

  await desk.order('CorrectArticle', {
    id,
    version: 2,
    changes: { headline: 'Version three' },
    kind: 'CORRECTION',
    text: 'It was not two.',
  })
  expect(textsOf((await readPage(app, path)).document, '.correction').join()).toContain('It was not two.')
  await readKept(path)

  const reader = await app.token('reader', { name: 'Ada' })
  const moderator = await app.token('moderator')
  const { submitComment } = await app.ask(
    'mutation ($input: SubmitCommentInput!) { submitComment(input: $input) { ... on SubmitCommentPayload { comment { id } } } }',
    { input: { articleId: id, body: 'Here I am' } },
    reader,
  )
  expect((await readPage(app, path)).html).not.toContain('Here I am')
  await app.ask(
    'mutation ($ids: [ID!]!) { approveComments(input: { ids: $ids }) { __typename } }',
    { ids: [submitComment.comment.id] },
    moderator,
  )
  expect(textsOf((await readPage(app, path)).document, '.comment .author')).toEqual(['Ada'])
  await readKept(path)
  await app.ask(
    'mutation ($input: RejectCommentsInput!) { rejectComments(input: $input) { __typename } }',
    { input: { ids: [submitComment.comment.id], guidelines: ['RELEVANCE'] } },
    moderator,
  )
  expect((await readPage(app, path)).html).not.toContain('Here I am')
  await readKept(path)

  const other = await desk.order('PublishArticle', {
    slug: 'fresh-other',
    url: 'https://dateline.example/fresh-other',
    language: 'en',
    headline: 'A related story',
    publishedAt: now.toISOString(),
    topic: { slug: 'fresh' },
    blocks: [{ paragraph: { text: 'Some text.' } }],
  })
  expect(other.article?.headline).toBe('A related story')
  expect(textsOf((await readPage(app, path)).document, '.related h3')).toEqual(['A related story'])
  await readKept(path)

  await desk.order('WithholdArticle', { id, version: 3 })
  expect((await readPage(app, path)).status).toBe(404)
  expect(textsOf((await readPage(app, '/')).document, '.teaser h2')).not.toContain('Version three')
  await desk.order('ReleaseArticle', { id, version: 4 })
  expect((await readPage(app, path)).status).toBe(200)
})

test('an embargo ends by the clock: the page and the front page show the story at that moment', async () => {
  const { slug } = await addArticle(app.database.prisma, {
    headline: 'Not before noon',
    embargoedUntil: new Date(now.getTime() + 60_000),
  })
  await app.readCache!.watch.poll()
  expect((await readPage(app, `/stories/${slug}`)).status).toBe(404)
  await readKept('/')
  now = new Date(now.getTime() + 60_000)
  expect((await readPage(app, `/stories/${slug}`)).status).toBe(200)
  expect(textsOf((await readPage(app, '/')).document, '.teaser h2')).toContain('Not before noon')
})

test('requests for one page at the same time are executed once', async () => {
  const { slug, key } = await addArticle(app.database.prisma)
  await app.readCache!.watch.poll()
  const { misses } = app.readCache!.cache.counters
  const pages = await Promise.all(Array.from({ length: 20 }, () => readPage(app, `/stories/${slug}`)))
  expect(new Set(pages.map(({ html }) => html)).size).toBe(1)
  expect(pages[0]!.html).toContain(globalId('Article', key))
  expect(app.readCache!.cache.counters.misses - misses).toBeLessThanOrEqual(2)
})

test('a CDN may hold a page under the keys of what it shows', async () => {
  await using behind = await freshApp({
    readCachePollMs: 200,
    env: { CDN_MAX_AGE: '4' },
  })
  const { slug, key } = await addArticle(behind.database.prisma)
  await behind.readCache!.watch.poll()
  await readPage(behind, `/stories/${slug}`)
  const { headers } = await readPage(behind, `/stories/${slug}`)
  expect(headers['surrogate-control']).toBe('max-age=4')
  expect(String(headers['surrogate-key']).split(' ')).toEqual(
    expect.arrayContaining([`a-${key}`, `c-${key}`]),
  )
})

test('while the database does not answer, a page says so with status 503', async () => {
  await using broken = await freshApp()
  await addArticle(broken.database.prisma)
  Object.assign(broken.services, {
    reads: new Proxy(broken.services.reads, {
      get() {
        throw Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' })
      },
    }),
  })
  const { status, headers, document } = await readPage(broken, '/')
  expect(status).toBe(503)
  expect(headers['retry-after']).toMatch(/^\d+$/)
  expect(textsOf(document, 'h1')).toEqual(['The page can’t be shown at the moment'])
})
