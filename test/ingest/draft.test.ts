import { describe, expect, it } from 'vitest'
import type { BlockDraft } from '../../src/articles/draft.ts'
import { decodePage } from '../../src/ingest/decode-page.ts'
import { type ReadArticle, readArticle } from '../../src/ingest/draft.ts'
import type { Unreadable } from '../../src/ingest/unreadable.ts'
import { page } from './server.ts'

async function readPage(name: string, address: string | null = null): Promise<ReadArticle> {
  const read = readArticle(await page(name), address)
  if ('reason' in read) throw new Error(read.message)
  return read
}

async function refusal(name: string, address: string | null = null): Promise<Unreadable> {
  const read = readArticle(await page(name), address)
  if (!('reason' in read)) throw new Error(`Read as "${read.article.headline}".`)
  return read
}

/** A text in the old Arabic encoding of Windows, which Node can read but not write. */
function windows1256(text: string): Uint8Array {
  const letters = [
    ...new TextDecoder('windows-1256').decode(Uint8Array.from({ length: 256 }, (_, byte) => byte)),
  ]
  return Uint8Array.from([...text].map((letter) => letters.indexOf(letter)))
}

describe('a page with a graph of linked data', () => {
  it('gives headline, standfirst, dates with their zone, language, section and a clean address', async () => {
    const { article } = await readPage('graph.html')
    expect(article).toMatchObject({
      slug: 'river-towns-count-the-cost',
      canonicalUrl: 'https://courier.example/world/river-towns-count-the-cost?id=7',
      language: 'en-GB',
      headline: 'River towns count the cost after the flood',
      standfirst: 'Three towns begin to clear the mud, and ask who will pay for it.',
      byline: 'Ines Ferryman',
      topic: { slug: 'world', label: 'World' },
      publishedAt: new Date('2025-03-04T04:30:00Z'),
      updatedAt: new Date('2025-03-04T06:00:00Z'),
    })
  })

  it('gives the lead image with caption, photographer and agency, once', async () => {
    const { article } = await readPage('graph.html')
    expect(article.leadImage).toEqual({
      url: 'https://courier.example/img/flood-1200x800.jpg',
      alt: 'Mud in a narrow street',
      caption: 'A street in the lower town on Monday',
      credit: 'Omar Lens / AFP',
      photographer: 'Omar Lens',
      agency: 'AFP',
    })
    expect(article.blocks.filter(({ kind }) => kind === 'IMAGE')).toEqual([])
  })

  it('gives typed blocks in reading order, without the page’s furniture', async () => {
    const { article } = await readPage('graph.html')
    const start = (block: BlockDraft) => ('text' in block ? block.text.split(' ', 3).join(' ') : '')
    expect(article.blocks.map((block) => `${block.kind} ${start(block)}`)).toEqual([
      'PARAGRAPH The water has',
      'PARAGRAPH The River Authority,',
      'HEADING Who pays',
      'PARAGRAPH Lena Mayor, who',
      'QUOTATION Nobody here is',
      'EMBED ',
      'PARAGRAPH The water has',
      'PARAGRAPH A second wave',
      'PARAGRAPH Schools stay closed',
    ])
    expect(article.blocks.find(({ kind }) => kind === 'EMBED')).toEqual({
      kind: 'EMBED',
      embed: {
        provider: 'X',
        url: 'https://twitter.com/riva_example/status/1896000000000000001',
        authorName: 'River Authority',
        handle: '@riva_example',
        text: 'All gauges are being replaced this week. Thank you for your patience.',
        postedAt: new Date('2025-03-03T00:00:00Z'),
      },
    })
  })

  it('creates only people and organisations that it types, never the outlet or a keyword', async () => {
    const { people, organisations, article } = await readPage('graph.html')
    expect(people.map(({ name }) => name)).toEqual(['Lena Mayor', 'Ines Ferryman'])
    expect(organisations).toEqual([
      {
        slug: 'river-authority',
        name: 'River Authority',
        names: [{ text: 'RIVA', kind: 'ACRONYM', script: 'Latn' }],
        externalIds: { wikidata: 'Q4242424242' },
      },
    ])
    expect(article.people).toEqual([
      { person: 'lena-mayor', namedIn: 'ARTICLE' },
      { person: 'ines-ferryman', namedIn: 'BYLINE', rolesAsPrinted: ['River correspondent'] },
    ])
  })
})

describe('other shapes of linked data', () => {
  it('a list, an author in words, a picture in words and a date without a zone', async () => {
    const { article, people } = await readPage('array.html')
    expect(article).toMatchObject({
      canonicalUrl: 'https://post.example/2024/05/harbour-strike-ends',
      language: 'en',
      headline: 'Harbour strike ends after nine days',
      byline: 'Tom Dock, Ria Quay',
      publishedAt: new Date('2024-05-06T18:20:00Z'),
      leadImage: { url: 'https://post.example/cranes.jpg' },
    })
    expect(people).toEqual([])
  })

  it('a body in one line is taken in the page’s own paragraphs', async () => {
    const { article } = await readPage('array.html')
    expect(article.blocks.map((block) => 'text' in block && block.text.split(' ', 2).join(' '))).toEqual([
      'Cranes moved',
      'The last',
      'Both sides',
    ])
  })

  it('wrappers, comments, raw line breaks, wrong escapes and trailing commas are mended', async () => {
    const { article, people, organisations } = await readPage('malformed.html')
    expect(article).toMatchObject({
      headline: 'Observatory opens its dome to the town',
      standfirst: "It's the first time in forty years, and entry is free & open.",
      publishedAt: new Date('2023-11-02T10:00:00Z'),
    })
    expect(people.map(({ name }) => name)).toEqual(['Nora Sky'])
    expect(organisations.map(({ name }) => name)).toEqual(['Reuters'])
  })

  it('quotes written as entities, and seconds since 1970', async () => {
    const { article } = await readPage('entities.html')
    expect(article).toMatchObject({
      headline: 'Baker wins the prize',
      publishedAt: new Date(1_700_000_000_000),
    })
  })
})

describe('pages in other languages', () => {
  it('Arabic in windows-1256, dated in words and Arabic digits', async () => {
    const html = decodePage(windows1256(await page('arabic.html')))
    const read = readArticle(html, null) as ReadArticle
    expect(read.article).toMatchObject({
      slug: 'afttah-mktbh-jdydh-fy-almdynh-alqdymh',
      language: 'ar',
      headline: 'افتتاح مكتبة جديدة في المدينة القديمة',
      topic: { label: 'ثقافة' },
      publishedAt: new Date('2024-03-05T14:30:00Z'),
    })
    expect(read.article.blocks).toHaveLength(3)
  })

  it('Sorani that calls itself Kurdish, with its joiners kept', async () => {
    const { article, organisations } = await readPage('sorani.html')
    expect(article).toMatchObject({ language: 'ckb', publishedAt: new Date('2024-04-10T06:15:00Z') })
    expect(article.byline).toBeUndefined()
    expect(article.blocks.at(-1)).toMatchObject({ text: expect.stringContaining('به‌پێی') })
    expect(organisations.map(({ name }) => name)).toEqual(['شارەوانیی هەولێر'])
  })

  it('Turkish without linked data, with a caption that holds the credit', async () => {
    const { article } = await readPage(
      'turkish.html',
      'https://ornek.example/yerel/iskelede-sabah-123.html?fbclid=x',
    )
    expect(article).toMatchObject({
      slug: 'iskelede-sabah-balikcilar-yeni-tekneleri-denedi',
      canonicalUrl: 'https://ornek.example/yerel/iskelede-sabah-123.html',
      language: 'tr',
      headline: 'İskelede sabah: balıkçılar yeni tekneleri denedi',
      standfirst: 'Küçük limanda altı tekne, ilk kez elektrikli motorla denize açıldı.',
      publishedAt: new Date('2024-09-12T05:05:00Z'),
      leadImage: {
        url: 'https://ornek.example/foto/iskele.jpg',
        caption: 'İskelede bir sabah.',
        photographer: 'Ayşe Deniz',
        agency: 'Anadolu',
      },
    })
    expect(article.blocks.map(({ kind }) => kind)).toEqual(['PARAGRAPH', 'PARAGRAPH', 'PARAGRAPH'])
  })
})

describe('a page that is no story', () => {
  it.each([
    ['front.html', 'FRONT_PAGE'],
    ['section.html', 'NOT_AN_ARTICLE'],
    ['paywall.html', 'PAYWALL'],
    ['consent.html', 'CONSENT'],
  ])('%s is refused as %s', async (name, reason) => {
    expect(await refusal(name)).toMatchObject({ reason })
  })

  it('without any address is refused as such', async () => {
    expect(await refusal('turkish.html')).toMatchObject({ reason: 'NO_ADDRESS' })
  })
})

it('nothing of the page’s markup reaches the story', async () => {
  const html = (await page('graph.html')).replace(
    'Schools stay closed',
    'Schools <b onclick="x()">stay</b> <script>steal()</script>&lt;i&gt;closed&lt;/i&gt;\u200b\u202e\u0007',
  )
  const { article } = readArticle(html, null) as ReadArticle
  const last = article.blocks.at(-1)
  expect(last).toMatchObject({ text: expect.stringMatching(/^Schools stay <i>closed<\/i> until Thursday/) })
  expect(JSON.stringify(article)).not.toMatch(/onclick|steal|\\u0007|\u202e|\u200b/)
})
