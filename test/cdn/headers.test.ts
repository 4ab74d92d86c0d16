import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'

let app: TestApp
let origin: string
let now = new Date('2026-03-01T12:00:00.000Z')

beforeAll(async () => {
  app = await freshApp({
    readCachePollMs: 400,
    now: () => now,
    env: { CDN_MAX_AGE: '4', ORIGINS: 'https://www.example.org' },
  })
  origin = app.url.replace('/graphql', '')
})
afterAll(() => app.close())

const HELD = 'public, max-age=0, s-maxage=4, must-revalidate'
const caching = ({ headers }: Response) => headers.get('cache-control')
const keysOf = ({ headers }: Response) => headers.get('surrogate-key')?.split(' ') ?? null

function get(query: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${app.url}?query=${encodeURIComponent(query)}`, { headers })
}

/** The cache keeps nothing before the database has been polled. */
async function getHeld(read: () => Promise<Response>): Promise<Response> {
  await app.readCache!.watch.poll()
  const response = await read()
  await response.arrayBuffer()
  expect(response.headers.get('surrogate-key')).not.toBeNull()
  return response
}

const pageOf = (slug: string) => `{ article(slug: "${slug}") { headline commentCount topic { name } } }`

test('a public query may be held for the set time, under the keys of what it shows', async () => {
  const { key, slug } = await addArticle(app.database.prisma)
  const response = await getHeld(() => get(pageOf(slug)))
  expect(caching(response)).toBe(HELD)
  expect(response.headers.get('surrogate-control')).toBe('max-age=4')
  expect(keysOf(response)).toEqual(expect.arrayContaining(['all', `a-${key}`, `c-${key}`, 'names']))
  expect(response.headers.get('vary')).toBe('accept, accept-encoding, authorization, origin')
  const list = await getHeld(() => get('{ articles(first: 5) { edges { node { slug } } } }'))
  expect(keysOf(list)).toEqual(expect.arrayContaining(['all', 'articles', `a-${key}`]))
  expect(keysOf(list)).not.toContain(`c-${key}`)
  expect(list.headers.get('cache-control')).not.toContain('stale')
})

test('a held response is held for one origin, and its Vary says so once', async () => {
  const { slug } = await addArticle(app.database.prisma)
  const read = () => get(pageOf(slug), { origin: 'https://www.example.org' })
  const { headers } = await getHeld(read)
  expect(headers.get('access-control-allow-origin')).toBe('https://www.example.org')
  expect(headers.get('vary')).toBe('accept, accept-encoding, authorization, origin')
})

test('a response that changes by the clock is held until then, in whole seconds, and not at all in the last one', async () => {
  const opening = new Date(now.getTime() + 60_000)
  await addArticle(app.database.prisma, { publishedAt: now, embargoedUntil: opening })
  const read = () => get('{ articles(first: 3) { edges { node { headline } } } }')
  expect(caching(await getHeld(read))).toBe(HELD)
  now = new Date(opening.getTime() - 2_500)
  expect(caching(await getHeld(read))).toContain('s-maxage=2,')
  now = new Date(opening.getTime() - 999)
  const last = await read()
  expect([caching(last), keysOf(last)]).toEqual(['private, no-store', null])
  now = opening
})

test('a CDN may not hold a post, a response to a reader, an error, or what is not kept', async () => {
  const { slug } = await addArticle(app.database.prisma)
  await app.readCache!.watch.poll()
  const bearer = { authorization: `Bearer ${await app.token('reader')}` }
  const posted = () =>
    fetch(app.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: pageOf(slug) }),
    })
  const reads = [
    posted,
    posted,
    () => get(pageOf(slug), bearer),
    () => get(pageOf(slug), bearer),
    () => get('{ article(slug: 1) { headline } }'),
    () => get('{ viewer { displayName } }', bearer),
    () => fetch(`${origin}/feeds/nothing.xml`),
    () => fetch(`${origin}/feeds/`),
    () => fetch(`${origin}/health/ready`),
  ]
  for (const read of reads) {
    const response = await read()
    expect([caching(response)?.includes('s-maxage') ?? false, keysOf(response)]).toEqual([false, null])
    expect(response.headers.get('surrogate-control')).toBeNull()
  }
})

test('a public feed may be held, as it is rendered and as it was kept, also as 304', async () => {
  await addArticle(app.database.prisma)
  await app.readCache!.watch.poll()
  await fetch(`${origin}/feeds/rss.xml`)
  // A feed is kept when two seconds have passed since it changed.
  now = new Date(now.getTime() + 10_000)
  const first = await getHeld(() => fetch(`${origin}/feeds/rss.xml`))
  const { hits } = app.readCache!.cache.counters
  const second = await getHeld(() => fetch(`${origin}/feeds/rss.xml`))
  expect(app.readCache!.cache.counters.hits).toBe(hits + 1)
  for (const response of [first, second]) {
    expect([caching(response), keysOf(response)]).toEqual([HELD, ['all', 'feeds']])
    expect(response.headers.get('vary')).toBe('accept, accept-encoding, authorization')
  }
  const etag = second.headers.get('etag') as string
  const unchanged = await fetch(`${origin}/feeds/rss.xml`, { headers: { 'if-none-match': etag } })
  expect([unchanged.status, caching(unchanged)]).toEqual([304, HELD])
})

test('without the setting, a CDN must ask each time', async () => {
  await using plain = await freshApp({ readCachePollMs: 400 })
  await plain.readCache!.watch.poll()
  const response = await fetch(`${plain.url}?query={__typename}`)
  expect([caching(response), keysOf(response), response.headers.get('vary')]).toEqual([
    'public, max-age=0, must-revalidate',
    null,
    'accept, accept-encoding, authorization, origin',
  ])
})
