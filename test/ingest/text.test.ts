import { expect, it } from 'vitest'
import { type ReadArticle, readArticle } from '../../src/ingest/draft.ts'
import { articlePage } from './article-page.ts'

function read(options: Parameters<typeof articlePage>[0]) {
  const article = readArticle(articlePage(options), null)
  if ('reason' in article) throw new Error(article.message)
  return article.article
}

/** The texts behind the three paragraphs that every page here has. */
function added(body: string): string[] {
  return read({ body })
    .blocks.slice(3)
    .map((block) => ('text' in block ? block.text : block.kind))
}

it.each([
  [
    'cells',
    '<table><tr><th>Pier</th><th>Boats</th></tr><tr><td>North</td><td>12</td></tr></table>',
    ['Pier Boats', 'North 12'],
  ],
  [
    'list items',
    '<ul><li>First boat at six</li><li>Last boat at nine</li></ul>',
    ['First boat at six', 'Last boat at nine'],
  ],
  ['lines', '<p>Departs at six<br>Arrives at nine</p>', ['Departs at six Arrives at nine']],
  [
    'a heading’s parts',
    '<h2><span>Timetable</span>For the islands</h2><p>Boats leave on the hour.</p>',
    ['Timetable For the islands', 'Boats leave on the hour.'],
  ],
  [
    'a quotation and its source',
    '<blockquote><p>“The sea was calm.”</p><cite>Edda Brandt</cite></blockquote>',
    ['The sea was calm', 'Edda Brandt'],
  ],
  [
    'paragraphs of a quotation',
    '<blockquote><p>The sea was calm.</p><p>The pier was not.</p></blockquote>',
    ['The sea was calm. The pier was not.'],
  ],
  [
    'a footnote’s mark',
    '<p>The pier was rebuilt in stone<sup>1</sup> and oak.</p>',
    ['The pier was rebuilt in stone¹ and oak.'],
  ],
])('words of different parts never touch: %s', (_, body, texts) => {
  const normal = added(body).map((text) => text.replace(/\.$/, ''))
  expect(normal).toEqual(texts.map((text) => text.replace(/\.$/, '')))
})

it.each([
  [
    '<p>On the 10<sup>th</sup> of May the <b>f</b>erry left, and CO<sub>2</sub> fell by 10<sup>6</sup> grams on 40 m<sup>2</sup>.</p>',
    'On the 10th of May the ferry left, and CO2 fell by 10⁶ grams on 40 m².',
  ],
  [
    '<p>Add 5<sup>1</sup>⁄<sub>2</sub> g of Ca<sup>2+</sup>, 2<sup>n</sup> times, and e<sup>x</sup>.</p>',
    'Add 5¹⁄₂ g of Ca²⁺, 2ⁿ times, and eˣ.',
  ],
  ['<p>Then <math><mi>E</mi><mo>=</mo><mi>m</mi></math> holds, she says.</p>', 'Then E=m holds, she says.'],
  ['<p><span class="drop">T</span>he ferry left at six.</p>', 'The ferry left at six.'],
])('one word stays one word, however many elements it is made of', (body, text) => {
  expect(added(body)).toEqual([text])
})

it.each([
  ['<p>Asked about it, she said<q>no</q>.</p>', ['Asked about it, she said “no”.']],
  ['<p>The ferry has <del>five</del><ins>six</ins> cabins.</p>', ['The ferry has six cabins.']],
  ['<p>The ferry has <s>five</s> <strike>four</strike> six cabins.</p>', ['The ferry has six cabins.']],
  ['<p>The price<span style="display:block">block span</span>after</p>', ['The price block span after']],
  [
    '<figure><blockquote><p>The sea was calm.</p></blockquote><figcaption>Jane Roe, mayor</figcaption></figure>',
    ['The sea was calm.', 'Jane Roe, mayor'],
  ],
  [
    '<figure><table><tr><th>Pier</th><th>Boats</th></tr><tr><td>North</td><td>12</td></tr></table><figcaption>Boats by pier</figcaption></figure>',
    ['Pier Boats', 'North 12', 'Boats by pier'],
  ],
  [
    '<blockquote><p>One.</p><p>Two.</p><p>— <cite>Jane Roe</cite></p></blockquote>',
    ['One. Two.', 'Jane Roe'],
  ],
])('the words of %s are kept as a browser shows them', (body, texts) => {
  expect(added(body)).toEqual(texts)
})

it('a quotation has the marks of the language of the page', () => {
  const { blocks } = read({ lang: 'de', body: '<p>Sie sagte<q>nein</q>.</p>' })
  expect(blocks.at(-1)).toEqual({ kind: 'PARAGRAPH', text: 'Sie sagte „nein“.' })
})

it('a paragraph that is one link stays, and a list of links goes', () => {
  const link = '<p><a href="/report.pdf">The full report on the pier is published by the county</a></p>'
  expect(added(`${link}<p>It has ninety pages.</p>`)).toEqual([
    'The full report on the pier is published by the county',
    'It has ninety pages.',
  ])
  expect(added(`<p>It has ninety pages.</p>${link}${link.replace('full', 'short')}`)).toEqual([
    'It has ninety pages.',
  ])
})

it('an answer that is given twice stays', () => {
  expect(added('<p>Will it sail in winter?</p><p>No.</p><p>Will it sail in a storm?</p><p>No.</p>')).toEqual([
    'Will it sail in winter?',
    'No.',
    'Will it sail in a storm?',
    'No.',
  ])
})

it('a run of paragraphs that the page prints again goes', () => {
  const run =
    '<p>The harbour master counted ninety boats on the first day of the year, more than ever before.</p><p>She expects that a third of them will move to the new pier when it is finished in the spring.</p>'
  expect(added(`${run}<p>The rest stays.</p>${run}`)).toHaveLength(3)
})

it('caption and credit in adjacent elements are told apart', () => {
  const article = read({
    head: '<meta property="og:image" content="https://cdn.example/20991234_v4_3_800.jpeg">',
    body: '<figure><img src="https://cdn.example/20991234_v16_9_1200.jpeg"><figcaption><span>The ferry at the pier</span><span>Edda Brandt/Reuters</span></figcaption></figure>',
  })
  expect(article.leadImage).toEqual({
    url: 'https://cdn.example/20991234_v4_3_800.jpeg',
    caption: 'The ferry at the pier',
    credit: 'Edda Brandt/Reuters',
    photographer: 'Edda Brandt',
    agency: 'Reuters',
  })
  expect(article.blocks.filter(({ kind }) => kind === 'IMAGE')).toEqual([])
})

it('two pictures with numbers in their names are two pictures', () => {
  const picture = (name: string) => `<figure><img src="https://cdn.example/${name}.jpg"></figure>`
  const { blocks } = read({ body: `${picture('ferry-1')}<p>Then the second.</p>${picture('ferry-2')}` })
  expect(blocks.filter(({ kind }) => kind === 'IMAGE')).toHaveLength(2)
})

it('a byline that only the page prints is read, and is no paragraph', () => {
  const line = '<p class="byline">By <a rel="author" href="/a">Edda Brandt</a> and Nils Rask</p>'
  const article = readArticle(articlePage().replace('</h1>', `</h1>${line}`), null) as ReadArticle
  const { byline, blocks } = article.article
  expect(byline).toBe('Edda Brandt, Nils Rask')
  expect(blocks).toHaveLength(3)
})
