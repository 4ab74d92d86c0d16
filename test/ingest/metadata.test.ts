import { describe, expect, it } from 'vitest'
import { readDate } from '../../src/ingest/dates.ts'
import { parseDocument } from '../../src/ingest/dom.ts'
import { readMetadata } from '../../src/ingest/metadata.ts'

const documentOf = (body: string, head = '', lang = '') =>
  parseDocument(`<html${lang && ` lang="${lang}"`}><head>${head}</head><body>${body}</body></html>`)
const read = (head: string, body = '', lang = '') => readMetadata(documentOf(body, head, lang), readDate)
const meta = (name: string, content: string, key = 'property') =>
  `<meta ${key}="${name}" content="${content}">`

describe('meta tags', () => {
  it.each<[string, keyof ReturnType<typeof read>, unknown]>([
    [meta('og:title', 'A') + meta('twitter:title', 'B'), 'headline', 'A'],
    [meta('twitter:title', 'B', 'name'), 'headline', 'B'],
    [meta('DC.Title', 'C', 'name'), 'headline', 'C'],
    [meta('headline', 'D', 'itemprop'), 'headline', 'D'],
    [meta('og:title', ' ') + meta('twitter:title', 'B'), 'headline', 'B'],
    [meta('og:title', 'A &amp;amp; B'), 'headline', 'A & B'],
    ['<title> A \n B </title>', 'title', 'A B'],
    ['<title> </title>', 'title', undefined],
    [meta('description', 'A', 'name') + meta('og:description', 'B'), 'standfirst', 'B'],
    [meta('og:site_name', 'The Gazette'), 'siteName', 'The Gazette'],
    [meta('application-name', 'The Gazette', 'name'), 'siteName', 'The Gazette'],
    [meta('og:type', 'article'), 'type', 'article'],
    [meta('article:section', 'World'), 'section', 'World'],
    [meta('parsely-section', 'World', 'name'), 'section', 'World'],
    [
      meta('article:author', 'Ida') +
        meta('author', 'Jon', 'name') +
        meta('author', 'Ada', 'name') +
        meta('parsely-author', 'Nils', 'name'),
      'authors',
      ['Ida', 'Jon', 'Ada', 'Nils'],
    ],
    [meta('og:image', '/a.jpg') + meta('og:image:alt', 'A'), 'image', { url: '/a.jpg', alt: 'A' }],
    [
      meta('og:image', '/a.jpg') + meta('og:image:secure_url', '/b.jpg'),
      'image',
      { url: '/b.jpg', alt: undefined },
    ],
    [
      meta('twitter:image:src', '/c.jpg', 'name') + meta('twitter:image:alt', 'C', 'name'),
      'image',
      { url: '/c.jpg', alt: 'C' },
    ],
    ['', 'image', undefined],
  ])('%s gives %s', (head, property, value) => {
    expect(read(head)[property]).toEqual(value)
  })

  it('give languages in the order of trust', () => {
    const head = meta('content-language', 'fr', 'http-equiv') + meta('og:locale', 'de_DE')
    expect(read(head, '', 'en').languages).toEqual(['en', 'de_DE', 'fr'])
    expect(read(meta('inLanguage', 'ckb', 'itemprop')).languages).toEqual(['ckb'])
  })

  it('inside a comment or another story are not about the page, those inside the story are', () => {
    const inside = (type: string) =>
      read(
        '',
        `<div itemscope itemtype="https://schema.org/${type}">${meta('headline', 'A', 'itemprop')}</div>`,
      ).headline
    for (const type of ['NewsArticle', 'Report', 'BlogPosting', 'WebPage'])
      expect([type, inside(type)]).toEqual([type, 'A'])
    for (const type of ['Comment', 'ItemList', 'ImageObject'])
      expect([type, inside(type)]).toEqual([type, undefined])
  })

  it('of one name are at most 200, of 5,000 characters', () => {
    const { authors } = read(Array.from({ length: 201 }, (_, i) => meta('author', `Ida ${i}`)).join(''))
    expect(authors).toHaveLength(200)
    expect(read(meta('author', 'x'.repeat(5_001))).authors[0]).toHaveLength(5_000)
  })
})

describe('dates', () => {
  const names =
    'article:published_time article:published:time og:article:published_time og:published_time datepublished parsely-pub-date article.published pubdate publishdate publish-date publish_date publication_date publicationdate published_time published-date date.issued dc.date.issued dcterms.created dc.date dc.date.created cxenseparse:recs:publishtime cxenseparse:publishtime sailthru.date article_date_original originalpublicationdate displaydate vr:published_time iso-8601-publish-date rnews:datepublished bt:pubdate date'
  it.each(names.split(' '))('in "%s" are of the publication', (name) => {
    const { published, modified } = read(meta(name, '2026-02-03'))
    expect([published, modified]).toEqual([new Date('2026-02-03T00:00:00Z'), undefined])
  })
  const changes =
    'article:modified_time og:updated_time og:modified_time datemodified last-modified lastmod dcterms.modified dc.date.modified article.updated'
  it.each(changes.split(' '))('in "%s" are of the last change', (name) => {
    const { published, modified } = read(meta(name, '2026-02-03'))
    expect([published, modified]).toEqual([undefined, new Date('2026-02-03T00:00:00Z')])
  })

  it.each([
    ['the first that is one', `${meta('article:published_time', 'x')}${meta('date', '2026-02-03')}`, ''],
    [
      'a property of the story',
      '',
      '<b itemprop="dateCreated datePublished" datetime="2026-02-03">1.1.2020</b>',
    ],
    ['its words', '', '<b itemprop="datePublished">3.2.2026</b>'],
    ['its content', '', '<b itemprop="datePublished" content="2026-02-03">1.1.2020</b>'],
    [
      'a time of publication, before others',
      '',
      '<article><time>1.1.2020</time></article><time pubdate datetime="2026-02-03"></time>',
    ],
    [
      'a time in the article, before others',
      '',
      '<time>1.1.2020</time><article><time>3.2.2026</time></article>',
    ],
    ['a time in the main part', '', '<time>1.1.2020</time><main><time>3.2.2026</time></main>'],
    ['a time in the header', '', '<time>1.1.2020</time><header><time>3.2.2026</time></header>'],
    ['any time', '', '<p><time>x</time><time>3.2.2026</time></p>'],
    ['no time in a menu', '', '<nav><time>1.1.2020</time></nav><time>3.2.2026</time>'],
    [
      'no property of a comment',
      '',
      '<p itemtype="https://schema.org/Comment"><b itemprop="datePublished">1.1.2020</b></p><time>3.2.2026</time>',
    ],
  ])('are %s', (_, head, body) => {
    expect(read(head, body).published).toEqual(new Date('2026-02-03T00:00:00Z'))
  })

  it('of a change are never those of any time', () => {
    expect(read('', '<time>3.2.2026</time>').modified).toBeUndefined()
    expect(read('', '<b itemprop="dateModified">3.2.2026</b>').modified).toEqual(
      new Date('2026-02-03T00:00:00Z'),
    )
  })
})

it('headings are told likeliest first, each once, of 8 letters to 399, at most twenty', () => {
  const body =
    '<h1>A heading of the page</h1><main><h1>A heading of the main part</h1><article><h1>A heading of the story</h1></article></main><p itemprop="headline">A headline by its property</p><h1>A heading of the page</h1>'
  expect(read(meta('headline', 'In a meta tag', 'itemprop'), body).headings).toEqual([
    'A headline by its property',
    'A heading of the story',
    'A heading of the main part',
    'A heading of the page',
  ])
  const lengths = (...counts: number[]) =>
    read('', counts.map((count) => `<h1>${'x'.repeat(count)}</h1>`).join('')).headings.map(
      ({ length }) => length,
    )
  expect(lengths(7, 8, 399, 400)).toEqual([8, 399])
  expect(
    read('', Array.from({ length: 21 }, (_, i) => `<h1>Heading number ${i}</h1>`).join('')).headings,
  ).toHaveLength(20)
  expect(
    read('', '<div itemtype="https://schema.org/ItemList"><h1>A list of others</h1></div>').headings,
  ).toEqual([])
})
