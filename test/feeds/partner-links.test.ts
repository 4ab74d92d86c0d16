import { expect, test } from 'vitest'
import { notifyPublisher } from '../../src/bus/notify.ts'
import { rotateKey } from '../../src/licensing/rotate-key.ts'
import { reinstatePartner, suspendPartner } from '../../src/licensing/suspend.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { addKey, addPartner } from '../support/partner.ts'
import { read } from './reader.ts'

// Whatever a partner's feed links to is that partner's.

const FORMATS = ['rss.xml', 'atom.xml', 'feed.json', 'ninjs.json', 'news.jsonld', 'news-sitemap.xml']
const LICENCE = { languages: ['de'], attribution: 'Aus Dateline', agencies: [] }
const AFP = { url: 'https://pictures.example/afp.jpg', agency: 'AFP' }
const PUBLISHED = new Date('2026-01-01T00:00:00Z')

const orders = (app: TestApp) => ({
  bus: notifyPublisher(app.database.prisma),
  now: () => new Date('2026-01-02T00:00:00Z'),
  admin: 'test',
})

/** A newsroom with more licensed stories than a page has, and others; and a partner with a key for feeds. */
async function newsroom({ stories = 52 } = {}) {
  const app = await freshApp({ now: () => new Date('2026-01-02T00:00:00Z') })
  const { prisma } = app.database
  const at = (minute: number) => new Date(PUBLISHED.getTime() + minute * 60_000)
  await addArticle(prisma, { language: 'en', headline: 'Unlicensed, oldest', publishedAt: at(0) })
  for (let i = 1; i <= stories; i++) {
    await addArticle(prisma, { language: 'de', leadImage: AFP, publishedAt: at(i) })
  }
  await addArticle(prisma, { language: 'en', headline: 'Unlicensed, newest', publishedAt: at(stories + 1) })
  const partner = await addPartner(prisma, { licence: LICENCE, quotaPerMinute: 1_000 })
  return { app, prisma, partner, key: await addKey(prisma, partner.slug, 'FEED') }
}

/** Every address under /feeds that an answer has, in its text and its headers, as a reader would follow it. */
function linksIn(url: string, { headers, text }: Awaited<ReturnType<typeof read>>): string[] {
  const { origin } = new URL(url)
  const plain = text.replaceAll('&amp;', '&').replaceAll('\\/', '/')
  const absolute = `${plain}\n${headers.get('link')}`.match(/https?:\/\/[^\s"'<>\\]+/g) ?? []
  const relative = headers.get('content-type')?.startsWith('text/html')
    ? [...plain.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, href = '']) => new URL(href, url).href)
    : []
  return [...absolute, ...relative].filter((link) => link.startsWith(`${origin}/feeds`))
}

test('whatever is followed from a feed with a key, in every format, is licensed, counted and in the ledger', async () => {
  const { app, prisma, partner, key } = await newsroom()
  await using _ = app
  const origin = new URL(app.url).origin
  const seen = new Set<string>()
  const queue = ['', ...FORMATS, 'language/de/atom.xml', 'language/en/feed.json'].map(
    (path) => `${origin}/feeds/${path}?key=${key}`,
  )
  const others: string[] = []
  for (let url = queue.pop(); url !== undefined; url = queue.pop()) {
    if (seen.has(url)) continue
    seen.add(url)
    const answer = await read(app, url)
    expect([url, answer.status]).toEqual([url, 200])
    expect([url, answer.headers.get('cache-control')]).toEqual([url, 'private, no-cache'])
    expect([url, /Unlicensed|afp\.jpg/.test(answer.text)]).toEqual([url, false])
    expect([url, answer.text.includes(key.slice(13))]).toEqual([url, false])
    // The sitemap has no place for it, and the list of feeds and a feed without stories have no story.
    const isBare = /sitemap|language\/en|\/feeds\/(p\/[^/]+\/)?(\?.*)?$/.test(url)
    expect([url, isBare || answer.text.includes('Aus Dateline')]).toEqual([url, true])
    for (const link of linksIn(url, answer)) {
      queue.push(link)
      if (!link.startsWith(`${origin}/feeds/p/`)) others.push(link)
    }
  }
  expect(others).toEqual([])
  // The second page of every format that has pages was among them.
  const pages = [...seen].filter((url) => url.includes('before='))
  expect(pages.map((url) => /\/([^/]+)\?/.exec(url)?.[1]).sort()).toEqual(
    expect.arrayContaining(['atom.xml', 'feed.json', 'ninjs.json', 'rss.xml']),
  )
  const usage = await prisma.partnerUsage.findFirst({ where: { partnerId: partner.id, unit: 'DAY' } })
  expect(usage?.requests).toBe(seen.size)
  expect(await prisma.holding.count({ where: { partnerId: partner.id } })).toBe(52)
})

test('single stories have such addresses too, and one that is not licensed is not there', async () => {
  const { app, prisma, key } = await newsroom({ stories: 1 })
  await using _ = app
  const home = await ownHome(app, key)
  const { slug } = await prisma.article.findFirstOrThrow({ where: { language: 'de' } })
  const other = await prisma.article.findFirstOrThrow({ where: { language: 'en' } })
  for (const ending of ['ninjs.json', 'jsonld']) {
    const story = await read(app, `${home}articles/${slug}.${ending}`)
    expect(story.text).toContain('Aus Dateline')
    expect(story.headers.get('cache-control')).toBe('private, no-cache')
    expect((await read(app, `${home}articles/${other.slug}.${ending}`)).status).toBe(404)
  }
})

test('the key in the header gives links that are good without it', async () => {
  const { app, partner } = await newsroom({ stories: 1 })
  await using _ = app
  const { feed_url: self, home_page_url: home } = JSON.parse(
    (await read(app, '/feeds/feed.json', { key: partner.key })).text,
  )
  expect(self).not.toContain(partner.key.slice(13))
  const followed = await read(app, self)
  expect(JSON.parse(followed.text)).toMatchObject({ feed_url: self, items: [{ language: 'de' }] })
  // A reader that sends its header along is answered the same.
  expect((await read(app, self, { key: partner.key })).text).toBe(followed.text)
  expect((await read(app, home)).status).toBe(200)
  expect((await read(app, home.slice(0, -1))).status).toBe(200)
})

test('such an address ends with its key, while its partner is suspended, and when it is changed', async () => {
  const { app, partner, key } = await newsroom({ stories: 1 })
  await using _ = app
  const home = await ownHome(app, key)
  const status = async (url = `${home}atom.xml`) => (await read(app, url)).status
  expect(await status()).toBe(200)
  await suspendPartner(partner.slug, orders(app))
  expect(await status()).toBe(401)
  await reinstatePartner(partner.slug, orders(app))
  expect(await status()).toBe(200)
  const token = /\/feeds\/p\/([^/]+)\//.exec(home)?.[1] as string
  for (const wrong of [
    `${token.slice(0, -1)}${token.endsWith('A') ? 'E' : 'A'}`,
    `k${token.slice(1)}`,
    'x',
  ]) {
    expect([wrong, await status(home.replace(token, wrong).concat('atom.xml'))]).toEqual([wrong, 401])
    expect([wrong, await status(home.replace(token, wrong))]).toEqual([wrong, 401])
  }
  await rotateKey({ slug: partner.slug, kind: 'FEED', overlap: 0 }, orders(app))
  expect(await status()).toBe(401)
})

test('an address without its slash leads to the one with it, and nowhere else', async () => {
  const { app, key } = await newsroom({ stories: 1 })
  await using _ = app
  const origin = new URL(app.url).origin
  const redirect = async (path: string) => {
    const { headers } = await fetch(origin + path, { redirect: 'manual' })
    return new URL(headers.get('location') ?? '', origin + path).href
  }
  expect(await redirect(`/feeds?key=${key}`)).toBe(`${origin}/feeds/?key=${key}`)
  expect(await redirect('/feeds/p/https:other.example')).toBe(`${origin}/feeds/p/https:other.example/`)
})

/** Where a partner's own feeds are. */
async function ownHome(app: TestApp, key: string): Promise<string> {
  return JSON.parse((await read(app, `/feeds/feed.json?key=${key}`)).text).home_page_url
}
