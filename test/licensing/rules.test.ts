import { describe, expect, test } from 'vitest'
import {
  feedTokenOf,
  hasMisnamedKey,
  isSameHash,
  looksLikeKey,
  makeKey,
  parseKey,
  prefixOfFeedToken,
} from '../../src/auth/api-key.ts'
import { feedTokenIn, withFeedToken, withoutFeedToken } from '../../src/licensing/feed-path.ts'
import { checkedQuota } from '../../src/licensing/set-quota.ts'
import {
  covers,
  isInForce,
  newsroomTerms,
  nextBoundary,
  noTerms,
  publicTerms,
} from '../../src/licensing/terms.ts'

// What can be said of licences, quotas, keys and addresses without the database.

const NOW = new Date('2026-03-01T12:00:00Z')
const at = (ms: number) => new Date(NOW.getTime() + ms)

describe('a licence', () => {
  test.each([
    [null, null, true],
    [at(0), null, true],
    [at(1), null, false],
    [null, at(1), true],
    [null, at(0), false],
    [at(-1), at(1), true],
    [at(-2), at(-1), false],
  ])('from %s until %s is in force: %s', (validFrom, validUntil, inForce) => {
    expect(isInForce({ validFrom, validUntil }, NOW)).toBe(inForce)
  })

  test.each([
    [null, null, null],
    [at(1), at(2), at(1)],
    [at(0), at(2), at(2)],
    [at(-1), at(0), null],
    [at(5), null, at(5)],
    [null, at(5), at(5)],
  ])('from %s until %s next changes at %s', (validFrom, validUntil, next) => {
    expect(nextBoundary({ validFrom, validUntil }, NOW)).toEqual(next)
  })

  test.each([
    [['*'], ['a'], true],
    [['*'], [], true],
    [['a', 'b'], ['b'], true],
    [['a', 'b'], ['c', 'a'], true],
    [['a'], ['A'], false],
    [['a'], [], false],
    [[], ['a'], false],
  ])('that lists %j covers %j: %s', (list, values, is) => {
    expect(covers(list, ...values)).toBe(is)
  })

  test('of the public is for everything but the body, of the newsroom for that too, and of nobody for nothing', () => {
    const lists = { topics: ['*'], sections: ['*'], languages: ['*'], agencies: ['*'] }
    const limits = { validFrom: null, validUntil: null, retentionDays: null, attribution: '' }
    const everything = { ...lists, ...limits, quotations: true, embeds: true }
    expect(publicTerms).toEqual({ ...everything, fullText: false })
    expect(newsroomTerms).toEqual({ ...everything, fullText: true })
    expect(noTerms).toEqual({
      ...limits,
      topics: [],
      sections: [],
      languages: [],
      agencies: [],
      fullText: false,
      quotations: false,
      embeds: false,
    })
  })
})

describe('a quota', () => {
  test.each([
    [{}, {}],
    [{ quotaPerMinute: null, quotaPerDay: undefined }, {}],
    [
      { quotaPerMinute: 1, quotaPerDay: 1 },
      { quotaPerMinute: 1, quotaPerDay: 1 },
    ],
    [{ quotaPerMinute: 1_000_000 }, { quotaPerMinute: 1_000_000 }],
    [{ quotaPerDay: 1_000_000_000 }, { quotaPerDay: 1_000_000_000 }],
  ])('%j is taken as %j', (order, checked) => {
    expect(checkedQuota(order)).toEqual(checked)
  })

  test.each([
    ['quotaPerMinute', 0],
    ['quotaPerMinute', -1],
    ['quotaPerMinute', 1.5],
    ['quotaPerMinute', 1_000_001],
    ['quotaPerDay', 0],
    ['quotaPerDay', 1_000_000_001],
  ])('%s of %d is refused', (field, value) => {
    expect(() => checkedQuota({ [field]: value })).toThrow(expect.objectContaining({ field }))
  })
})

describe('a key', () => {
  test.each([
    ['FULL', /^dlk_[0-9a-f]{8}_[\w-]{43}$/],
    ['FEED', /^dlf_[0-9a-f]{8}_[\w-]{43}$/],
  ] as const)('of the kind %s is told by how it begins, and found by its prefix', (kind, form) => {
    const { text, ...kept } = makeKey(kind)
    expect(text).toMatch(form)
    expect(kept).toEqual({
      kind,
      prefix: text.slice(0, 12),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(parseKey(text)).toEqual(kept)
    expect(makeKey(kind).text).not.toBe(text)
  })

  test.each([
    '',
    'dlk',
    `dlk_0123abcd_${'x'.repeat(42)}`,
    `dlk_0123abcd_${'x'.repeat(44)}`,
    `dlx_0123abcd_${'x'.repeat(43)}`,
    `dlk_0123ABCD_${'x'.repeat(43)}`,
    ` dlk_0123abcd_${'x'.repeat(43)}`,
    `dlk_0123abcd_${'x'.repeat(42)}=`,
  ])('is not "%s"', (text) => {
    expect(parseKey(text)).toBeNull()
  })

  test.each([
    ['dlk_', true],
    ['dlf_anything', true],
    ['dlx_', false],
    [' dlk_', false],
    ['xdlk_', false],
    ['dlk', false],
  ])('is meant by "%s": %s', (text, is) => {
    expect(looksLikeKey(text)).toBe(is)
  })

  test.each([
    ['Key=dlf_x', true],
    ['KEY=x', true],
    ['%20key=x', true],
    ['api_key=dlk_x', true],
    ['before=DLF_x', true],
    ['key=dlf_x', false],
    ['before=x&keyword=y', false],
    ['', false],
  ])('a query has a key under another name: %s: %j', (query, is) => {
    expect(hasMisnamedKey(new URLSearchParams(query))).toBe(is)
  })

  test('is compared by its whole hash', () => {
    const { hash } = makeKey('FULL')
    expect(isSameHash(hash, hash)).toBe(true)
    expect(isSameHash(hash, `${hash.slice(0, -1)}${hash.endsWith('0') ? '1' : '0'}`)).toBe(false)
    expect(isSameHash(hash, hash.slice(0, -1))).toBe(false)
    expect(isSameHash(hash, `${hash}0`)).toBe(false)
  })

  test('has a token for feeds that tells its prefix, and neither the key nor its hash', () => {
    for (const kind of ['FULL', 'FEED'] as const) {
      const key = makeKey(kind)
      const token = feedTokenOf(key)
      expect(token).toMatch(kind === 'FULL' ? /^k[0-9a-f]{8}[\w-]{43}$/ : /^f[0-9a-f]{8}[\w-]{43}$/)
      expect(prefixOfFeedToken(token)).toBe(key.prefix)
      expect(feedTokenOf(key)).toBe(token)
      expect(token).not.toContain(key.text.slice(13))
      expect(feedTokenOf({ ...key, hash: makeKey(kind).hash })).not.toBe(token)
    }
  })

  test.each([
    '',
    'k',
    `x0123abcd${'x'.repeat(43)}`,
    `k0123abcd${'x'.repeat(42)}`,
    `k0123abcd${'x'.repeat(44)}`,
  ])('has no such token as "%s"', (token) => expect(prefixOfFeedToken(token)).toBeNull())
})

describe('the address of a feed', () => {
  test.each([
    ['/feeds/rss.xml', null],
    ['/feeds/p/TOKEN/rss.xml', 'TOKEN'],
    ['/feeds/p/TOKEN?x=/feeds/p/OTHER/', 'TOKEN'],
    ['/feeds/p/TOKEN', 'TOKEN'],
    ['/feeds/p/', ''],
    ['/feeds/person/p/rss.xml', null],
    ['/other/feeds/p/TOKEN/rss.xml', null],
  ])('%s has the token %j', (path, token) => {
    expect(feedTokenIn(path)).toBe(token)
  })

  test.each([
    ['/feeds/rss.xml', '/feeds/rss.xml'],
    ['/feeds/p/TOKEN/rss.xml?after=1', '/feeds/rss.xml?after=1'],
    ['/feeds/p/TOKEN', '/feeds'],
  ])('%s without its token is %s', (path, without) => {
    expect(withoutFeedToken(path)).toBe(without)
  })

  test.each([
    ['/feeds/rss.xml', '/feeds/p/T/rss.xml'],
    ['/feeds/p/OLD/rss.xml', '/feeds/p/T/rss.xml'],
    ['/feeds/rss.xml?key=secret', '/feeds/p/T/rss.xml'],
    ['/feeds/rss.xml?a=1&key=secret&b=2&key=other', '/feeds/p/T/rss.xml?a=1&b=2'],
    ['/feeds/rss.xml?a=what?', '/feeds/p/T/rss.xml?a=what%3F'],
  ])('%s with another token, and without a key, is %s', (path, own) => {
    expect(withFeedToken(path, 'T')).toBe(own)
  })
})
