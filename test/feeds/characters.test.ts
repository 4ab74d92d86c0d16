import fc from 'fast-check'
import { parseHTML } from 'linkedom'
import { expect, test } from 'vitest'
import { inXmlCharacters } from '../../src/feeds/characters.ts'
import type { LicensedArticle } from '../../src/syndication/licensed-article.ts'
import { everyText } from '../support/texts.ts'
import { feedOf, inEveryFormat } from './every-format.ts'
import { all, parseXml, textOf } from './xml.ts'

const awkward = fc.constantFrom(
  ']]>',
  '<![CDATA[',
  '>\n  <![CDATA[x]]>\n',
  '&apos;',
  '&amp;',
  '&#0;',
  '&',
  '<script>alert(1)</script>',
  '</title>',
  '<!--',
  '-->',
  '"',
  "'",
  '\0',
  '\u0001',
  '\ud800',
  '\uffff',
  '\u{1fffe}',
  '\u0085',
  '\r\n',
  '\n',
  'هەولێر (Erbil)',
  '\u202e',
  'https://a.example/?b=1&c="2"',
)

/** Text that a reporter would never write and a clipboard would. */
const text = fc
  .array(fc.oneof(awkward, awkward, fc.string({ unit: 'binary', maxLength: 6 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => `x${parts.join('')}x`)

const story: fc.Arbitrary<LicensedArticle> = fc
  .record({
    headline: text,
    standfirst: text,
    words: text,
    said: text,
    caption: text,
    byline: text,
    attribution: text,
  })
  .map(({ headline, standfirst, words, said, caption, byline, attribution }) => ({
    id: '0000000f-0000-7000-8000-000000000000',
    slug: 'a-story',
    url: 'https://news.example/a-story?a=1&b=2',
    language: 'ckb',
    version: 1,
    ...everyText(() => words),
    headline,
    standfirst,
    dateline: { text: words, place: null, region: null },
    byline,
    topic: { slug: 'news', label: words, path: ['news'] },
    publishedAt: new Date('2026-01-01T00:00:00Z'),
    updatedAt: new Date('2026-01-01T00:00:00Z'),
    corrections: [{ kind: 'CORRECTION', text: words, version: 1, at: new Date('2026-01-01T00:00:00Z') }],
    leadImage: {
      url: `https://pictures.example/a.jpg?${encodeURIComponent(inXmlCharacters(caption))}`,
      alt: caption,
      caption,
      photographer: byline,
      agency: byline,
      credit: byline,
      usageTerms: words,
    },
    body: [
      { kind: 'PARAGRAPH', text: words, mentions: [] },
      { kind: 'HEADING', text: words, level: 2, mentions: [] },
      {
        kind: 'QUOTATION',
        text: said,
        mentions: [],
        quotation: { speaker: null, roleAsPrinted: words, direct: true, via: words, viaOrganisation: null },
      },
      {
        kind: 'EMBED',
        embed: {
          provider: words,
          url: 'https://posts.example/?a=1&b=2',
          authorName: byline,
          handle: byline,
          text: said,
          postedAt: null,
        },
      },
    ],
    people: [
      {
        entity: { kind: 'PERSON', id: '00000001-0000-7000-8000-000000000000', slug: 'p', name: byline },
        namedIn: 'ARTICLE',
        rolesAsPrinted: [words],
      },
    ],
    organisations: [],
    attribution,
    hasFullText: true,
  }))

/** What must come back: the text in characters that XML has, without space round it. */
const clean = (value: string | null) => inXmlCharacters(value ?? '').trim()

test('an address that browsers take, and schemas do not, is written as a URI', async () => {
  const url = 'https://pictures.example/تصویر 1|[2]^100%.jpg?a={b}&c="d"#é'
  const [original] = fc.sample(story, 1)
  const written = await inEveryFormat(
    feedOf([{ ...original!, url, leadImage: { ...original!.leadImage!, url } }]),
  )
  const { associations } = JSON.parse(written.get('a-story.ninjs.json')!)
  expect(associations[0].uri).toMatch(/^https:\/\/pictures\.example\/[\w%.~!$&'()*+,;=:@/?#-]+$/)
  expect(new URL(associations[0].uri).pathname).toContain('1%7C%5B2%5D%5E100%25.jpg')
  expect(textOf(parseXml(written.get('rss.xml')!), 'item')).toBeDefined()
  for (const text of written.values()) expect(text).not.toContain('1|[2]')
})

test('whatever is in a story, every format can be read, and gives its words back', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (original) => {
      const written = await inEveryFormat(feedOf([original], { title: original.headline }))
      const { headline, standfirst, byline, attribution } = original
      for (const [format, text] of written) expect([format, text.isWellFormed()]).toEqual([format, true])

      const rss = parseXml(written.get('rss.xml')!)
      const item = all(rss, 'item')[0]!
      expect(textOf(item, 'title')).toBe(clean(headline))
      expect(textOf(item, 'dc:creator')).toBe(clean(byline))
      expect(textOf(item, 'media:description')).toBe(clean(original.leadImage!.caption))
      expectBody(textOf(item, 'content:encoded')!, original)

      const atom = parseXml(written.get('atom.xml')!)
      const entry = all(atom, 'entry')[0]!
      expect(textOf(entry, 'title')).toBe(clean(headline))
      expect(textOf(entry, 'summary')).toBe(clean(standfirst))
      expect(textOf(entry, 'rights')).toBe(clean(attribution))
      expectBody(textOf(entry, 'content')!, original)

      const [fromJson] = JSON.parse(written.get('feed.json')!).items
      expect(fromJson.title).toBe(inXmlCharacters(headline))
      expectBody(fromJson.content_html, original)

      const [fromNinjs] = JSON.parse(written.get('ninjs.json')!).associations
      expect(fromNinjs.headlines[0].value).toBe(inXmlCharacters(headline))
      const [fromList] = JSON.parse(written.get('news.jsonld')!).itemListElement
      expect(fromList.item.headline).toBe(inXmlCharacters(headline))

      const sitemap = parseXml(written.get('news-sitemap.xml')!)
      expect(textOf(sitemap, 'news:title')).toBe(inXmlCharacters(headline))
    }),
    { numRuns: 300 },
  )
})

function expectBody(html: string, { body, attribution }: LicensedArticle): void {
  const { document } = parseHTML(`<!doctype html><html><body>${html}</body></html>`)
  expect(document.querySelector('script')).toBeNull()
  const outer = document.body.firstElementChild!
  expect([outer.getAttribute('lang'), outer.getAttribute('dir')]).toEqual(['ckb', 'rtl'])
  for (const broken of document.querySelectorAll('br')) broken.replaceWith('\n')
  const [paragraph, , quotation] = body as Extract<(typeof body)[number], { text: string }>[]
  const paragraphs = [...outer.querySelectorAll('p')].map((each) => each.textContent)
  expect(paragraphs).toContain(inXmlCharacters(paragraph!.text))
  expect(outer.querySelector('blockquote p')!.textContent).toBe(inXmlCharacters(quotation!.text))
  expect(paragraphs.at(-1)).toBe(inXmlCharacters(attribution!))
}
