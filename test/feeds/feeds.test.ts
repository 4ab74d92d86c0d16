import { expect, test } from 'vitest'
import { saveOrganisation, savePerson } from '../../src/articles/save-entity.ts'
import { renderFeed } from '../../src/feeds/render-feed.ts'
import { partnerWithKey } from '../../src/licensing/authenticate.ts'
import { audienceOf } from '../../src/licensing/partner-audience.ts'
import { recordDelivery } from '../../src/syndication/delivery.ts'
import { freshApp } from '../support/app.ts'
import { freshDatabase } from '../support/database.ts'
import { addArticle } from '../support/newsroom.ts'
import { addKey, addPartner, relicense } from '../support/partner.ts'
import { edit, headlines, read, removed } from './reader.ts'
import { all, parseXml } from './xml.ts'

const AFP = { url: 'https://pictures.example/afp.jpg', agency: 'AFP', credit: 'Name / AFP' }

test('the public has headlines, summaries and pictures, a partner what its licence says', async () => {
  await using app = await freshApp()
  await addArticle(app.database.prisma, {
    headline: 'A headline',
    standfirst: 'A summary',
    leadImage: AFP,
    blocks: [{ kind: 'PARAGRAPH', text: 'The words of the body.' }],
  })
  const { slug, key } = await addPartner(app.database.prisma, {
    licence: { attribution: 'From The Outlet.' },
  })
  const feedKey = await addKey(app.database.prisma, slug, 'FEED')

  const open = await read(app, '/feeds/rss.xml')
  expect(open.text).toContain('A summary')
  expect(open.text).toContain('afp.jpg')
  expect(open.text).not.toContain('The words of the body.')
  expect(open.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate')
  expect(open.headers.get('vary')).toBe('accept, accept-encoding, authorization')

  const theirs = await read(app, '/feeds/rss.xml', { key })
  expect(theirs.text).toContain('The words of the body.')
  expect(theirs.text).toContain('From The Outlet.')
  expect(theirs.text).not.toContain('afp.jpg')
  expect(theirs.headers.get('cache-control')).toBe('private, no-cache')

  const byAddress = await read(app, `/feeds/rss.xml?key=${feedKey}`)
  const withoutToken = (text: string) => text.replaceAll(/\/feeds\/p\/[^/]+/g, '/feeds')
  expect(withoutToken(byAddress.text)).toBe(withoutToken(theirs.text))
  expect(byAddress.headers.get('link')).not.toContain(feedKey)
  expect((await read(app, `/feeds/rss.xml?key=${key}`)).status).toBe(401)
})

test('an agency picture comes into a feed with the right to it, and goes with it', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  await addArticle(prisma, { leadImage: AFP })
  const { slug, key } = await addPartner(prisma)
  const hasPicture = async () => (await read(app, '/feeds/atom.xml', { key })).text.includes('afp.jpg')
  expect(await hasPicture()).toBe(false)
  await relicense(prisma, slug, { agencies: ['AFP'] })
  expect(await hasPicture()).toBe(true)
  await relicense(prisma, slug, { agencies: [] })
  expect(await hasPicture()).toBe(false)
})

test('a feed is rendered once for a hundred readers, and again after a change', async () => {
  await using app = await freshApp()
  const { id } = await addArticle(app.database.prisma, { headline: 'A headline' })
  await Promise.all(Array.from({ length: 100 }, () => read(app, '/feeds/rss.xml')))
  expect(app.newsfeeds.cache.renderings).toBe(1)
  await edit(app, 'updateArticle', { id, version: 1, changes: { headline: 'Another headline' } })
  const answers = await Promise.all(Array.from({ length: 100 }, () => read(app, '/feeds/rss.xml')))
  expect(answers.every(({ text }) => text.includes('Another headline'))).toBe(true)
  expect(app.newsfeeds.cache.renderings).toBe(2)
})

test('what an editor withdraws is gone from the next answer of every gateway', async () => {
  await using database = await freshDatabase()
  await using app = await freshApp({ database })
  await using other = await freshApp({ database })
  const { id } = await addArticle(database.prisma, { headline: 'Withdrawn soon' })
  for (const each of [app, other])
    expect(await headlines(each, '/feeds/feed.json')).toEqual(['Withdrawn soon'])
  await edit(app, 'withholdArticle', { id, version: 1 })
  for (const each of [app, other]) expect(await headlines(each, '/feeds/feed.json')).toEqual([])
})

test('an embargo lifts by the clock, without anything being written', async () => {
  let now = new Date('2026-03-01T00:00:00Z')
  await using app = await freshApp({ now: () => now, pollMs: 3_600_000 })
  const embargoedUntil = new Date('2026-03-01T01:00:00Z')
  await addArticle(app.database.prisma, { headline: 'Held back', embargoedUntil })
  expect(await headlines(app, '/feeds/feed.json')).toEqual([])
  expect((await read(app, '/feeds/rss.xml')).text).not.toContain('Held back')
  now = embargoedUntil
  expect(await headlines(app, '/feeds/feed.json')).toEqual(['Held back'])
})

test('a story that a partner may keep for a day is gone from its feed after it', async () => {
  let now = new Date('2026-03-01T00:00:00Z')
  await using app = await freshApp({ now: () => now, pollMs: 3_600_000 })
  await addArticle(app.database.prisma, { headline: 'For a day', publishedAt: now })
  const { key } = await addPartner(app.database.prisma, { licence: { retentionDays: 1 } }, () => now)
  expect(await headlines(app, '/feeds/feed.json', key)).toEqual(['For a day'])
  now = new Date('2026-03-02T00:00:00Z')
  expect(await headlines(app, '/feeds/feed.json', key)).toEqual([])
})

test('the archive is paged from a feed to its last story, each story once', async () => {
  await using app = await freshApp()
  for (let i = 0; i < 60; i += 1) {
    const publishedAt = new Date(Date.UTC(2026, 0, 1, 0, Math.floor(i / 3)))
    await addArticle(app.database.prisma, { headline: `Story number ${i}`, publishedAt })
  }
  const first = JSON.parse((await read(app, '/feeds/feed.json')).text)
  const second = JSON.parse((await read(app, first.next_url)).text)
  expect([first.items.length, second.items.length, second.next_url]).toEqual([50, 10, undefined])
  const found = [...first.items, ...second.items].map(({ title }) => title)
  expect(new Set(found).size).toBe(60)
  expect(found.at(0)).toMatch(/5[789]/)

  const page = parseXml((await read(app, '/feeds/atom.xml')).text)
  const links = Object.fromEntries(page.children.map(({ attributes }) => [attributes.rel, attributes.href]))
  expect(links['prev-archive']).toBe(links.next)
  const archive = parseXml((await read(app, links['prev-archive']!)).text)
  expect(all(archive, 'fh:archive')[0]?.uri).toBe('http://purl.org/syndication/history/1.0')
  expect(all(page, 'fh:archive')).toEqual([])
  expect(all(archive, 'entry')).toHaveLength(10)
  const back = archive.children.find(({ attributes }) => attributes.rel === 'current')
  expect(back?.attributes.href).toBe(links.self)
  const refused = await read(app, '/feeds/atom.xml?before=nonsense')
  expect(refused).toMatchObject({ status: 400, text: expect.stringContaining('before') })
})

test('feeds are there by topic with those under it, by language, by person and by organisation', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  await savePerson(prisma, { slug: 'jane-doe', name: 'Jane Doe' })
  await saveOrganisation(prisma, { slug: 'the-office', name: 'The Office' })
  await addArticle(prisma, {
    headline: 'In health',
    topic: { slug: 'health', label: 'Health' },
    blocks: [{ kind: 'PARAGRAPH', text: 'Jane Doe works at The Office.' }],
  })
  await addArticle(prisma, { headline: 'هەولێر', language: 'ckb', topic: { slug: 'world', label: 'World' } })
  const { id } = await prisma.topic.create({ data: { slug: 'news', label: 'News' } })
  await prisma.topic.update({ where: { slug: 'health' }, data: { parentId: id } })

  for (const scope of [
    'topic/health',
    'topic/news',
    'language/en',
    'person/jane-doe',
    'organisation/the-office',
  ]) {
    expect([scope, await headlines(app, `/feeds/${scope}/feed.json`)]).toEqual([scope, ['In health']])
  }
  expect(await headlines(app, '/feeds/language/ckb/feed.json')).toEqual(['هەولێر'])
  for (const scope of ['topic/nothing', 'person/nobody', 'organisation/none', 'language/not-a-tag-', 'x/y']) {
    expect([scope, (await read(app, `/feeds/${scope}/feed.json`)).status]).toEqual([scope, 404])
  }
})

test('a partner without the right to quotations does not find a story by who is quoted in it', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  await savePerson(prisma, { slug: 'jane-doe', name: 'Jane Doe' })
  await addArticle(prisma, {
    headline: 'Somebody said something',
    blocks: [
      { kind: 'PARAGRAPH', text: 'Somebody said something.' },
      { kind: 'QUOTATION', text: 'Something.', direct: true, speaker: { person: 'jane-doe' } },
    ],
    people: [{ person: 'jane-doe', namedIn: 'ARTICLE' }],
  })
  const { key } = await addPartner(prisma, { licence: { quotations: false } })
  const { key: another } = await addPartner(prisma)
  expect(await headlines(app, '/feeds/person/jane-doe/feed.json', key)).toEqual([])
  expect(await headlines(app, '/feeds/person/jane-doe/feed.json', another)).toEqual([
    'Somebody said something',
  ])
})

test('a story that is withdrawn is marked as deleted for those who were given it, and for nobody else', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { id, key: article } = await addArticle(prisma, { headline: 'Withdrawn soon' })
  await addArticle(prisma, {
    headline: 'Never seen',
    status: 'WITHHELD',
  })
  const given = await addPartner(prisma)
  const never = await addPartner(prisma)
  await read(app, '/feeds/atom.xml', { key: given.key })
  await edit(app, 'cancelArticle', { id, version: 1 })

  expect(await removed(app, '/feeds/feed.json', given.key)).toEqual([article])
  expect(await removed(app, '/feeds/feed.json')).toEqual([article])
  expect(await removed(app, '/feeds/feed.json', never.key)).toEqual([])

  const { text } = await read(app, '/feeds/atom.xml', { key: given.key })
  const [mark] = all(parseXml(text), 'at:deleted-entry')
  expect(mark?.uri).toBe('http://purl.org/atompub/tombstones/1.0')
  expect(mark?.attributes.ref).toBe(`urn:uuid:${article}`)
  expect(text).not.toContain('Withdrawn soon')
  const ninjs = JSON.parse((await read(app, '/feeds/ninjs.json', { key: given.key })).text)
  expect(ninjs.associations).toMatchObject([{ uri: `urn:uuid:${article}`, pubStatus: 'withheld' }])
  const jsonLd = JSON.parse((await read(app, '/feeds/news.jsonld', { key: given.key })).text)
  expect(jsonLd.dataFeedElement).toMatchObject([{ item: { '@id': `urn:uuid:${article}` } }])
})

test('a story that a licence no longer covers is marked as deleted for that partner alone', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { key: article } = await addArticle(prisma, { topic: { slug: 'health', label: 'Health' } })
  await prisma.topic.create({ data: { slug: 'sport', label: 'Sport' } })
  const partner = await addPartner(prisma)
  const another = await addPartner(prisma)
  for (const { key } of [partner, another]) await read(app, '/feeds/rss.xml', { key })
  await relicense(prisma, partner.slug, { topics: ['sport'] })
  expect(await removed(app, '/feeds/feed.json', partner.key)).toEqual([article])
  expect(await removed(app, '/feeds/feed.json', another.key)).toEqual([])
  expect(await removed(app, '/feeds/feed.json')).toEqual([])
})

test('the ledger has what a feed handed over, before it is sent, and nothing for an answer without a body', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { id, key: article } = await addArticle(prisma)
  const { id: partnerId, key } = await addPartner(prisma)
  const lines = () =>
    prisma.delivery.findMany({
      where: { partnerId },
      orderBy: [{ kind: 'asc' }, { version: 'asc' }],
      select: { articleId: true, version: true, kind: true, via: true, times: true },
    })
  await read(app, '/feeds/rss.xml', { key, method: 'HEAD' })
  await read(app, '/feeds/rss.xml', { key, headers: { accept: 'image/png' } })
  expect(await lines()).toEqual([])

  const { headers } = await read(app, '/feeds/rss.xml', { key })
  const story = { articleId: article, version: 1, kind: 'ARTICLE', via: 'FEED' }
  expect(await lines()).toEqual([{ ...story, times: 1 }])
  await read(app, '/feeds/rss.xml', { key, headers: { 'if-none-match': headers.get('etag')! } })
  expect(await lines()).toEqual([{ ...story, times: 1 }])
  await read(app, '/feeds/rss.xml', { key })
  expect(await lines()).toEqual([{ ...story, times: 2 }])

  await edit(app, 'withholdArticle', { id, version: 1 })
  // RSS can not say that a story is gone.
  await read(app, '/feeds/rss.xml', { key })
  expect(await lines()).toEqual([{ ...story, times: 2 }])
  await read(app, '/feeds/atom.xml', { key })
  expect(await lines()).toEqual([
    { ...story, times: 2 },
    { ...story, kind: 'REMOVAL', times: 1 },
  ])
  const holding = await prisma.holding.findUniqueOrThrow({
    where: { partnerId_articleId: { partnerId, articleId: article } },
  })
  expect(holding.removalNotifiedAt).not.toBeNull()
})

test('what was withdrawn after it was rendered is not handed over', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { id } = await addArticle(prisma)
  await addArticle(prisma)
  const partner = await addPartner(prisma)
  const viewer = await partnerWithKey(partner.key, 'FULL', app.services)
  const audience = await audienceOf(viewer, prisma)
  const path = `/feeds/p/${viewer.feedToken}/rss.xml`
  const rendered = async () => (await renderFeed({ path, audience, deps: app.newsfeeds }))!
  const before = await rendered()
  const to = { partnerId: partner.id, via: 'FEED' } as const
  expect(await recordDelivery({ ...before, ...to }, app.services)).toBe(true)
  await edit(app, 'withholdArticle', { id, version: 1 })
  expect(await recordDelivery({ ...before, ...to }, app.services)).toBe(false)
  expect(await recordDelivery({ ...(await rendered()), ...to }, app.services)).toBe(true)
})

test('single stories are there as ninjs and as JSON-LD, for whoever may have them', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  await addArticle(prisma, { slug: 'shown', headline: 'Shown' })
  await addArticle(prisma, { slug: 'held', headline: 'Held', status: 'WITHHELD' })
  const ninjs = JSON.parse((await read(app, '/feeds/articles/shown.ninjs.json')).text)
  expect(ninjs).toMatchObject({ type: 'text', pubStatus: 'usable', headlines: [{ value: 'Shown' }] })
  const jsonLd = JSON.parse((await read(app, '/feeds/articles/shown.jsonld')).text)
  expect(jsonLd).toMatchObject({ '@type': 'NewsArticle', headline: 'Shown' })
  const held = await read(app, '/feeds/articles/held.jsonld')
  const none = await read(app, '/feeds/articles/none.jsonld')
  expect([held.status, held.text]).toEqual([404, none.text])
})
