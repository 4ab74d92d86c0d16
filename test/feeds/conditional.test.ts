import { expect, test } from 'vitest'
import { freshApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { edit, read } from './reader.ts'

test('a feed that has not changed is not sent again, by its tag', async () => {
  await using app = await freshApp()
  const { id } = await addArticle(app.database.prisma)
  const first = await read(app, '/feeds/rss.xml')
  const etag = first.headers.get('etag')!
  for (const tag of [etag, `W/${etag}`, `"another", ${etag}`, '*']) {
    const again = await read(app, '/feeds/rss.xml', { headers: { 'if-none-match': tag } })
    expect([tag, again.status, again.text]).toEqual([tag, 304, ''])
    expect(again.headers.get('etag')).toBe(etag)
  }
  await edit(app, 'updateArticle', { id, version: 1, changes: { headline: 'Another headline' } })
  const changed = await read(app, '/feeds/rss.xml', { headers: { 'if-none-match': etag } })
  expect(changed.status).toBe(200)
  expect(changed.headers.get('etag')).not.toBe(etag)
})

test('a feed that has not changed is not sent again, by its date', async () => {
  let now = new Date('2026-03-01T00:00:00.400Z')
  await using app = await freshApp({ now: () => now })
  const { id } = await addArticle(app.database.prisma)
  // Within the same second other bytes could come to have the same date.
  expect((await read(app, '/feeds/rss.xml')).headers.get('last-modified')).toBeNull()
  now = new Date('2026-03-01T00:00:10Z')
  const date = (await read(app, '/feeds/rss.xml')).headers.get('last-modified')!
  expect(date).toBe('Sun, 01 Mar 2026 00:00:00 GMT')
  const since = { headers: { 'if-modified-since': date } }
  expect((await read(app, '/feeds/rss.xml', since)).status).toBe(304)
  const both = { headers: { ...since.headers, 'if-none-match': '"another"' } }
  expect((await read(app, '/feeds/rss.xml', both)).status).toBe(200)
  await edit(app, 'updateArticle', { id, version: 1, changes: { headline: 'Another headline' } })
  expect((await read(app, '/feeds/rss.xml', since)).status).toBe(200)
})

test('a feed stays the same, to the byte, when a story changes that is not in it', async () => {
  let now = new Date('2026-03-01T00:00:00Z')
  await using app = await freshApp({ now: () => now })
  await addArticle(app.database.prisma, { language: 'ckb' })
  const { id } = await addArticle(app.database.prisma, { language: 'en' })
  const before = await Promise.all(
    ['rss.xml', 'atom.xml', 'feed.json'].map((file) => read(app, `/feeds/language/ckb/${file}`)),
  )
  now = new Date('2026-03-02T00:00:00Z')
  await edit(app, 'updateArticle', { id, version: 1, changes: { headline: 'Another headline' } })
  const after = await Promise.all(
    ['rss.xml', 'atom.xml', 'feed.json'].map((file) => read(app, `/feeds/language/ckb/${file}`)),
  )
  expect(after.map(({ text }) => text)).toEqual(before.map(({ text }) => text))
})

test('HEAD has the headers of GET, other methods are refused, and so are types that are not to be had', async () => {
  await using app = await freshApp()
  const get = await read(app, '/feeds/feed.json')
  const head = await read(app, '/feeds/feed.json', { method: 'HEAD' })
  expect([head.status, head.text]).toEqual([200, ''])
  for (const name of ['etag', 'content-type', 'content-length', 'link', 'cache-control', 'vary']) {
    expect([name, head.headers.get(name)]).toEqual([name, get.headers.get(name)])
  }
  const post = await read(app, '/feeds/feed.json', { method: 'POST' })
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])

  const refused = ['image/png', 'text/html', 'application/feed+json;q=0']
  const taken = ['*/*', 'application/json', 'text/html, */*;q=0.1', 'application/feed+json']
  for (const accept of refused) {
    expect([accept, (await read(app, '/feeds/feed.json', { headers: { accept } })).status]).toEqual([
      accept,
      406,
    ])
  }
  for (const accept of taken) {
    expect([accept, (await read(app, '/feeds/feed.json', { headers: { accept } })).status]).toEqual([
      accept,
      200,
    ])
  }
})

test('the list of feeds names each of them', async () => {
  await using app = await freshApp({ env: { OUTLET: 'Smith & Sons' } })
  const { status, text, headers } = await read(app, '/feeds/')
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect(text).toContain('Feeds of Smith &amp; Sons')
  const paths = [...text.matchAll(/href="([^"]+)"/g)].map(([, path]) => path!)
  expect(paths).toHaveLength(6)
  for (const path of paths) expect([path, (await read(app, `/feeds/${path}`)).status]).toEqual([path, 200])
  expect((await read(app, '/feeds')).text).toBe(text)
  for (const path of [
    '/feeds/none.xml',
    '/feeds//rss.xml',
    '/feeds/topic/%00/rss.xml',
    '/feeds/topic/%zz/rss.xml',
  ]) {
    expect([path, (await read(app, path)).status]).toEqual([path, 404])
  }
})
