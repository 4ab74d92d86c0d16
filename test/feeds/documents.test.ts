import { describe, expect, test } from 'vitest'
import { articleHtml, teaserHtml } from '../../src/feeds/html.ts'
import { bodyText, imagesOf, mediaTypeOf } from '../../src/feeds/plain.ts'
import type { LicensedArticle } from '../../src/syndication/licensed-article.ts'
import { feedOf, inEveryFormat } from './every-format.ts'
import { bareStory, picture, wholeStory } from './whole-story.ts'
import { all, parseXml, textOf } from './xml.ts'

// What each format says, to the letter, is in the folder "expected".

const at = (query: string) => `https://gateway.example/feeds/FILE${query}`
const archivePage = feedOf([wholeStory, bareStory()], {
  language: 'en',
  links: {
    home: 'https://gateway.example/feeds/',
    self: at('?before=b'),
    current: at(''),
    older: at('?before=a'),
    hub: 'https://gateway.example/websub',
  },
  removals: [{ id: '0000000c-0000-7000-8000-000000000000', at: new Date('2026-01-02T00:00:00Z') }],
})

const legible = (text: string) => (text.startsWith('<') ? text : JSON.stringify(JSON.parse(text), null, 2))

test.each(['rss.xml', 'atom.xml', 'feed.json', 'ninjs.json', 'news.jsonld', 'news-sitemap.xml'])(
  'a page of an archive with a whole story, a bare one and one that is gone, as %s',
  async (format) => {
    const written = (await inEveryFormat(archivePage)).get(format)!
    await expect(`${legible(written)}\n`).toMatchFileSnapshot(`expected/${format}.txt`)
  },
)

test('a story by itself is what it is in the feed, with what makes it a document', async () => {
  const written = await inEveryFormat(archivePage)
  const read = (name: string) => JSON.parse(written.get(name)!)
  const { associations, standard } = read('ninjs.json')
  const { itemListElement } = read('news.jsonld')
  for (const [i, slug] of ['whole', 'bare'].entries()) {
    const { name, rel, ...item } = associations[i]
    expect([name, rel]).toEqual([slug, 'item'])
    expect(read(`${slug}.ninjs.json`)).toEqual({ ...item, standard })
    expect(read(`${slug}.jsonld`)).toEqual({
      '@context': 'https://schema.org',
      ...itemListElement[i].item,
    })
  }
})

test('the first page says nothing of an archive, and a feed without stories is a feed', async () => {
  const written = await inEveryFormat(feedOf([]))
  for (const format of ['rss.xml', 'atom.xml']) {
    const links = all(parseXml(written.get(format)!), format === 'rss.xml' ? 'atom:link' : 'link')
    const rels = links.flatMap(({ attributes }) => attributes.rel ?? [])
    expect(rels).toEqual(format === 'rss.xml' ? ['self', 'hub'] : ['self', 'alternate', 'hub'])
    expect(written.get(format)).not.toContain('fh:archive')
  }
  expect(JSON.parse(written.get('feed.json')!)).toMatchObject({ items: [], _dateline: { removed: [] } })
  expect(JSON.parse(written.get('feed.json')!)).not.toHaveProperty('next_url')
  expect(JSON.parse(written.get('ninjs.json')!)).toMatchObject({ associations: [] })
  expect(JSON.parse(written.get('ninjs.json')!)).not.toHaveProperty('altIds')
  expect(JSON.parse(written.get('news.jsonld')!)).toMatchObject({ numberOfItems: 0, itemListElement: [] })
  expect(all(parseXml(written.get('news-sitemap.xml')!), 'url')).toEqual([])
})

describe('of a story whose text the audience may not have', () => {
  const teaser = '<p>Standfirst</p>'
  const lines =
    '<p class="correction"><time datetime="2026-01-03T23:59:00.000Z">2026-01-03</time> Clarified</p>\n' +
    '<p class="correction"><time datetime="2026-01-02T12:00:00.000Z">2026-01-02</time> Corrected</p>\n' +
    '<p class="attribution" dir="auto">From us.</p>'
  const html = `<div lang="en-GB" dir="ltr">\n${teaser}\n${lines}\n</div>`
  const story: LicensedArticle = { ...wholeStory, hasFullText: false }

  test('every format has the summary, the corrections and the line that must stand with it', async () => {
    const written = await inEveryFormat(feedOf([story]))
    const item = all(parseXml(written.get('rss.xml')!), 'item')[0]!
    expect([textOf(item, 'description'), textOf(item, 'content:encoded')]).toEqual([html, undefined])
    const entry = all(parseXml(written.get('atom.xml')!), 'entry')[0]!
    expect(textOf(entry, 'content')).toBeUndefined()
    expect(textOf(entry, 'summary')).toBe(
      'Standfirst\n\n2026-01-03 Clarified\n\n2026-01-02 Corrected\n\nFrom us.',
    )
    const [fromJson] = JSON.parse(written.get('feed.json')!).items
    expect(fromJson).toMatchObject({ content_html: html, _dateline: { full_text: false } })
    const ninjs = JSON.parse(written.get('whole.ninjs.json')!)
    expect(ninjs).toMatchObject({ representationType: 'partial', copyrightNotice: 'From us.' })
    expect(ninjs).not.toHaveProperty('bodies')
    expect(JSON.parse(written.get('whole.jsonld')!)).not.toHaveProperty('articleBody')
  })

  test.each<[Partial<LicensedArticle>, string]>([
    [{ standfirst: null }, `<div lang="en-GB" dir="ltr">\n${lines}\n</div>`],
    [{ corrections: [] }, `${html.slice(0, html.indexOf(lines))}${lines.split('\n')[2]}\n</div>`],
    [{ attribution: null }, html.replace(/\n<p class="attribution".*/, '')],
    [{ standfirst: 'A\nB <c>' }, html.replace('Standfirst', 'A<br>B &lt;c&gt;')],
    [{ standfirst: null, corrections: [], attribution: null }, ''],
  ])('with %j the teaser is what is left', (changes, teaser) => {
    expect(teaserHtml({ ...story, ...changes })).toBe(teaser)
  })
})

test.each<[string, string]>([
  ['en', 'ltr'],
  ['ckb', 'rtl'],
  ['he', 'rtl'],
  ['ku-Arab', 'rtl'],
  ['ku', 'ltr'],
])('the text of a story in %s runs %s', (language, direction) => {
  expect(articleHtml(bareStory({ language, standfirst: 'x' }))).toBe(
    `<div lang="${language}" dir="${direction}">\n<p>x</p>\n</div>`,
  )
})

test.each<[number, string]>([
  [1, 'h2'],
  [2, 'h2'],
  [3, 'h3'],
  [4.9, 'h4'],
  [6, 'h6'],
  [7, 'h6'],
])('a heading of level %d is an %s', (level, tag) => {
  const body = [{ kind: 'HEADING' as const, text: 'x', level, mentions: [] }]
  expect(articleHtml(bareStory({ body, hasFullText: true }))).toContain(`<${tag}>x</${tag}>`)
})

describe('a quotation in HTML', () => {
  const nobody = { speaker: null, roleAsPrinted: null, direct: true, via: null, viaOrganisation: null }
  const speaker = wholeStory.people[0]!.entity
  test.each([
    [nobody, ''],
    [{ ...nobody, speaker }, '<footer><cite><bdi>Jane Doe</bdi></cite></footer>'],
    [
      { ...nobody, roleAsPrinted: 'chair', via: 'X' },
      '<footer><cite><bdi>chair</bdi>, <bdi>X</bdi></cite></footer>',
    ],
  ])('%#: names whoever said it and passed it on', (quotation, cite) => {
    const body = [{ kind: 'QUOTATION' as const, text: 'Said', quotation, mentions: [] }]
    expect(articleHtml(bareStory({ body, hasFullText: true }))).toContain(
      `<blockquote><p>Said</p>${cite}</blockquote>`,
    )
  })
})

test('a byline that is the name of an organisation has an author, and any other is a credit', async () => {
  const article = async (byline: string | null) =>
    JSON.parse((await inEveryFormat(feedOf([{ ...wholeStory, byline }]))).get('whole.jsonld')!)
  expect((await article('The Office')).author).toEqual({
    '@type': 'Organization',
    '@id': 'urn:uuid:00000002-0000-7000-8000-000000000000',
    name: 'The Office',
  })
  expect(await article('Our desk')).toMatchObject({ creditText: 'Our desk' })
  expect(await article('Our desk')).not.toHaveProperty('author')
  expect(await article(null)).not.toHaveProperty('creditText')
})

test('a headline of which nothing is left is the slug', async () => {
  const written = await inEveryFormat(feedOf([bareStory({ headline: '\u0001 \ufffe' })]))
  expect(textOf(all(parseXml(written.get('rss.xml')!), 'item')[0]!, 'title')).toBe('bare')
  expect(JSON.parse(written.get('bare.jsonld')!).headline).toBe('bare')
})

test.each([
  ['en-GB', 'en'],
  ['ckb', 'ckb'],
  ['sr-Latn', 'sr'],
  ['zh', 'zh-cn'],
  ['zh-SG', 'zh-cn'],
  ['zh-TW', 'zh-tw'],
  ['zh-Hant-HK', 'zh-tw'],
])('a news sitemap calls %s %s, and leaves out what has no address', async (language, called) => {
  const stories = [bareStory({ language }), bareStory({ url: 'nowhere' })]
  const sitemap = parseXml((await inEveryFormat(feedOf(stories))).get('news-sitemap.xml')!)
  expect(all(sitemap, 'loc').map(({ text }) => text)).toEqual(['https://news.example/bare'])
  expect(textOf(sitemap, 'news:language')).toBe(called)
})

describe('the pictures of a story', () => {
  const [lead, first, second] = ['lead', 'first', 'second'].map((name) =>
    picture({ url: `https://pictures.example/${name}.jpg`, caption: name }),
  )
  const image = (image = first!) => ({ kind: 'IMAGE' as const, image })

  test('come once each, the one at the head first, with the words of their first place', () => {
    const again = { ...lead!, caption: 'again' }
    const body = [image(first), image(again), image(second), image({ ...first!, caption: 'again' })]
    expect(imagesOf(bareStory({ leadImage: lead!, body }))).toEqual([lead, first, second])
    expect(imagesOf(bareStory({ body }))).toEqual([first, again, second])
    expect(imagesOf(bareStory())).toEqual([])
  })

  test.each([
    ['a.avif', 'image/avif'],
    ['a.gif', 'image/gif'],
    ['a.jpeg', 'image/jpeg'],
    ['a.jpg', 'image/jpeg'],
    ['a.PNG', 'image/png'],
    ['a.svg', 'image/svg+xml'],
    ['a.webp', 'image/webp'],
    ['a.webp?w=1.5', 'image/webp'],
    ['a.jpg#x', 'image/jpeg'],
    ['a.tiff', null],
    ['a', null],
    ['jpg', null],
    ['a.jpg/b', null],
    ['a.constructor', null],
  ])('%s is of the type %s', (file, type) => {
    expect(mediaTypeOf(picture({ url: `https://pictures.example/${file}` }))).toBe(type)
  })
})

test('the plain words of a body are those of its texts and posts, and none without a right to them', () => {
  expect(bodyText(wholeStory)).toBe('First\nline\n\nSmall\n\nLarge\n\nSaid\n\nPosted')
  expect(bodyText({ ...wholeStory, hasFullText: false })).toBeNull()
  expect(bodyText(bareStory({ hasFullText: true }))).toBe('')
})
