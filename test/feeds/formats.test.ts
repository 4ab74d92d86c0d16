import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/config.ts'
import { fillWithSample } from '../../src/sample/fill.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'
import { read } from './reader.ts'
import { all, parseXml, textOf } from './xml.ts'

let app: TestApp
let key: string

beforeAll(async () => {
  app = await freshApp({ env: { OUTLET: 'The Outlet' }, now: () => new Date('2026-03-01T00:00:00Z') })
  const config = loadConfig({ SAMPLE: 'on', DATA_DIR: app.config.dataDir })
  await fillWithSample(app.database, config, () => new Date())
  await addArticle(app.database.prisma, {
    slug: 'newest',
    headline: 'The newest',
    publishedAt: new Date('2026-02-28T00:00:00Z'),
  })
  key = (await addPartner(app.database.prisma, { licence: { attribution: 'From The Outlet.' } })).key
})

afterAll(() => app.close())

test('RSS, Atom and JSON Feed have the same stories, in the same order, by other people’s reader', async () => {
  const rss = parseRssFeed((await read(app, '/feeds/rss.xml', { key })).text)
  const atom = parseAtomFeed((await read(app, '/feeds/atom.xml', { key })).text)
  const json = parseJsonFeed(JSON.parse((await read(app, '/feeds/feed.json', { key })).text))
  expect(rss.items?.length).toBeGreaterThan(10)
  const ids = rss.items?.map(({ guid }) => guid?.value)
  expect(atom.entries?.map(({ id }) => id)).toEqual(ids)
  expect(json.items?.map(({ id }) => id)).toEqual(ids)
  const titles = rss.items?.map(({ title }) => title)
  expect(atom.entries?.map(({ title }) => title?.value)).toEqual(titles)
  expect(json.items?.map(({ title }) => title)).toEqual(titles)
  const bodies = rss.items?.map(({ content }) => content?.encoded)
  expect(atom.entries?.map(({ content }) => content?.value)).toEqual(bodies)
  expect(json.items?.map(({ content_html }) => content_html)).toEqual(bodies)
  const [self, hub, ...others] = rss.atom?.links ?? []
  // The partner's own feed, without its key.
  expect(self?.rel).toBe('self')
  expect(self?.href?.replace(/\/p\/[\w-]{40,}\//, '/p/TOKEN/')).toBe(
    `${app.config.publicUrl}/feeds/p/TOKEN/rss.xml`,
  )
  expect(self?.href).not.toContain(key)
  expect(hub).toMatchObject({ rel: 'hub', href: `${app.config.publicUrl}/websub` })
  expect(others).toEqual([])
})

test('the Sorani and the Arabic stories keep their words, their language and their direction', async () => {
  for (const language of ['ckb', 'ar']) {
    const { text } = await read(app, `/feeds/language/${language}/rss.xml`, { key })
    const rss = parseXml(text)
    expect(textOf(rss, 'language')).toBe(language)
    const stories = await app.database.prisma.article.findMany({
      where: { language },
      include: { blocks: true },
    })
    expect(stories.length).toBeGreaterThan(0)
    for (const { headline, blocks } of stories) {
      const item = all(rss, 'item').find((each) => textOf(each, 'title') === headline)!
      expect(textOf(item, 'dc:language')).toBe(language)
      const html = textOf(item, 'content:encoded')!
      expect(html.startsWith(`<div lang="${language}" dir="rtl">`)).toBe(true)
      for (const { text } of blocks) {
        if (text && !/[&<>"']/.test(text)) expect(html).toContain(text)
      }
      expect(html).toMatch(/<p class="attribution" dir="auto">From The Outlet\.<\/p>\n<\/div>$/)
    }
  }
})

test('pictures go with their credit, in every format', async () => {
  const picture = {
    url: `${app.config.publicUrl}/pictures/refugee-tents.svg`,
    credit: 'Illustration: Dateline',
  }
  const rss = parseXml((await read(app, '/feeds/rss.xml')).text)
  const media = all(rss, 'media:content').find(({ attributes }) => attributes.url === picture.url)!
  expect(textOf(media, 'media:credit')).toBe(picture.credit)
  const { items } = JSON.parse((await read(app, '/feeds/feed.json')).text)
  const item = items.find(({ image }: { image: string }) => image === picture.url)
  expect(item._dateline.images[0]).toMatchObject(picture)
  const { slug } = item._dateline
  const ninjs = JSON.parse((await read(app, `/feeds/articles/${slug}.ninjs.json`)).text)
  expect(ninjs.associations[0]).toMatchObject({ uri: picture.url, copyrightNotice: picture.credit })
  const article = JSON.parse((await read(app, `/feeds/articles/${slug}.jsonld`)).text)
  expect(article.image[0]).toMatchObject({ contentUrl: picture.url, creditText: picture.credit })
})

test('the news sitemap has the stories of the last two days, and no others', async () => {
  const sitemap = parseXml((await read(app, '/feeds/news-sitemap.xml')).text)
  expect(all(sitemap, 'loc').map(({ text }) => text)).toEqual(['https://dateline.example/newest'])
  expect(textOf(sitemap, 'news:name')).toBe('The Outlet')
  expect(textOf(sitemap, 'news:language')).toBe('en')
  expect(textOf(sitemap, 'news:publication_date')).toBe('2026-02-28T00:00:00.000Z')
})

test('a feed’s date is that of its newest change, not of its rendering', async () => {
  const atom = parseXml((await read(app, '/feeds/atom.xml')).text)
  expect(atom.children.find(({ name }) => name === 'updated')?.text).toBe('2026-02-28T00:00:00.000Z')
})

test('a corrected story says what was corrected, and when', async () => {
  const { id } = await addArticle(app.database.prisma, {
    slug: 'corrected',
    publishedAt: new Date('2025-01-01'),
  })
  const text = 'An earlier version had it wrong.'
  const answer = await app.ask(
    `mutation ($input: CorrectArticleInput!) { correctArticle(input: $input) { __typename } }`,
    { input: { id, version: 1, kind: 'CORRECTION', text, changes: { headline: 'Now right' } } },
    await app.token('editor'),
  )
  expect(answer.correctArticle.__typename).toBe('CorrectArticlePayload')
  const article = JSON.parse((await read(app, '/feeds/articles/corrected.jsonld')).text)
  expect(article.correction).toMatchObject([{ '@type': 'CorrectionComment', text }])
  const ninjs = JSON.parse((await read(app, '/feeds/articles/corrected.ninjs.json')).text)
  expect(ninjs.version).toBe('2')
  expect(ninjs.descriptions).toContainEqual({ role: 'correction', contentType: 'text/plain', value: text })
  const html = (await read(app, '/feeds/feed.json', { key })).text
  expect(html).toContain(text)
  // The public has no right to the body, and reads of the correction all the same. A sitemap has no place for it.
  for (const file of ['rss.xml', 'atom.xml', 'feed.json', 'ninjs.json', 'news.jsonld']) {
    for (const reader of [undefined, key]) {
      const feed = (await read(app, `/feeds/${file}`, { key: reader })).text
      expect([file, reader === undefined, feed.includes(text)]).toEqual([file, reader === undefined, true])
    }
  }
})
