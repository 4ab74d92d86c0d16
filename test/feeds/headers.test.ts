import { describe, expect, test } from 'vitest'
import { accepts } from '../../src/feeds/accept.ts'
import { isUnchanged, lastModifiedOf } from '../../src/feeds/conditional.ts'

const RSS = 'application/rss+xml; charset=utf-8'
const JSON_FEED = 'application/feed+json'

describe('an Accept header', () => {
  test.each([
    [undefined, RSS],
    ['', RSS],
    ['  ', RSS],
    ['*/*', RSS],
    ['application/*', RSS],
    ['text/*', RSS],
    ['text/xml', RSS],
    ['application/xml', RSS],
    ['application/rss+xml', RSS],
    ['APPLICATION/RSS+XML', RSS],
    ['text/html, application/rss+xml;q=0.1', RSS],
    ['application/rss+xml;q=0.001', RSS],
    ['*/*;q=abc', RSS],
    ['application/rss+xml;q=-1', RSS],
    ['application/xml', 'application/xml; charset=utf-8'],
    ['application/json', JSON_FEED],
    ['application/feed+json;q=1', JSON_FEED],
    ['application/json', 'application/json'],
    ['application/json', 'application/ld+json'],
    ['application/ld+json', 'application/ld+json'],
  ])('%s takes %s', (header, type) => {
    expect(accepts(header, type)).toBe(true)
  })

  test.each([
    ['text/html', RSS],
    ['application/json', RSS],
    ['application/atom+xml', RSS],
    ['application/rss+xml;q=0', RSS],
    ['application/rss+xml; q=0.00', RSS],
    ['application/rss+xml;q=0, */*', RSS],
    ['application/*;q=0, */*', RSS],
    ['application/rss+xml;q=0, application/xml', RSS],
    ['*/*;q=0', RSS],
    ['text/*', JSON_FEED],
    ['text/xml', JSON_FEED],
    ['application/ld+json', JSON_FEED],
    ['image/*', JSON_FEED],
  ])('%s does not take %s', (header, type) => {
    expect(accepts(header, type)).toBe(false)
  })
})

describe('a conditional request', () => {
  const lastModified = new Date('2026-03-01T00:00:10Z')
  const here = { etag: '"abc"', lastModified }
  const date = 'Sun, 01 Mar 2026 00:00:10 GMT'

  test.each([
    [{}, false],
    [{ 'if-none-match': '"abc"' }, true],
    [{ 'if-none-match': 'W/"abc"' }, true],
    [{ 'if-none-match': '"x" , "abc"' }, true],
    [{ 'if-none-match': '*' }, true],
    [{ 'if-none-match': '"abcd"' }, false],
    [{ 'if-none-match': 'abc' }, false],
    [{ 'if-none-match': '' }, false],
    [{ 'if-modified-since': date }, true],
    [{ 'if-modified-since': 'Sun, 01 Mar 2026 00:00:11 GMT' }, false],
    [{ 'if-modified-since': 'Sun, 01 Mar 2026 00:00:09 GMT' }, false],
    [{ 'if-modified-since': 'yesterday' }, false],
    [{ 'if-none-match': '"x"', 'if-modified-since': date }, false],
    [{ 'if-none-match': '"abc"', 'if-modified-since': 'Sun, 01 Mar 2026 00:00:09 GMT' }, true],
  ])('with %j finds the copy good: %s', (headers, good) => {
    expect(isUnchanged(headers, here)).toBe(good)
  })

  test('is not judged by a date that tells nothing yet', () => {
    const unknown = { etag: '"abc"', lastModified: null }
    expect(isUnchanged({ 'if-modified-since': date }, unknown)).toBe(false)
    expect(isUnchanged({ 'if-none-match': '"abc"' }, unknown)).toBe(true)
  })
})

test.each([
  ['00:00:10.000', null],
  ['00:00:10.999', null],
  ['00:00:11.999', null],
  ['00:00:12.000', '2026-03-01T00:00:10.000Z'],
  ['01:00:00.000', '2026-03-01T00:00:10.000Z'],
])('bytes of 00:00:10.400 have, at %s, the Last-Modified %s', (clock, date) => {
  const modified = lastModifiedOf(new Date('2026-03-01T00:00:10.400Z'), new Date(`2026-03-01T${clock}Z`))
  expect(modified?.toISOString() ?? null).toBe(date)
})
