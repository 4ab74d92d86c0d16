import { describe, expect, test } from 'vitest'
import type { ArticleDraft } from '../../src/articles/draft.ts'
import { saveArticle } from '../../src/articles/save.ts'
import { saveOrganisation, savePerson } from '../../src/articles/save-entity.ts'
import { MAX_SITEMAP_AGE_MS, MAX_SITEMAP_URLS } from '../../src/feeds/formats/news-sitemap.ts'
import { REMOVALS_MAX_AGE_MS } from '../../src/feeds/removals.ts'
import { PAGE } from '../../src/feeds/render.ts'
import { freshApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner, relicense } from '../support/partner.ts'
import { headlines, read, removed } from './reader.ts'

// Which stories are in a feed, and until when: the clock alone brings them in and takes them out.

const HOUR = 3_600_000
const START = new Date('2026-03-01T00:00:00Z')
const at = (ms: number) => new Date(START.getTime() + ms)

/** A gateway at a moment that the test moves, and which does nothing by itself meanwhile. */
async function gatewayAt(start = START) {
  const clock = { now: start }
  const app = await freshApp({
    now: () => clock.now,
    pollMs: HOUR,
    changePollMs: HOUR,
    env: { OUTLET: 'The Outlet' },
  })
  return { app, prisma: app.database.prisma, clock, [Symbol.asyncDispose]: () => app.close() }
}

test('pages, ages and sizes are as documented', () => {
  expect({ PAGE, MAX_SITEMAP_URLS, MAX_SITEMAP_AGE_MS, REMOVALS_MAX_AGE_MS }).toEqual({
    PAGE: 50,
    MAX_SITEMAP_URLS: 1000,
    MAX_SITEMAP_AGE_MS: 48 * HOUR,
    REMOVALS_MAX_AGE_MS: 30 * 24 * HOUR,
  })
})

test('the sitemap has a story from its first moment to the end of its 48 hours, by the clock', async () => {
  await using gateway = await gatewayAt()
  const { app, prisma, clock } = gateway
  await addArticle(prisma, { slug: 'now', publishedAt: START })
  await addArticle(prisma, { slug: 'soon', publishedAt: at(1) })
  const listed = async () =>
    [...(await read(app, '/feeds/news-sitemap.xml')).text.matchAll(/<loc>[^<]+\/(\w+)<\/loc>/g)].map(
      ([, slug]) => slug,
    )
  expect(await listed()).toEqual(['now'])
  clock.now = at(1)
  expect(await listed()).toEqual(['soon', 'now'])
  clock.now = at(48 * HOUR - 1)
  expect(await listed()).toEqual(['soon', 'now'])
  clock.now = at(48 * HOUR + 1)
  expect(await listed()).toEqual(['soon'])
  clock.now = at(48 * HOUR + 2)
  expect(await listed()).toEqual([])
})

test('a feed says for thirty days that a story is gone, and then forgets it', async () => {
  await using gateway = await gatewayAt(new Date('2026-01-01T00:00:00Z'))
  const { app, prisma, clock } = gateway
  const first = await addArticle(prisma, { slug: 'first' })
  const second = await addArticle(prisma, { slug: 'second' })
  await saveArticle(prisma, withheld('first'), { now: START })
  await saveArticle(prisma, withheld('second'), { now: at(HOUR) })
  clock.now = at(2 * HOUR)
  expect(await removed(app, '/feeds/feed.json')).toEqual([second.key, first.key])
  const { _dateline } = JSON.parse((await read(app, '/feeds/feed.json')).text)
  expect(_dateline).toMatchObject({
    date_modified: '2026-03-01T01:00:00.000Z',
    removed: [{ date_removed: '2026-03-01T01:00:00.000Z' }, { date_removed: '2026-03-01T00:00:00.000Z' }],
  })
  clock.now = at(30 * 24 * HOUR - 1)
  expect(await removed(app, '/feeds/feed.json')).toEqual([second.key, first.key])
  clock.now = at(30 * 24 * HOUR)
  expect(await removed(app, '/feeds/feed.json')).toEqual([second.key])
  // Only the first page says so.
  expect(await removed(app, `/feeds/feed.json?before=${await cursor(prisma)}`)).toEqual([])
})

const withheld = (slug: string): ArticleDraft => ({
  slug,
  canonicalUrl: `https://dateline.example/${slug}`,
  language: 'en',
  status: 'WITHHELD',
  headline: 'Withheld',
  publishedAt: new Date('2026-01-01T00:00:00Z'),
  blocks: [],
})

/** A place before every story. */
async function cursor(prisma: Awaited<ReturnType<typeof gatewayAt>>['prisma']): Promise<string> {
  const { id } = await prisma.article.findFirstOrThrow()
  return Buffer.from(JSON.stringify({ publishedAt: '2030-01-01T00:00:00.000Z', id })).toString('base64url')
}

test('a story went when it was taken away, not when something was changed in it afterwards', async () => {
  await using gateway = await gatewayAt()
  const { app, prisma } = gateway
  const { key, slug } = await addArticle(prisma)
  const given = await addPartner(prisma, {}, () => at(-9 * HOUR))
  await read(app, '/feeds/feed.json', { key: given.key })
  await saveArticle(prisma, withheld(slug), { now: at(-2 * HOUR) })
  await saveArticle(prisma, { ...withheld(slug), headline: 'Other words' }, { now: at(-HOUR) })
  expect(await prisma.articleChange.findMany({ where: { articleId: key } })).toHaveLength(3)
  for (const reader of [undefined, given.key]) {
    const { _dateline } = JSON.parse((await read(app, '/feeds/feed.json', { key: reader })).text)
    expect(_dateline.removed).toEqual([{ id: `urn:uuid:${key}`, date_removed: '2026-02-28T22:00:00.000Z' }])
  }
})

describe('a licence', () => {
  test('begins and ends by the clock, and what it took away went when it was changed', async () => {
    await using gateway = await gatewayAt()
    const { app, prisma, clock } = gateway
    await addArticle(prisma, { headline: 'Licensed' })
    const licence = { validFrom: at(HOUR), validUntil: at(3 * HOUR) }
    const { key, slug } = await addPartner(prisma, { licence }, () => START)
    const feed = () => headlines(app, '/feeds/feed.json', key)
    expect(await feed()).toEqual([])
    clock.now = at(HOUR)
    expect(await feed()).toEqual(['Licensed'])
    clock.now = at(3 * HOUR - 1)
    expect(await feed()).toEqual(['Licensed'])
    clock.now = at(3 * HOUR)
    expect(await feed()).toEqual([])
    await relicense(prisma, slug, { validUntil: null, languages: ['ar'] }, () => at(4 * HOUR))
    clock.now = at(5 * HOUR)
    const { _dateline } = JSON.parse((await read(app, '/feeds/feed.json', { key })).text)
    expect(_dateline.removed).toMatchObject([{ date_removed: '2026-03-01T04:00:00.000Z' }])
  })

  test('for some days gives a single story for so long, and the ledger says until when', async () => {
    await using gateway = await gatewayAt()
    const { app, prisma, clock } = gateway
    const { slug } = await addArticle(prisma, { publishedAt: START })
    await addArticle(prisma, { slug, publishedAt: START, headline: 'Its second version' })
    const { key } = await addPartner(prisma, { licence: { retentionDays: 2 } }, () => START)
    const status = async () => (await read(app, `/feeds/articles/${slug}.jsonld`, { key })).status
    expect(await status()).toBe(200)
    expect(await prisma.holding.findMany()).toMatchObject([
      { version: 2, lapsesAt: at(48 * HOUR), since: START },
    ])
    clock.now = at(48 * HOUR - 1)
    expect(await status()).toBe(200)
    clock.now = at(48 * HOUR)
    expect(await status()).toBe(410)
  })

  test('for a language has those of its regions, and none that only begins alike', async () => {
    await using gateway = await gatewayAt()
    const { app, prisma } = gateway
    for (const language of ['en', 'en-GB', 'enm', 'de']) {
      await addArticle(prisma, { language, headline: language })
    }
    const { key } = await addPartner(prisma, { licence: { languages: ['EN'] } }, () => START)
    const named = async (path: string, as?: string) => (await headlines(app, path, as)).toSorted()
    expect(await named('/feeds/feed.json', key)).toEqual(['en', 'en-GB'])
    expect(await named('/feeds/language/en/feed.json')).toEqual(['en', 'en-GB'])
    expect(await named('/feeds/language/EN-gb/feed.json')).toEqual(['en-GB'])
    expect(await named('/feeds/language/fr/feed.json')).toEqual([])
  })

  test('for a topic has what is filed under it, and for a section what is in it', async () => {
    await using gateway = await gatewayAt()
    const { app, prisma } = gateway
    for (const [slug, parent] of [['news'], ['health', 'news'], ['flu', 'health'], ['sport']]) {
      await addArticle(prisma, { headline: slug!, topic: { slug: slug!, label: slug! } })
      if (parent)
        await prisma.topic.update({ where: { slug }, data: { parent: { connect: { slug: parent } } } })
    }
    await addArticle(prisma, { headline: 'none' })
    const feed = async (licence: object) => {
      const { key } = await addPartner(prisma, { licence }, () => START)
      return (await headlines(app, '/feeds/feed.json', key)).toSorted()
    }
    expect(await feed({})).toEqual(['flu', 'health', 'news', 'none', 'sport'])
    expect(await feed({ topics: ['health'] })).toEqual(['flu', 'health'])
    expect(await feed({ sections: ['news'] })).toEqual(['flu', 'health', 'news'])
    expect(await feed({ topics: ['flu'], sections: ['sport'] })).toEqual([])
    expect(await feed({ topics: ['flu', 'sport'] })).toEqual(['flu', 'sport'])
  })
})

test('a feed is called after the outlet and what it is about, and has a language where all its stories have one', async () => {
  await using gateway = await gatewayAt()
  const { app, prisma } = gateway
  await savePerson(prisma, { slug: 'jane-doe', name: 'Jane Doe' })
  await saveOrganisation(prisma, { slug: 'the-office', name: 'The Office' })
  await addArticle(prisma, {
    language: 'en-GB',
    topic: { slug: 'health', label: 'Health' },
    blocks: [{ kind: 'PARAGRAPH', text: 'Jane Doe works at The Office.' }],
  })
  const about = async (path: string) => {
    const { title, description, language } = JSON.parse((await read(app, `/feeds/${path}feed.json`)).text)
    return [title, description, language]
  }
  const of = (label: string, language: string | undefined = 'en-GB') => [
    `The Outlet: ${label}`,
    `News from The Outlet: ${label}`,
    language,
  ]
  expect(await about('')).toEqual(['The Outlet', 'News from The Outlet', 'en-GB'])
  expect(await about('topic/health/')).toEqual(of('Health'))
  expect(await about('person/jane-doe/')).toEqual(of('Jane Doe'))
  expect(await about('organisation/the-office/')).toEqual(of('The Office'))
  expect(await about('language/EN/')).toEqual(of('en', 'en'))
  expect(await about('language/de/')).toEqual(of('de', 'de'))
  await addArticle(prisma, { language: 'en' })
  expect(await about('')).toEqual(['The Outlet', 'News from The Outlet', undefined])
  const empty = JSON.parse((await read(app, '/feeds/language/de/feed.json')).text)
  expect([empty.items, empty._dateline.date_modified]).toEqual([[], '1970-01-01T00:00:00.000Z'])
})

test('somebody’s feed has the stories whose own text names them, not those of their pictures and bylines', async () => {
  await using gateway = await gatewayAt()
  const { app, prisma } = gateway
  await savePerson(prisma, { slug: 'jane-doe', name: 'Jane Doe' })
  await saveOrganisation(prisma, { slug: 'the-office', name: 'The Office' })
  for (const namedIn of ['ARTICLE', 'CAPTION', 'CREDIT', 'BYLINE'] as const) {
    await addArticle(prisma, {
      headline: namedIn,
      people: [{ person: 'jane-doe', namedIn }],
      organisations: [{ organisation: 'the-office', namedIn }],
    })
  }
  expect(await headlines(app, '/feeds/person/jane-doe/feed.json')).toEqual(['ARTICLE'])
  expect(await headlines(app, '/feeds/organisation/the-office/feed.json')).toEqual(['ARTICLE'])
})
