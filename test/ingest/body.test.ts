import { describe, expect, it } from 'vitest'
import type { BlockDraft } from '../../src/articles/draft.ts'
import { blocksOf, placedBlocksOf } from '../../src/ingest/blocks.ts'
import { readBody } from '../../src/ingest/body.ts'
import { type PageElement, parseDocument } from '../../src/ingest/dom.ts'
import { completed } from '../../src/ingest/prose.ts'

const body = (html: string): PageElement => parseDocument(`<html><body>${html}</body></html>`).body!
const read = (html: string) => blocksOf(body(html), { address: 'https://a.example/x', embeds: [] })
const short = (block: BlockDraft) =>
  `${block.kind[0]}${block.kind === 'HEADING' ? block.level : ''} ${'text' in block ? block.text : block.kind === 'IMAGE' ? block.image.url : ''}`

describe('the blocks of an element', () => {
  it.each<[string, string[]]>([
    ['<p>a</p><div>b</div>c<section>d</section>', ['P a', 'P b', 'P c', 'P d']],
    ['<p>a <b>b</b><a>c</a></p>', ['P a bc']],
    ['a<br>b<br><br>c<br> <br>d', ['P a b', 'P c', 'P d']],
    ['<h1>a</h1><h2>b</h2><h3>c</h3><h6>d</h6><h3> </h3>', ['H2 a', 'H2 b', 'H3 c', 'H6 d']],
    ['<h2>a<img src="/a.jpg"></h2>', ['P a', 'I https://a.example/a.jpg']],
    ['<blockquote>“a”</blockquote>', ['Q a']],
    ['<blockquote>«a» – <cite>Ida Holm</cite></blockquote>', ['Q a', 'P Ida Holm']],
    ['<blockquote><p>a</p><footer>— Ida Holm</footer></blockquote>', ['Q a', 'P Ida Holm']],
    ['<blockquote><cite>Ida Holm</cite> said a</blockquote>', ['Q Ida Holm said a']],
    ['<blockquote>""</blockquote>', []],
    [`<blockquote>${'<p>a</p>'.repeat(4)}</blockquote>`, ['Q a a a a']],
    [`<blockquote>${'<p>a</p>'.repeat(5)}</blockquote>`, ['P a', 'P a', 'P a', 'P a', 'P a']],
    ['<blockquote>a<img src="/a.jpg"></blockquote>', ['P a', 'I https://a.example/a.jpg']],
    ['a<figure><img src="/a.jpg"></figure>b', ['P a', 'I https://a.example/a.jpg', 'P b']],
    ['<figure><p>a</p><figcaption>b</figcaption></figure>', ['P a']],
    ['a<amp-img src="/a.jpg"></amp-img>', ['P a', 'I https://a.example/a.jpg']],
    [
      '<figure><blockquote>a</blockquote><figcaption>— <cite>Ida Holm</cite>, mayor</figcaption></figure>',
      ['Q a', 'P Ida Holm, mayor'],
    ],
    ['<figure><figcaption>Ida Holm</figcaption><blockquote>a</blockquote></figure>', ['Q a', 'P Ida Holm']],
    ['<figure><figcaption>b</figcaption><table><tr><td>a</td></tr></table></figure>', ['P b', 'P a']],
    ['<figure><table><tr><td>a</td></tr></table><figcaption>b</figcaption></figure>', ['P a', 'P b']],
    [
      '<blockquote><p>One.</p><p>Two.</p><p>— <cite>Ida Holm</cite></p></blockquote>',
      ['Q One. Two.', 'P Ida Holm'],
    ],
    ['<blockquote><p>a</p><p>— <cite>Ida Holm</cite>, mayor</p></blockquote>', ['Q a', 'P Ida Holm, mayor']],
    ['<blockquote><p>a</p><p>— Ida Holm, mayor</p></blockquote>', ['Q a', 'P Ida Holm, mayor']],
    ['<blockquote><p>— Will it sail?</p><p>— No</p></blockquote>', ['Q — Will it sail? — No']],
    ['<p>Of <del>five</del>, or six</p>', ['P Of, or six']],
    ['<p>She said<q>no</q>.</p>', ['P She said “no”.']],
    ['<p>a <del>five</del><ins>six</ins> <s>b</s> <strike>c</strike> d</p>', ['P a six d']],
    ['<p>a<span style="display:block">b</span>c<span style="display:inline">d</span></p>', ['P a b cd']],
    ['<p>Then <math><mi>E</mi><mo>=</mo><mi>m</mi></math> holds.</p>', ['P Then E=m holds.']],
    [
      '<p>Add 5<sup>1</sup>⁄<sub>2</sub> g of Ca<sup>2+</sup>, and 2<sup>n</sup>.</p>',
      ['P Add 5¹⁄₂ g of Ca²⁺, and 2ⁿ.'],
    ],
    ['<center>a</center>', ['P a']],
    ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', ['P a b', 'P c']],
    ['<table><tr><td><p>a</p><p>b<br><br>c</p></td><td>d</td></tr></table>', ['P a b c d']],
    ['<table><tr><td><p>a</p><p>b</p></td></tr></table>', ['P a', 'P b']],
    [
      `<table><tr><td><p>a</p><p>b</p></td><td>${'x'.repeat(301)}</td></tr></table>`,
      ['P a', 'P b', `P ${'x'.repeat(301)}`],
    ],
    ['<p>E=mc<sup>2</sup> and footnote<sup>12</sup></p>', ['P E=mc² and footnote¹²']],
    ['<p><ruby>東京<rp>(</rp><rt>とう</rt><rp>)</rp></ruby>へ</p>', ['P 東京へ']],
    [
      '<blockquote><p>a</p><footer>Ida Holm, <cite>Book</cite></footer></blockquote>',
      ['Q a', 'P Ida Holm, Book'],
    ],
    ['<ul><li>a<ul><li>b</li></ul></li></ul>', ['P a', 'P b']],
    [
      '<p hidden>a</p><p aria-hidden="true">b</p><p style="display: none">c</p><p aria-hidden="false">d</p>',
      ['P d'],
    ],
    [
      '<script>a</script><nav>b</nav><button>c</button><footer>d</footer><iframe>e</iframe><video>f</video>',
      [],
    ],
  ])('%s', (html, blocks) => {
    expect(read(html).map(short)).toEqual(blocks)
  })

  it.each<[string, number]>([
    ['<p><a>A whole paragraph</a></p>', 1],
    ['<div><a>A whole box</a></div>', 0],
    ['<p><a>Two of them</a> <a>are links</a></p>', 0],
    ['<div><a>ninechars</a>x</div>', 0],
    ['<div><a>eight of</a>ten</div>', 1],
    ['<p><a>A</a></p><p>b</p><p><a>C</a></p>', 3],
    ['<p><a>A</a></p><p><a>C</a></p><p>b</p>', 1],
    [`<div><a>${'a '.repeat(100)}a.</a></div>`, 1],
    [`<div><a>${'a '.repeat(99)}a.</a></div>`, 0],
    [`<div><a>${'a '.repeat(100)}a</a></div>`, 0],
  ])('of %s, which is all or mostly link, are %d', (html, count) => {
    expect(read(html)).toHaveLength(count)
  })

  it('have 20,000 characters each, cut between words where there are some', () => {
    const lengths = (text: string) =>
      read(`<p>${text}</p>`).map((block) => 'text' in block && block.text.length)
    expect(lengths('x'.repeat(20_000))).toEqual([20_000])
    expect(lengths('x'.repeat(40_001))).toEqual([20_000, 20_000, 1])
    expect(lengths(`${'x'.repeat(15_000)} ${'y'.repeat(6_000)}`)).toEqual([15_000, 6_000])
    expect(lengths(`${'x'.repeat(20_000)} y`)).toEqual([20_000, 1])
    expect(lengths(`${'x'.repeat(9_000)} ${'y'.repeat(12_000)}`)).toEqual([20_000, 1_001])
  })

  it('know where they stood', () => {
    const placed = placedBlocksOf(
      body(
        '<article class="story 7"><p class="text-1 text-22">a</p><aside><p>b</p></aside></article><p>c</p>',
      ),
      { address: null, embeds: [] },
    )
    expect(placed.map(({ kind, isAside, article }) => [kind, isAside, article?.tagName])).toEqual([
      ['P.text- text- ARTICLE.story', false, 'ARTICLE'],
      ['P. ASIDE.', true, 'ARTICLE'],
      ['P. BODY.', false, undefined],
    ])
  })
})

const sentence = (n: number) =>
  `Sentence number ${n} of the story tells what happened on the pier and in the harbour that day.`
const paragraphs = (...numbers: number[]) => numbers.map((n) => `<p>${sentence(n)}</p>`).join('')

describe('what was found of a story cut into several containers', () => {
  const page = (html: string) => placedBlocksOf(body(html), { address: null, embeds: [] })
  const found = (...numbers: number[]) =>
    numbers.map((n): BlockDraft => ({ kind: 'PARAGRAPH', text: sentence(n) }))
  const numbers = (blocks: BlockDraft[]) =>
    blocks.map((block) => ('text' in block ? (block.text.match(/\d+/)?.[0] ?? block.text) : block.kind))

  it('is completed by paragraphs in elements like its own, with what stands between', () => {
    const html = `<div class="part">${paragraphs(1, 2)}</div><h2>Between</h2><p class="other">${sentence(9)}</p><img src="https://a.example/a.jpg"><div class="part">${paragraphs(3)}<p>Short.</p>${paragraphs(4)}</div><p>${sentence(8)}</p>`
    expect(numbers(completed(found(1, 2), page(html)))).toEqual([
      '1',
      '2',
      'Between',
      'IMAGE',
      '3',
      'Short.',
      '4',
    ])
  })

  it('stays as it is when little would be gained, or when the rest is in another article', () => {
    const all = found(1, 2, 3, 4, 5, 6, 7, 8, 9)
    const html = `<div class="part">${paragraphs(1, 2, 3, 4, 5, 6, 7, 8, 9)}<p>And a tenth, which is rather short, on the pier.</p></div>`
    expect(completed(all, page(html))).toBe(all)
    const two = found(1, 2)
    const apart = `<article><div class="part">${paragraphs(1, 2)}</div></article><article><div class="part">${paragraphs(3, 4)}</div></article>`
    expect(completed(two, page(apart))).toBe(two)
  })

  it('is completed in the article that holds most of it', () => {
    const four = found(1, 2, 3, 4)
    const html = `<article><div class="part">${paragraphs(4)}</div></article><article><div class="part">${paragraphs(1, 2, 3, 5, 6)}</div></article>`
    expect(numbers(completed(four, page(html)))).toEqual(['1', '2', '3', '5', '6'])
  })

  it('is what most prose of the page stands in, when nothing was found, asides excepted', () => {
    const html = `<aside><p class="x">${sentence(7)}${sentence(7)}${sentence(7)}</p></aside><div class="part">${paragraphs(1, 2)}</div><p class="other">${sentence(9)}</p>`
    expect(numbers(completed([], page(html)))).toEqual(['1', '2'])
    expect(completed([], page('<p>Short.</p>'))).toEqual([])
  })
})

describe('a body that the page gives in linked data too', () => {
  const texts = (html: string, articleBody?: string, more = {}) =>
    readBody(`<html><body><main><article>${html}</article></main></body></html>`, {
      address: 'https://a.example/x',
      headline: 'Ferry line reopened',
      articleBody,
      leadImage: undefined,
      byline: undefined,
      ...more,
    }).map((block) => ('text' in block ? (block.text.match(/\d+/)?.[0] ?? block.text) : block.kind))
  const said = (...numbers: number[]) => numbers.map(sentence).join('\n')

  it('ends without headings that no text follows, however many', () => {
    const html = `${paragraphs(1, 2, 3, 4)}<h2>Related</h2><h2>More stories</h2>`
    expect(texts(html)).toEqual(['1', '2', '3', '4'])
  })

  it.each<[string, string, string | undefined, string[]]>([
    ['is taken from the page', paragraphs(1, 2, 3, 4), said(1, 2, 3, 4), ['1', '2', '3', '4']],
    [
      'is taken from the page when it is one line there',
      paragraphs(1, 2, 3, 4),
      said(1, 2, 3, 4).replaceAll('\n', ' '),
      ['1', '2', '3', '4'],
    ],
    ['is without what stands outside', paragraphs(8, 1, 2, 3, 4, 9), said(1, 2, 3, 4), ['1', '2', '3', '4']],
    [
      'keeps headings that stand inside',
      `${paragraphs(1, 2)}<h2>Later</h2>${paragraphs(3, 4)}`,
      said(1, 2, 3, 4),
      ['1', '2', 'Later', '3', '4'],
    ],
    [
      'is the given one when the page lacks most of it',
      paragraphs(1),
      said(1, 2, 3, 4, 5),
      ['1', '2', '3', '4', '5'],
    ],
    [
      'is the page’s when only a teaser is given',
      paragraphs(1, 2, 3, 4, 5),
      said(1),
      ['1', '2', '3', '4', '5'],
    ],
    [
      'is the page’s when the given one is cut off',
      paragraphs(1, 2, 3, 4, 5),
      `${said(1, 2, 3)}…`,
      ['1', '2', '3', '4', '5'],
    ],
    [
      'has the paragraphs that its tags tell',
      '<p>x</p>',
      `<p>${sentence(1)}</p><p>${sentence(2)}</p><div>${sentence(3)}<br>${sentence(4)}</div>`,
      ['1', '2', '3', '4'],
    ],
    ['is the page’s when none is given', paragraphs(1, 2, 3), undefined, ['1', '2', '3']],
    ['is the page’s when only marks are given', paragraphs(1, 2, 3), '* * *', ['1', '2', '3']],
  ])('%s', (_, html, articleBody, blocks) => {
    expect(texts(html, articleBody)).toEqual(blocks)
  })

  it('is without what stands in its midst, pictures and headings excepted, when that is much', () => {
    const picture = '<figure><img src="/a.jpg"></figure>'
    const html = `${paragraphs(1)}${picture}${paragraphs(7, 8, 9)}<h2>Later</h2>${paragraphs(2, 3, 4)}`
    expect(texts(html, said(1, 2, 3, 4))).toEqual(['1', 'IMAGE', '2', '3', '4'])
    expect(texts(`${paragraphs(1, 9)}${paragraphs(2, 3, 4)}`, said(1, 2, 3, 4))).toEqual([
      '1',
      '9',
      '2',
      '3',
      '4',
    ])
  })

  it('is the page’s when a long one is given in one line or two, and in other words', () => {
    const numbers = Array.from({ length: 12 }, (_, i) => i + 1)
    const lines = numbers.map((n) => sentence(n).replace('tells', 'told'))
    const page = numbers.map(String)
    const half = [lines.slice(0, 6).join(' '), lines.slice(6).join(' ')]
    expect(texts(paragraphs(...numbers), lines.join(' '))).toEqual(page)
    expect(texts(paragraphs(...numbers), half.join('\n'))).toEqual(page)
    expect(texts(paragraphs(...numbers), [...half, lines[0]].join('\n'))).toHaveLength(3)
    // Unless the page has less than seven tenths of it.
    expect(texts(paragraphs(...numbers.slice(0, 7)), lines.join(' '))).toHaveLength(1)
  })

  it('keeps who said a quotation, if a footer names them, and superscripts that `articleBody` has not', () => {
    const prose = `<p>${'The county pays for half of the work and the company for the rest of it. '.repeat(3)}</p>`
    const page = {
      address: null,
      headline: 'H',
      articleBody: undefined,
      leadImage: undefined,
      byline: undefined,
    }
    const html = `<html><body><article><h1>H</h1>${prose.repeat(1)}<blockquote><p>We have waited long for this line.</p><footer>Kari Nordmann, minister</footer></blockquote>${prose.replaceAll('county', 'city')}</article></body></html>`
    expect(readBody(html, page).map(short)).toContain('P Kari Nordmann, minister')
    const power =
      '<p>The engineers say that E=mc<sup>2</sup> is the formula that every pupil knows by heart.</p>'
    const given = `${prose} ${power}`.replace(/<[^>]+>/g, '')
    const blocks = readBody(`<html><body><article><h1>H</h1>${power}${prose}</article></body></html>`, {
      ...page,
      articleBody: given,
    })
    expect(blocks.map(short).join()).toContain('E=mc² is')
  })

  it('is without boxes that ask for something, and without pictures whose address is longer than 4,000 characters', () => {
    const box =
      '<div class="newsletter"><p>Our letter of the week, read by more people than any other one.</p></div>'
    expect(texts(paragraphs(1, 2) + box + paragraphs(3))).toEqual(['1', '2', '3'])
    const picture = (length: number) => `<figure><img src="${'/a.jpg?'.padEnd(length, 'x')}"></figure>`
    expect(texts(paragraphs(1, 2) + picture(4_000) + paragraphs(3))).toEqual(['1', '2', 'IMAGE', '3'])
    expect(texts(paragraphs(1, 2) + picture(4_001) + paragraphs(3))).toEqual(['1', '2', '3'])
  })

  it.each<[string, string]>([
    ['its headline as a heading', '<h2>Ferry line reopened</h2>'],
    [
      'labels of advertisements',
      '<p>Advertisement</p><p>Story continues below advertisement</p><p>إعلان</p>',
    ],
    ['rights', '<p>© 2026 The Gazette</p><p>All rights reserved.</p>'],
    ['a heading at the end', '<h2>More on this</h2>'],
    ['what is quoted again', `<blockquote>${sentence(2)}</blockquote>`],
  ])('is without %s', (_, html) => {
    expect(texts(paragraphs(1, 2, 3) + html)).toEqual(['1', '2', '3'])
  })

  it('is without the line of its date and author above it, and keeps such lines below', () => {
    const lines = '<p>12 March 2024, 08:05 • two minutes</p><p>By Ida Holm</p>'
    const byline = { byline: 'By Ida Holm' }
    expect(texts(lines + paragraphs(1, 2, 3), undefined, byline)).toEqual(['1', '2', '3'])
    expect(texts(paragraphs(1, 2) + lines + paragraphs(3), undefined, byline)).toHaveLength(5)
  })

  it('is without the lead picture in another size and its caption, and has each other picture once', () => {
    const leadImage = {
      url: 'https://a.example/ferry-1200x800.jpg',
      caption: 'The ferry at the pier',
      credit: 'Ida',
    }
    const figure = (name: string) => `<figure><img src="/${name}.jpg"></figure>`
    const html = `${paragraphs(1)}${figure('ferry-600x400')}<p>The ferry at the pier (Photo: Ida)</p>${paragraphs(2)}${figure('pier')}${paragraphs(3)}${figure('pier-300x200')}`
    expect(texts(html, undefined, { leadImage })).toEqual(['1', '2', 'IMAGE', '3'])
  })
})
