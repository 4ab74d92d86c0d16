import { articlePage, paragraphs } from '../../ingest/article-page.ts'
import { Random } from './random.ts'
import { mutated } from './random-documents.ts'
import { nestedJson } from './requests.ts'

const many = (count: number, item: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => item(i)).join('')
const linked = (json: string) => articlePage({ head: `<script type="application/ld+json">${json}</script>` })
const sentence = 'The harbour office counted the boats again and found one more than the day before. '

/** A page that nothing is wrong with. */
export const ordinaryPage = articlePage()

/** What a page may hold to keep the command busy: each class close below a limit of the command, or far above all. */
export const hostilePages: Record<string, string> = {
  '200,000 nested elements': articlePage({ body: '<div>'.repeat(200_000) }),
  '2,000 nested elements in 23 KB': articlePage({
    body: `${'<div>'.repeat(2_000)}${'</div>'.repeat(2_000)}`,
  }),
  '250 nested elements': articlePage({ body: `${'<div>'.repeat(245)}${paragraphs}${'</div>'.repeat(245)}` }),
  'inline elements nested 245 deep in each paragraph': articlePage({
    body: many(7, () => `<p>${many(245, (i) => `<b>word${i} `)}${'</b>'.repeat(245)}</p>`),
  }),
  '100,000 paragraphs': articlePage({ body: many(100_000, (i) => `<p>Entry ${i} of the log.</p>`) }),
  '19,900 paragraphs': articlePage({
    body: many(19_900, (i) => `<p>Entry ${i} of the log, kept by the watch.</p>`),
  }),
  '9,900 paragraphs': articlePage({
    body: many(9_900, (i) => `<p>Entry ${i} of the log, kept by the watch.</p>`),
  }),
  '1,990 paragraphs': articlePage({
    body: many(1_990, (i) => `<p>Entry ${i} of the log, kept by the watch.</p>`),
  }),
  '1,990 equal paragraphs': articlePage({ body: many(1_990, () => `<p>${sentence}</p>`) }),
  '19,900 inline links': articlePage({
    body: `<p>${many(19_900, (i) => `<a href="/p${i}">link ${i}</a> `)}</p>`,
  }),
  '3,900 inline links': articlePage({
    body: `<p>${many(3_900, (i) => `<a href="/p${i}">link ${i}</a> `)}</p>`,
  }),
  '9,900 inline links': articlePage({
    body: `<p>${many(9_900, (i) => `<a href="/p${i}">link ${i}</a> `)}</p>`,
  }),
  '9,900 paragraphs of one link': articlePage({
    body: many(9_900, (i) => `<p><a href="/p${i}">link ${i}</a></p>`),
  }),
  '19,900 line breaks': articlePage({ body: `<p>${'word<br>'.repeat(19_900)}</p>` }),
  '19,900 list items': articlePage({ body: `<ul>${many(19_900, (i) => `<li>item ${i}`)}</ul>` }),
  'a table of 19,000 cells': articlePage({
    body: `<table>${many(190, () => `<tr>${many(100, (i) => `<td>${i}`)}</tr>`)}</table>`,
  }),
  '9,000 pictures': articlePage({ body: many(9_000, (i) => `<img src="/i${i}.jpg" alt="Harbour ${i}">`) }),
  '4,000 figures': articlePage({
    body: many(
      4_000,
      (i) =>
        `<figure><img src="/i${i}.jpg" srcset="${many(20, (j) => `/i${i}-${j}.jpg ${j + 1}00w, `)}"><figcaption>Boat ${i}</figcaption></figure>`,
    ),
  }),
  'one picture of 100,000 sources': articlePage({
    body: `<img src="/i.jpg" srcset="${many(100_000, (i) => `/i${i}.jpg ${i + 1}w, `)}">`,
  }),
  '9,000 quotations': articlePage({
    body: many(9_000, (i) => `<blockquote>${i} ${sentence}<cite>Somebody</cite></blockquote>`),
  }),
  '9,000 times': articlePage({
    body: many(9_000, (i) => `<time datetime="20${10 + (i % 20)}-01-01">then</time> `),
  }),
  '9,000 meta tags': articlePage({
    head: many(9_000, (i) => `<meta property="article:author" content="Ida Lund ${i}">`),
  }),
  '9,000 canonical links': articlePage({
    head: many(9_000, (i) => `<link rel="canonical" href="https://gazette.example/${i}">`),
  }),
  'an element of 50,000 attributes': articlePage({ body: `<p ${many(50_000, (i) => `a${i}=1 `)}>word</p>` }),
  '39,000 attributes': articlePage({ body: many(430, () => `<p ${many(90, (i) => `a${i}=1 `)}>word</p>`) }),
  'a class of a megabyte': articlePage({ body: `<div class="${'ad '.repeat(330_000)}">${paragraphs}</div>` }),
  'classes of 3,900 characters': articlePage({
    body: many(2_000, () => `<div class="${'a-ad-b '.repeat(557)}">word</div>`),
  }),
  'a style of a megabyte': articlePage({ body: `<p style="${'display:none;'.repeat(80_000)}">word</p>` }),
  'linked data nested deeply': linked(nestedJson(300_000)),
  'linked data nested below the limit': linked(
    `${'{"@graph":['.repeat(49)}{"@type":"NewsArticle","headline":"A"}${']}'.repeat(49)}`,
  ),
  'linked data of many stories': linked(
    `[${many(15_000, (i) => `{"@type":"NewsArticle","headline":"Another ${i}"},`)}{}]`,
  ),
  'linked data of many people': linked(
    JSON.stringify({
      '@type': 'NewsArticle',
      headline: 'Ferry line',
      about: Array.from({ length: 15_000 }, (_, i) => ({ '@type': 'Person', name: `Ida Lund${i}` })),
    }),
  ),
  'linked data of many keys': linked(`{"@type":"NewsArticle",${many(70_000, (i) => `"k${i}":1,`)}"a":1}`),
  'linked data that is broken': linked(`{"a":1,${'"\n'.repeat(400_000)}`),
  'linked data of backslashes': linked(`{"a":"${'\\'.repeat(900_001)}"`),
  'linked data with a body of 900,000 characters': linked(
    JSON.stringify({ '@type': 'NewsArticle', headline: 'Ferry line', articleBody: sentence.repeat(10_800) }),
  ),
  'many scripts of linked data': articlePage({
    head: many(
      9_000,
      (i) => `<script type="application/ld+json">{"@type":"Person","name":"Ida ${i}"}</script>`,
    ),
  }),
  'one text of 11 MB': articlePage({ body: `<p>${'word '.repeat(2_200_000)}</p>` }),
  'one text of 1.9 million characters': articlePage({ body: `<p>${'word '.repeat(380_000)}</p>` }),
  'one word of 1.9 million characters': articlePage({ body: `<p>${'a'.repeat(1_900_000)}</p>` }),
  '1.9 million blanks': articlePage({ body: `<p>a${' '.repeat(1_900_000)}b</p>` }),
  '1.9 million line ends': articlePage({ body: `<pre>a${'\n'.repeat(1_900_000)}b</pre>` }),
  'a stack of a million marks': articlePage({ body: `<p>a${'\u0301'.repeat(900_000)}</p>` }),
  'capital words, which may be names': articlePage({
    body: many(1_900, () => `<p>${'Ida Lund Of Harbour '.repeat(40)}</p>`),
  }),
  'quotation marks': articlePage({ body: many(1_900, () => `<p>${'“'.repeat(900)}</p>`) }),
  'addresses in a text': articlePage({ body: `<p>${'https://a.example/b?c=d&e=f '.repeat(60_000)}</p>` }),
  'a headline of a megabyte': articlePage({ headline: 'Ferry '.repeat(170_000) }),
  'a title of dividers': articlePage({ headline: 'Ferry | - '.repeat(100_000) }),
  'a byline of a megabyte': articlePage({
    head: `<meta name="author" content="${'By Ida Lund and '.repeat(60_000)}">`,
  }),
  'a date of a megabyte': articlePage({
    published: `<meta property="article:published_time" content="${'2026-02-03 '.repeat(90_000)}">`,
  }),
  'a date of digits': articlePage({
    published: `<meta property="article:published_time" content="${'1'.repeat(1_000_000)}">`,
  }),
  'a language of a megabyte': articlePage({ lang: 'en-'.repeat(330_000) }),
  'an address of a megabyte': articlePage({ url: `https://gazette.example/${'a/'.repeat(500_000)}` }),
  'comments that are not closed': articlePage({ body: '<!--'.repeat(200_000) }),
  'comments before the head': `<!doctype html>${'<!--'.repeat(200_000)}${articlePage()}`,
  'a million brackets': articlePage({ body: '<'.repeat(1_000_000) }),
  'a million closing tags': articlePage({ body: '</p>'.repeat(500_000) }),
  'tags that are not closed': articlePage({ body: '<p <p '.repeat(300_000) }),
  entities: articlePage({ body: `<p>${'&amp;'.repeat(59_000)}</p>` }),
  'broken entities': articlePage({ body: `<p>${'&am'.repeat(500_000)}</p>` }),
  'CDATA and declarations': articlePage({ body: '<![CDATA[<!x '.repeat(150_000) }),
  'scripts that are not closed': articlePage({ body: '<script>'.repeat(200_000) }),
  'templates in templates': articlePage({ body: '<template><svg>'.repeat(120) }),
  frames: articlePage({
    body: many(9_000, (i) => `<iframe src="https://video.example/embed/${i}"></iframe>`),
  }),
}

/** Pages with pieces of them taken away, repeated or exchanged. */
export function randomPages(count: number, seed: number): [string, string][] {
  const all = Object.values(hostilePages)
  return Array.from({ length: count }, (_, i) => {
    const random = new Random(seed * 1_000_003 + 500_000 + i)
    const page = random.chance(0.5) ? ordinaryPage : random.pick(all).slice(0, 2_000_000)
    return [`random page ${i + 1}`, mutated(random, page, 4_000_000)]
  })
}
