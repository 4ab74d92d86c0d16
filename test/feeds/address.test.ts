import { describe, expect, test } from 'vitest'
import { readFeedAddress, writeFeedAddress } from '../../src/feeds/address.ts'
import { uriOf } from '../../src/feeds/uri.ts'
import { feedTokenIn, withFeedToken, withoutFeedToken } from '../../src/licensing/feed-path.ts'

const feed = (scope: object, format: string, before: string | null = null) => ({
  kind: 'feed',
  scope,
  format,
  before,
})

describe('a path under /feeds/', () => {
  test.each([
    ['/feeds/rss.xml', feed({ kind: 'all' }, 'rss.xml')],
    ['/feeds/rss.xml?before=abc', feed({ kind: 'all' }, 'rss.xml', 'abc')],
    ['/feeds/rss.xml?before=', feed({ kind: 'all' }, 'rss.xml', '')],
    ['/feeds/rss.xml?key=x&before=a%2Bb?c', feed({ kind: 'all' }, 'rss.xml', 'a+b?c')],
    ['/feeds/topic/health/atom.xml', feed({ kind: 'topic', name: 'health' }, 'atom.xml')],
    ['/feeds/person/a%20b/feed.json', feed({ kind: 'person', name: 'a b' }, 'feed.json')],
    ['/feeds/organisation/who/ninjs.json', feed({ kind: 'organisation', name: 'who' }, 'ninjs.json')],
    ['/feeds/language/EN-gb/news.jsonld', feed({ kind: 'language', name: 'en-GB' }, 'news.jsonld')],
    [`/feeds/topic/${'x'.repeat(200)}/rss.xml`, feed({ kind: 'topic', name: 'x'.repeat(200) }, 'rss.xml')],
    ['/feeds/p/TOKEN/topic/health/rss.xml', feed({ kind: 'topic', name: 'health' }, 'rss.xml')],
    ['/feeds/articles/a-story-1.ninjs.json', { kind: 'article', slug: 'a-story-1', format: 'ninjs.json' }],
    ['/feeds/articles/a-story.jsonld', { kind: 'article', slug: 'a-story', format: 'jsonld' }],
    ['/feeds/stories/a-story.jsonld', { kind: 'article', slug: 'a-story', format: 'jsonld' }],
    ['/feeds/p/TOKEN/articles/a.jsonld?key=x', { kind: 'article', slug: 'a', format: 'jsonld' }],
  ])('%s names one thing', (path, address) => {
    expect(readFeedAddress(path)).toEqual(address)
  })

  test.each([
    '/feeds/',
    '/feeds',
    '/feed/rss.xml',
    '/feeds/toString',
    '/feeds/rss.xml/',
    '/feeds/RSS.xml',
    '/feeds/topic/rss.xml',
    '/feeds/topic//rss.xml',
    '/feeds/topic/a/b/rss.xml',
    '/feeds/author/a/rss.xml',
    '/feeds/language/en_/rss.xml',
    '/feeds/topic/%zz/rss.xml',
    '/feeds/topic/%00/rss.xml',
    `/feeds/topic/${'x'.repeat(201)}/rss.xml`,
    '/feeds/articles/A-Story.jsonld',
    '/feeds/articles/a-story.rss.xml',
    '/feeds/articles/a_b.jsonld',
    '/feeds/articles/.jsonld',
    '/feeds/articles/a-story.jsonld.txt',
    '/feeds/articles/a/b.jsonld',
    '/feeds/topic/a-story.jsonld',
  ])('%s names nothing', (path) => {
    expect(readFeedAddress(path)).toBeNull()
  })

  test.each([
    ['/feeds/rss.xml?utm_source=x&key=dlf_secret', null, '/feeds/rss.xml'],
    ['/feeds/topic/a%20b/rss.xml?before=a%2Bb&x=1', null, '/feeds/topic/a%20b/rss.xml?before=a%2Bb'],
    ['/feeds/language/EN/rss.xml', null, '/feeds/language/en/rss.xml'],
    ['/feeds/p/OLD/rss.xml?before=x', 'NEW', '/feeds/p/NEW/rss.xml?before=x'],
    ['/feeds/p/OLD/rss.xml', null, '/feeds/rss.xml'],
    ['/feeds/stories/a.jsonld', null, '/feeds/articles/a.jsonld'],
    ['/feeds/articles/a.jsonld?before=x', 'NEW', '/feeds/p/NEW/articles/a.jsonld'],
  ])('%s has one spelling, with the token %s', (path, token, spelling) => {
    expect(writeFeedAddress(readFeedAddress(path)!, token)).toBe(spelling)
  })
})

test.each([
  ['/feeds/rss.xml', null, '/feeds/rss.xml', '/feeds/p/NEW/rss.xml'],
  ['/feeds/p/OLD/rss.xml?a=1', 'OLD', '/feeds/rss.xml?a=1', '/feeds/p/NEW/rss.xml?a=1'],
  ['/feeds/p/OLD', 'OLD', '/feeds', '/feeds/p/NEW'],
  ['/feeds/p/OLD?key=x', 'OLD', '/feeds?key=x', '/feeds/p/NEW'],
  ['/feeds/?key=x&a=b?c', null, '/feeds/?key=x&a=b?c', '/feeds/p/NEW/?a=b%3Fc'],
  ['/x/feeds/p/OLD', null, '/x/feeds/p/OLD', '/x/feeds/p/NEW/p/OLD'],
])('the token in %s is %s', (path, token, without, renewed) => {
  expect(feedTokenIn(path)).toBe(token)
  expect(withoutFeedToken(path)).toBe(without)
  expect(withFeedToken(path, 'NEW')).toBe(renewed)
})

test.each([
  ['https://a.example/x|y', 'https://a.example/x%7Cy'],
  ['https://a.example/100%', 'https://a.example/100%25'],
  ['https://a.example/100%25?q=[1]&r=%5B', 'https://a.example/100%25?q=%5B1%5D&r=%5B'],
  ['https://a.example/#a{b}', 'https://a.example/#a%7Bb%7D'],
  ['https://[::1]:8080/a^b', 'https://[::1]:8080/a%5Eb'],
  ['https://a.example/é ü', 'https://a.example/%C3%A9%20%C3%BC'],
  ['not an address |', 'not an address |'],
])('the address %s as a URI is %s', (address, uri) => {
  expect(uriOf(address)).toBe(uri)
})
