import { expect, test } from 'vitest'
import { announceDue } from '../../src/licensing/due-changes.ts'
import { freshApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner, relicense } from '../support/partner.ts'
import { headlines, read, removed } from './reader.ts'

// What the ledger says of feeds.

test('a partner that is told to go on using its copy is given the stories in it', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { key, slug } = await addPartner(prisma)
  await addArticle(prisma)
  const etag = (await read(app, '/feeds/feed.json', { key })).headers.get('etag') as string
  await relicense(prisma, slug, { languages: [] })
  expect(await removed(app, '/feeds/feed.json', key)).toHaveLength(1)
  expect(await prisma.holding.findFirst()).toMatchObject({ removalNotifiedAt: expect.any(Date) })
  await relicense(prisma, slug, { languages: ['*'] })
  const again = await read(app, '/feeds/feed.json', { key, headers: { 'if-none-match': etag } })
  expect(again.status).toBe(304)
  expect(await prisma.holding.findFirst()).toMatchObject({ removalNotifiedAt: null })
})

test('a copy that the partner has is not written down each time it asks', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { key } = await addPartner(prisma)
  await addArticle(prisma)
  const etag = (await read(app, '/feeds/feed.json', { key })).headers.get('etag') as string
  await read(app, '/feeds/feed.json', { key, headers: { 'if-none-match': etag } })
  expect(await prisma.delivery.findMany()).toMatchObject([{ kind: 'ARTICLE', via: 'FEED', times: 1 }])
})

test('nobody was told of a removal by a format that can not say it', async () => {
  await using app = await freshApp({ now: () => new Date('2026-01-02T00:00:00Z') })
  const { prisma } = app.database
  const { key } = await addPartner(prisma)
  const { slug } = await addArticle(prisma)
  await read(app, '/feeds/rss.xml', { key })
  await addArticle(prisma, { slug, status: 'CANCELED' })
  for (const file of ['rss.xml', 'news-sitemap.xml']) await read(app, `/feeds/${file}`, { key })
  expect(await prisma.holding.findFirst()).toMatchObject({ removalNotifiedAt: null })
  for (const file of ['atom.xml', 'feed.json', 'ninjs.json', 'news.jsonld']) {
    await prisma.holding.updateMany({ data: { removalNotifiedAt: null } })
    await read(app, `/feeds/${file}`, { key })
    expect([file, (await prisma.holding.findFirst())?.removalNotifiedAt]).toEqual([file, expect.any(Date)])
  }
})

test('an embargo that another gateway saw lift first lifts here too, without another change', async () => {
  let now = new Date('2026-02-01T00:00:00Z')
  await using app = await freshApp({ now: () => now, pollMs: 3_600_000 })
  const lifts = new Date(now.getTime() + 5)
  await addArticle(app.database.prisma, { headline: 'Held back', embargoedUntil: lifts })
  await announceDue({ ...app.services, now: () => lifts })
  expect(await headlines(app, '/feeds/feed.json')).toEqual([])
  now = lifts
  expect(await headlines(app, '/feeds/feed.json')).toEqual(['Held back'])
})

test('a partner that knows a feed by its head alone is given its stories when it is told to use its copy', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { key } = await addPartner(prisma)
  await addArticle(prisma)
  const head = await read(app, '/feeds/feed.json', { key, method: 'HEAD' })
  expect(await prisma.delivery.count()).toBe(0)
  const headers = { 'if-none-match': head.headers.get('etag') as string }
  expect((await read(app, '/feeds/feed.json', { key, headers })).status).toBe(304)
  expect(await prisma.delivery.findMany()).toMatchObject([{ kind: 'ARTICLE', via: 'FEED', times: 1 }])
  expect(await prisma.holding.count()).toBe(1)
})

test('a copy that says what is gone is not written down each time either', async () => {
  await using app = await freshApp({ now: () => new Date('2026-01-02T00:00:00Z') })
  const { prisma } = app.database
  const { key } = await addPartner(prisma)
  const { slug } = await addArticle(prisma)
  await addArticle(prisma)
  await read(app, '/feeds/atom.xml', { key })
  await addArticle(prisma, { slug, status: 'CANCELED' })
  const etag = (await read(app, '/feeds/atom.xml', { key })).headers.get('etag') as string
  const lines = () =>
    prisma.delivery.findMany({ orderBy: { id: 'asc' }, select: { kind: true, times: true } })
  const before = await lines()
  expect(before.map(({ kind }) => kind).toSorted()).toEqual(['ARTICLE', 'ARTICLE', 'REMOVAL'])
  for (const method of ['GET', 'HEAD']) {
    const again = await read(app, '/feeds/atom.xml', { key, method, headers: { 'if-none-match': etag } })
    expect(again.status).toBe(304)
  }
  expect(await lines()).toEqual(before)
})

test('a removal that was only attempted is withdrawn when the partner may go on using its copy', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { key } = await addPartner(prisma)
  await addArticle(prisma)
  const etag = (await read(app, '/feeds/feed.json', { key })).headers.get('etag') as string
  await prisma.holding.updateMany({ data: { removalAttemptedAt: new Date() } })
  const again = await read(app, '/feeds/feed.json', { key, headers: { 'if-none-match': etag } })
  expect(again.status).toBe(304)
  expect(await prisma.holding.findFirst()).toMatchObject({
    removalAttemptedAt: null,
    removalNotifiedAt: null,
  })
})
