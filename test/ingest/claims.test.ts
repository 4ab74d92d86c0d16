import { describe, expect, it } from 'vitest'
import type { ArticleDraft } from '../../src/articles/draft.ts'
import { readArticle } from '../../src/ingest/draft.ts'
import { articlePage } from './article-page.ts'

// What a story is taken to be when its page makes several claims, or few.

const now = new Date('2026-11-29T00:00:00Z')
const settings = { now, zones: new Map<string, string>() }
const linked = (...nodes: object[]) =>
  nodes.map((node) => `<script type="application/ld+json">${JSON.stringify(node)}</script>`).join('')
const HEADLINE = 'Ferry line to the islands is reopened'
const article = (rest: object) => linked({ '@type': 'NewsArticle', headline: HEADLINE, ...rest })

function read(options: Parameters<typeof articlePage>[0], address: string | null = null): ArticleDraft {
  const found = readArticle(articlePage(options), address, settings)
  if ('reason' in found) throw new Error(found.message)
  return found.article
}
const refusal = (html: string, address: string | null = null) => {
  const found = readArticle(html, address, settings)
  return 'reason' in found ? found.reason : found.article.headline
}

describe('the lead picture', () => {
  const url = 'https://cdn.example/ferry.jpg'
  const printed = `<figure><img src="${url}" alt="Printed alt"><figcaption>Printed caption (Photo: Ida Shutter/Reuters)</figcaption></figure>`
  const image = { url, caption: 'Stated caption', creditText: 'Omar Lens / AFP' }

  it('has the words that are printed with it, before those that linked data states', () => {
    expect(read({ head: article({ image }), body: printed }).leadImage).toEqual({
      url,
      alt: 'Printed alt',
      caption: 'Printed caption',
      credit: 'Ida Shutter/Reuters',
      photographer: 'Ida Shutter',
      agency: 'Reuters',
    })
  })

  it('has the words of linked data where none are printed', () => {
    expect(read({ head: article({ image }) }).leadImage).toEqual({
      url,
      caption: 'Stated caption',
      credit: 'Omar Lens / AFP',
      photographer: 'Omar Lens',
      agency: 'AFP',
    })
  })

  const og = '<meta property="og:image" content="/og.jpg"><meta property="og:image:alt" content="Open Graph">'
  it.each<[string, object, object | undefined]>([
    ['linked data', { image: '/a.jpg' }, { url: 'https://gazette.example/a.jpg' }],
    ['the first of several', { image: ['/a.jpg', '/b.jpg'] }, { url: 'https://gazette.example/a.jpg' }],
    [
      'the first that has an address',
      { image: [{ caption: 'x' }, { contentUrl: '/b.jpg' }] },
      { url: 'https://gazette.example/b.jpg' },
    ],
    [
      'the address of a node',
      { image: { '@id': 'https://cdn.example/c.jpg', width: 3 } },
      { url: 'https://cdn.example/c.jpg' },
    ],
    ['a thumbnail', { thumbnailUrl: '/t.jpg' }, { url: 'https://gazette.example/t.jpg' }],
    ['Open Graph', {}, { url: 'https://gazette.example/og.jpg', alt: 'Open Graph' }],
  ])('is that of %s', (_, properties, leadImage) => {
    expect(read({ head: og + article(properties) }).leadImage).toEqual(leadImage)
  })

  it('has the alternative text that is printed, before that of Open Graph, and there may be none', () => {
    const body = '<figure><img src="https://gazette.example/og.jpg" alt="Printed"></figure>'
    expect(read({ head: og, body }).leadImage?.alt).toBe('Printed')
    expect(read({}).leadImage).toBeUndefined()
  })
})

describe('the node of linked data that is the story’s', () => {
  const other = {
    '@type': 'NewsArticle',
    headline: 'Something else altogether',
    datePublished: '2026-01-01',
    description: 'Of others there is much more to be told.',
  }
  const own = {
    '@type': 'NewsArticle',
    headline: HEADLINE,
    description: 'Of the ferry there is much to be told.',
  }
  const told = (...nodes: object[]) =>
    read({ head: linked(...nodes) }, 'https://gazette.example/news/ferry-line-to-the-islands-is-reopened')
      .standfirst

  it('is the one with the headline of the page, wherever it stands', () => {
    expect(told(other, own)).toBe(own.description)
    expect(told(own, other)).toBe(own.description)
  })

  it('is the one with the address of the page, whatever its headline', () => {
    const addressed = {
      ...other,
      mainEntityOfPage: { '@id': 'https://gazette.example/news/ferry-line-to-the-islands-is-reopened#main' },
    }
    expect(told({ ...own, headline: 'Third' }, addressed)).toBe(other.description)
    expect(told(own, { ...addressed, '@type': 'WebPage' })).toBe(own.description)
  })

  it('is the one that says most, when neither is the page’s', () => {
    const third = {
      '@type': 'Report',
      headline: 'A third one',
      description: 'The third has little to tell of itself.',
    }
    expect(told(third, other)).toBe(other.description)
    const bodied = { ...third, articleBody: 'x', datePublished: '2026-01-01' }
    expect(told(other, bodied)).toBe(third.description)
  })
})

describe('when it was published', () => {
  const day = (date: string) => `${date}T00:00:00.000Z`
  const meta = '<meta property="article:published_time" content="2026-02-02">'
  const changed = '<meta property="article:modified_time" content="2026-02-05">'
  const at = (name: string) => `https://gazette.example/2026/02/04/${name}`
  it.each<[string, Parameters<typeof articlePage>[0], string]>([
    ['linked data', { head: article({ datePublished: '2026-02-01' }), published: meta }, '2026-02-01'],
    [
      'meta tags, before other dates of linked data',
      { head: article({ dateCreated: '2026-02-01' }), published: meta },
      '2026-02-02',
    ],
    [
      'when it was created',
      { head: article({ dateCreated: '2026-02-03' }), published: '', url: at('a-ferry-line') },
      '2026-02-03',
    ],
    ['when it was uploaded', { head: article({ uploadDate: '2026-02-03' }), published: '' }, '2026-02-03'],
    [
      'the address, before changes',
      { head: article({ dateModified: '2026-02-05' }), published: '', url: at('a-ferry-line') },
      '2026-02-04',
    ],
    ['when it was changed', { head: article({ dateModified: '2026-02-05' }), published: '' }, '2026-02-05'],
    ['when meta tags say that it was changed', { published: changed }, '2026-02-05'],
    ['what the page prints', { published: '', body: '<p class="date">6 February 2026</p>' }, '2026-02-06'],
  ])('is told by %s', (_, options, date) => {
    expect(read(options).publishedAt.toISOString()).toBe(day(date))
  })

  it('comes before it was changed', () => {
    const of = (published: string, modified: string) => {
      const { publishedAt, updatedAt } = read({
        head: article({ datePublished: published, dateModified: modified }),
        published: '',
      })
      return [publishedAt.toISOString(), updatedAt?.toISOString()]
    }
    expect(of('2026-02-01', '2026-02-03')).toEqual([day('2026-02-01'), day('2026-02-03')])
    expect(of('2026-02-03', '2026-02-01')).toEqual([day('2026-02-03'), day('2026-02-03')])
    expect(read({ head: article({ dateModified: '2026-02-06' }) + changed }).updatedAt?.toISOString()).toBe(
      day('2026-02-06'),
    )
  })
})

describe('who wrote it', () => {
  const byline = (options: Parameters<typeof articlePage>[0]) => read(options).byline
  const meta = '<meta name="author" content="Jon Berg">'
  it.each<[string, Parameters<typeof articlePage>[0], string | undefined]>([
    [
      'linked data, before meta tags',
      { head: meta + article({ author: { '@type': 'Person', name: 'Ida Holm' } }) },
      'Ida Holm',
    ],
    [
      'meta tags, before what is printed',
      { head: meta, body: '<p class="byline">By Ida Holm</p>' },
      'Jon Berg',
    ],
    ['what is printed', { body: '<p class="byline">By Ida Holm</p>' }, 'Ida Holm'],
    ['several', { head: article({ author: ['Ida Holm', 'Jon Berg'] }) }, 'Ida Holm, Jon Berg'],
    [
      'none that is the publisher',
      {
        head: article({ author: ['Ida Holm', 'The Harbour Post'], publisher: { name: 'The Harbour Post' } }),
      },
      'Ida Holm',
    ],
    [
      'none that is the site',
      { head: `<meta property="og:site_name" content="Post">${article({ author: 'POST' })}` },
      undefined,
    ],
    ['none that is the site’s address', { head: article({ author: 'gazette.example' }) }, undefined],
    ['none that is a part of it', { head: article({ author: 'Gazette' }) }, undefined],
    ['nobody', {}, undefined],
  ])('is told by %s', (_, options, names) => {
    expect(byline(options)).toBe(names)
  })
})

describe('what it is filed under', () => {
  it.each([
    ['World', { slug: 'world', label: 'World' }],
    ['World, Europe', { slug: 'world', label: 'World' }],
    ['World &gt; Europe', { slug: 'world', label: 'World' }],
    ['Art &amp;amp; Life', { slug: 'art-life', label: 'Art & Life' }],
    ['文化', { slug: 'topic-', label: '文化' }],
    ['Uncategorized', undefined],
    ['uncategorised', undefined],
    ['2024', undefined],
    ['x'.repeat(60), { slug: 'x'.repeat(60), label: 'x'.repeat(60) }],
    ['x'.repeat(61), undefined],
  ])('"%s" is %j', (section, topic) => {
    const { topic: filed } = read({ head: `<meta property="article:section" content="${section}">` })
    expect(filed && { ...filed, slug: filed.slug.replace(/^topic-[0-9a-f]{8}$/, 'topic-') }).toEqual(topic)
  })

  it('is the section of linked data, before that of meta tags', () => {
    const head = `<meta property="article:section" content="World">${article({ articleSection: ['Sport', 'Sea'] })}`
    expect(read({ head }).topic).toEqual({ slug: 'sport', label: 'Sport' })
  })
})

it('place and language are told by linked data first', () => {
  expect(read({ head: article({ dateline: ' <b>ERBIL</b> ', inLanguage: 'en-GB' }) })).toMatchObject({
    dateline: { text: 'ERBIL' },
    language: 'en-GB',
  })
  expect(
    read({ head: article({ inLanguage: { '@type': 'Language', name: 'English', alternateName: 'en-US' } }) })
      .language,
  ).toBe('en-US')
  expect(read({ head: article({ inLanguage: { name: 'English' } }), lang: 'en-ZA' }).language).toBe('en')
  expect(read({ lang: 'en-ZA' })).not.toHaveProperty('dateline')
})

describe('a page is no story', () => {
  const bare = (text: string, head = '', headline = HEADLINE) =>
    `<html lang="en"><head><title>${headline}</title><link rel="canonical" href="https://gazette.example/news/ferry-line-to-the-islands"><meta name="date" content="2026-02-03">${head}</head><body><main><article><h1>${headline}</h1><p>${text}</p></article></main></body></html>`
  const article = '<meta property="og:type" content="article">'

  it.each([
    ['of 80 letters that says it is one', bare('x'.repeat(80), article), HEADLINE],
    ['of fewer', bare('x'.repeat(79), article), 'NOT_AN_ARTICLE'],
    ['of 250 letters that says nothing', bare('x'.repeat(250)), HEADLINE],
    ['of fewer that says nothing', bare('x'.repeat(249)), 'NOT_AN_ARTICLE'],
    ['of 27 letters of Chinese', bare('渡'.repeat(27), article), HEADLINE],
    ['of fewer of Chinese', bare('渡'.repeat(26), article), 'NOT_AN_ARTICLE'],
    ['of fewer behind a paywall', bare('x'.repeat(79), `${article}<div id="the-paywall"></div>`), 'PAYWALL'],
    [
      'of fewer that is not free',
      bare('x', linked({ '@type': 'NewsArticle', headline: HEADLINE, isAccessibleForFree: false })),
      'PAYWALL',
    ],
    [
      'of fewer that is not free, in words',
      bare('x', linked({ '@type': 'NewsArticle', headline: HEADLINE, isAccessibleForFree: 'False' })),
      'PAYWALL',
    ],
    [
      'that asks for consent',
      bare('x'.repeat(2_999), article, 'Before you continue to the Gazette'),
      'CONSENT',
    ],
    [
      'that is long and about consent',
      bare('x'.repeat(3_000), article, 'Before you continue to the Gazette'),
      'Before you continue to the Gazette',
    ],
  ])('when it has text %s', (_, html, outcome) => {
    expect(refusal(html)).toBe(outcome)
  })

  it.each([
    ['https://consent.gazette.example/a-ferry-line', 'CONSENT'],
    ['https://myprivacy.gazette.example/a-ferry-line', 'CONSENT'],
    ['https://gazette.example/', 'FRONT_PAGE'],
    ['https://gazette.example/en/', 'FRONT_PAGE'],
    ['https://gazette.example/?p=123', HEADLINE],
  ])('at %s', (url, outcome) => {
    expect(refusal(articlePage({ url, head: '<meta property="og:type" content="website">' }))).toBe(outcome)
  })

  it('without a headline, or without a date', () => {
    const nameless = articlePage().replaceAll(HEADLINE, '')
    expect(refusal(nameless)).toBe('NO_HEADLINE')
    expect(refusal(articlePage({ published: '' }))).toBe('NO_DATE')
    expect(refusal(articlePage({ published: '' }).replace('content="article"', 'content="website"'))).toBe(
      'NOT_AN_ARTICLE',
    )
    expect(refusal(articlePage({ url: null }))).toBe('NO_ADDRESS')
  })
})
