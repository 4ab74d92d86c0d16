import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'

let app: TestApp
let base: string
let now = new Date('2026-03-01T12:00:00Z')

beforeAll(async () => {
  app = await freshApp({ readCachePollMs: 400, now: () => now })
  base = app.url.replace('/graphql', '')
})
afterAll(() => app.close())

const hits = () => app.readCache!.cache.counters.hits

async function read(path: string, headers: Record<string, string> = {}) {
  const before = hits()
  const response = await fetch(base + path, { headers: { 'accept-encoding': 'identity', ...headers } })
  const text = await response.text()
  return { response, text, isHit: hits() > before }
}

/** A feed is kept when two seconds have passed since it changed. */
async function readUntilKept(path: string) {
  let last = await read(path)
  now = new Date(now.getTime() + 10_000)
  while (!last.isHit) last = await read(path)
  return last
}

test('a public feed is sent as it was sent before, with the same headers, until an article changes', async () => {
  const { slug, id } = await addArticle(app.database.prisma, { headline: 'Kept once' })
  await read('/feeds/rss.xml')
  now = new Date(now.getTime() + 10_000)
  const first = await read('/feeds/rss.xml')
  const kept = await readUntilKept('/feeds/rss.xml')
  expect(kept.text).toBe(first.text)
  for (const name of ['content-type', 'etag', 'last-modified', 'link', 'vary', 'cache-control']) {
    expect([name, kept.response.headers.get(name)]).toEqual([name, first.response.headers.get(name)])
  }
  expect(kept.response.headers.get('access-control-allow-origin')).toBe('*')
  expect(kept.response.headers.get('x-content-type-options')).toBe('nosniff')
  const editor = await app.token('editor')
  await app.ask(
    'mutation ($id: ID!) { withholdArticle(input: { id: $id, version: 1 }) { __typename ... on Error { message } } }',
    { id },
    editor,
  )
  const after = await read('/feeds/rss.xml')
  expect(after.isHit).toBe(false)
  expect(after.text).not.toContain(slug)
})

test('a kept feed is answered with 304, also when a proxy has added the suffix of an encoding to its tag', async () => {
  await addArticle(app.database.prisma)
  await app.readCache!.watch.poll()
  const { response } = await readUntilKept('/feeds/atom.xml')
  const tag = response.headers.get('etag') as string
  for (const sent of [tag, `W/${tag}`, tag.replace(/"$/, '-gzip"'), tag.replace(/"$/, '-br"')]) {
    const { response: again, isHit } = await read('/feeds/atom.xml', { 'if-none-match': sent })
    expect([sent, again.status, isHit]).toEqual([sent, 304, true])
  }
  expect((await read('/feeds/atom.xml', { 'if-none-match': '"another"' })).response.status).toBe(200)
})

test('a kept feed is sent compressed to clients that accept it', async () => {
  for (let i = 0; i < 5; i++) await addArticle(app.database.prisma)
  await app.readCache!.watch.poll()
  const { text } = await readUntilKept('/feeds/feed.json')
  for (const encoding of ['br', 'gzip']) {
    const { response, text: decoded, isHit } = await read('/feeds/feed.json', { 'accept-encoding': encoding })
    expect([response.headers.get('content-encoding'), isHit]).toEqual([encoding, true])
    expect(decoded).toBe(text)
    expect(response.headers.get('etag')).toMatch(new RegExp(`-${encoding}"$`))
  }
  const plain = await read('/feeds/feed.json', { 'accept-encoding': 'identity' })
  expect(plain.response.headers.get('content-encoding')).toBeNull()
})

test('an article under embargo appears in a kept feed when the clock reaches the time', async () => {
  const at = new Date(now.getTime() + 60_000)
  const { slug } = await addArticle(app.database.prisma, { publishedAt: now, embargoedUntil: at })
  await app.readCache!.watch.poll()
  expect((await readUntilKept('/feeds/rss.xml')).text).not.toContain(slug)
  now = at
  expect((await read('/feeds/rss.xml')).text).toContain(slug)
})
