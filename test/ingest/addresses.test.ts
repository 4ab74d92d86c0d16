import { describe, expect, it } from 'vitest'
import {
  absolute,
  articleKey,
  canonicalAddress,
  spellingsOf,
  withoutTracking,
} from '../../src/ingest/addresses.ts'
import { isFrontPage, isSectionPage } from '../../src/ingest/list-pages.ts'

const own = 'https://gazette.example/news/2026/pier-opens-again-today'

it.each([
  ['https://a.example/x', undefined, 'https://a.example/x'],
  ['  HTTP://A.example/x ', undefined, 'http://a.example/x'],
  ['/y', 'https://a.example/x', 'https://a.example/y'],
  ['y?q', 'https://a.example/b/x', 'https://a.example/b/y?q'],
  ['//cdn.example/y', 'https://a.example/x', 'https://cdn.example/y'],
  ['/y', undefined, undefined],
  ['', 'https://a.example/x', undefined],
  [undefined, 'https://a.example/x', undefined],
  ['javascript:alert(1)', 'https://a.example/x', undefined],
  ['ftp://a.example/x', undefined, undefined],
  ['data:text/html,x', undefined, undefined],
])('%s seen from %s is %s', (address, base, resolved) => {
  expect(absolute(address, base)?.href).toBe(resolved)
})

describe('a front page', () => {
  it.each([
    '/',
    '',
    '/en',
    '/en/',
    '/en-GB',
    '/ckb/',
    '/index.html',
    '/index.php',
    '/home',
    '/home/',
    '/HOME',
    '/?lang=en',
    '/en/?page=2',
    '/en/index.html',
    '/default.aspx',
    '/page/2',
    '/index.php?section=2',
    '/?s=wall',
  ])('is at %s', (path) => {
    expect(isFrontPage(new URL(`https://a.example${path}`))).toBe(true)
  })
  it.each([
    '/?p=123',
    '/?q=node/123',
    '/default.aspx?id=4',
    '/index.php?id=4',
    '/en/?article=5',
    '/en/news',
    '/news',
    '/home/a',
    '/a1',
    '/index',
  ])('is not at %s', (path) => {
    expect(isFrontPage(new URL(`https://a.example${path}`))).toBe(false)
  })
})

describe('a section', () => {
  it.each([
    '/news/',
    '/News',
    '/news/world',
    '/category/world',
    '/category/world/page/2',
    '/en/topics/gaza-ceasefire',
    '/tag/queen-elizabeth-ii',
    '/section/business/economy',
    '/de/politik',
    '/sport/football/',
    '/world-news',
    '/politics.html',
    '/news/?lang=en',
    '/news/page/2',
    '/search?q=wall',
    '/en/search.php?query=wall',
    '/2026/11/20/',
    '/2026/11',
    '/2026-11-20',
    '/news/2026/11/20',
    '/archive/2026/11/',
    '/news/default.aspx',
    '/سياسة',
    '/%D0%BF%D0%BE%D0%BB%D0%B8%D1%82%D0%B8%D0%BA%D0%B0',
  ])('is at %s', (path) => {
    expect(isSectionPage(new URL(`https://a.example${path}`))).toBe(true)
  })
  it.each([
    '/',
    '/de',
    '/brexit',
    '/news/brexit',
    '/politics/pm-resigns',
    '/2026/11/20/politics',
    '/2026/11/20/harbour/page/2',
    '/2026/11/45',
    '/news/2026',
    '/search-for-missing-boat',
    '/news?id=7',
    '/news/12345',
    '/category/world/harbour-wall-is-rebuilt',
    '/topic/2026/11/20/a',
    '/world/%E0%A4%A',
  ])('is not at %s', (path) => {
    expect(isSectionPage(new URL(`https://a.example${path}`))).toBe(false)
  })
})

it.each([
  ['https://a.example/x#top', 'https://a.example/x'],
  ['https://a.example/x?utm_source=a&id=7&utm_medium=b', 'https://a.example/x?id=7'],
  ['https://a.example/x?fbclid=1', 'https://a.example/x'],
  ['https://a.example/x?gclid=1&mc_cid=2&at_medium=3&ref_src=4&smid=5', 'https://a.example/x'],
  ['https://a.example/x?id=1&id=2', 'https://a.example/x?id=1&id=2'],
  [
    'https://a.example/x?reference=1&campaign=2&atlas=3',
    'https://a.example/x?reference=1&campaign=2&atlas=3',
  ],
])('%s without tracking is %s', (address, clean) => {
  expect(withoutTracking(new URL(address))).toBe(clean)
})

it.each([
  ['http://www.a.example/x/', 'a.example/x'],
  ['https://a.example:443/x', 'a.example/x'],
  ['http://a.example:80/x#top', 'a.example/x'],
  ['https://a.example:8443/x', 'a.example:8443/x'],
  ['https://a.example/x?utm_source=1&id=2', 'a.example/x?id=2'],
  ['https://wwwa.example/x', 'wwwa.example/x'],
  ['https://a.example/', 'a.example'],
])('%s is the story %s', (address, key) => {
  expect(articleKey(new URL(address))).toBe(key)
})

it('an address has eight spellings under which its story may be stored', () => {
  const spellings = ['https://', 'http://', 'https://www.', 'http://www.'].flatMap((start) => [
    `${start}a.example/x?id=2`,
    `${start}a.example/x/?id=2`,
  ])
  expect(spellingsOf('https://a.example/x?id=2').toSorted()).toEqual(spellings.toSorted())
  expect(spellingsOf('http://www.a.example/x/?id=2').toSorted()).toEqual(spellings.toSorted())
  expect(spellingsOf('/x')).toEqual(['/x'])
  // One that is spelt in yet another way is looked for as it is too.
  expect(spellingsOf('https://a.example:8443/x#y')).toContain('https://a.example:8443/x#y')
})

describe('the address of a story', () => {
  const claims = {
    canonical: undefined,
    openGraph: undefined,
    linked: [],
    readFrom: null,
    section: undefined,
  }
  const other = 'https://gazette.example/news/2026/council-votes-on-new-school'

  it.each([
    ['the canonical link, before Open Graph', { canonical: own, openGraph: other }, own],
    ['Open Graph, before linked data', { openGraph: own, linked: [other] }, own],
    ['linked data alone', { linked: [undefined, own] }, own],
    ['where it was read from', { readFrom: own }, own],
    ['what two claims say, against a third', { canonical: other, openGraph: own, linked: [own] }, own],
    ['the canonical link, before where it was read from', { canonical: own, readFrom: other }, own],
    [
      'a relative link',
      { canonical: '/news/a-b-c-d', readFrom: own },
      'https://gazette.example/news/a-b-c-d',
    ],
    ['without tracking and fragment', { canonical: `${own}?utm_source=x#top` }, own],
    ['where it was read from, without tracking', { readFrom: `${own}?fbclid=1` }, own],
    ['none that is too long', { canonical: `${own}-${'x'.repeat(2_000)}`, openGraph: other }, other],
    [
      'one of 2,000 characters',
      { canonical: own.padEnd(2_000, 'x'), openGraph: other },
      own.padEnd(2_000, 'x'),
    ],
    [
      'none of the publisher’s own machine',
      { canonical: 'http://localhost:3000/a-b-c', openGraph: own },
      own,
    ],
    ['none of an address of that machine', { canonical: 'http://127.0.0.1/a-b-c', openGraph: own }, own],
    [
      'this machine, when it was read from there',
      { readFrom: 'http://127.0.0.1:8080/a' },
      'http://127.0.0.1:8080/a',
    ],
    ['no front page', { canonical: 'https://gazette.example/', openGraph: own }, own],
    ['no front page of a language', { canonical: 'https://gazette.example/en/', openGraph: own }, own],
    [
      'no section above another claim',
      { canonical: 'https://gazette.example/news/2026', openGraph: own },
      own,
    ],
    [
      'the story above another claim on another site',
      { canonical: 'https://other.example/news/2026/', openGraph: own },
      'https://other.example/news/2026/',
    ],
    [
      'no section that the page names',
      { canonical: 'https://gazette.example/x/local-news-24', openGraph: own, section: 'Local News 24' },
      own,
    ],
    [
      'no section of one word or two, when another claim looks like a story',
      { canonical: 'https://gazette.example/local-news', openGraph: own },
      own,
    ],
    [
      'a story of two words, when no other claim looks like one',
      { canonical: 'https://gazette.example/harbour-wall', openGraph: 'https://gazette.example/x' },
      'https://gazette.example/harbour-wall',
    ],
    [
      'a section’s page with a query',
      { canonical: 'https://gazette.example/news?id=7', openGraph: 'https://gazette.example/news?id=7' },
      'https://gazette.example/news?id=7',
    ],
    [
      'the one with an id in its query, not the script’s',
      {
        canonical: 'https://gazette.example/article.php',
        openGraph: 'https://gazette.example/article.php?id=5',
      },
      'https://gazette.example/article.php?id=5',
    ],
    [
      'no script’s address when it was read with an id',
      {
        canonical: 'https://gazette.example/article.php',
        openGraph: 'https://gazette.example/article.php',
        readFrom: 'https://gazette.example/article.php?story=5&utm_source=x',
      },
      'https://gazette.example/article.php?story=5',
    ],
    [
      'the canonical link, when the query is no id',
      { canonical: 'https://gazette.example/wall', readFrom: 'https://gazette.example/wall?page=2' },
      'https://gazette.example/wall',
    ],
    [
      'the canonical link of a story, even if it was read with an id',
      { canonical: own, readFrom: `${own}?id=2` },
      own,
    ],
    [
      'no section, when it was read from elsewhere',
      { canonical: 'https://gazette.example/category/world', readFrom: 'https://gazette.example/x' },
      'https://gazette.example/x',
    ],
    [
      'no front page with tracking',
      { canonical: 'https://gazette.example/?utm_source=x', readFrom: own },
      own,
    ],
    [
      'a front page, when there is nothing else',
      { canonical: 'https://gazette.example/' },
      'https://gazette.example/',
    ],
    [
      'what it was read from, when all else is a front page',
      { canonical: 'https://gazette.example/', readFrom: own },
      own,
    ],
    ['nothing, when nothing is claimed', {}, undefined],
    ['nothing, when no claim is an address', { canonical: 'javascript:x', linked: ['x'] }, undefined],
  ])('is %s', (_, claim, address) => {
    expect(canonicalAddress({ ...claims, ...claim })).toBe(address)
  })
})
