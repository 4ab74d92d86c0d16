import { describe, expect, it } from 'vitest'
import { isSameArticle } from '../../src/ingest/same-article.ts'
import { isSameHeadline, isSimilarHeadline } from '../../src/ingest/same-headline.ts'

it.each([
  ['Ferry line is reopened', 'Ferry line is reopened!', true, true],
  ['Ferry line reopened', 'Ferry line reopened today', true, true],
  ['Live: council meets on wall', 'Live: council meets on wall tonight', true, true],
  ['Live: council meets on wall', 'Live: comet seen on Friday', false, false],
  ['Match report: Alton 2 Belton 1', 'Match report: Celton 0 Denton 3', false, false],
  ['Match report: Alton 2 Belton 1', 'Match report: Alton 2 Belton 2', false, true],
  ['Wall number 16', 'Goal number 16', false, false],
  ['Storm kills 3 in the north', 'Storm kills 5 in the north', false, true],
  ['Trial of Ann Smith opens in Leeds', 'Trial of Ann Jones opens in Leeds', false, true],
])('"%s" and "%s" are the same headline: %s, and similar: %s', (one, other, same, similar) => {
  expect([isSameHeadline(one, other), isSameHeadline(other, one)]).toEqual([same, same])
  expect([isSimilarHeadline(one, other), isSimilarHeadline(other, one)]).toEqual([similar, similar])
})

describe('a page is a version of a stored story', () => {
  const blocks = (text: string) => [{ kind: 'PARAGRAPH' as const, text }]
  const text = 'The ferry between the mainland and the islands sails again after a winter of repairs.'
  const stored = {
    canonicalUrl: 'https://a.example/shared-page-of-day',
    headlines: ['Ferry line is reopened'],
    blocks: blocks(text),
  }
  const page = { headline: 'Islands served', blocks: blocks(text), readFrom: null }
  const other = blocks('Members of the council decide tomorrow where the pupils go from May.')
  const [a, b] = ['https://a.example/own/a-b-c', 'https://a.example/own/d-e-f']
  const headline = 'Ferry line is reopened'

  it.each([
    ['its text is the same', page, stored, true],
    ['its headline is the same', { ...page, headline, blocks: other }, stored, true],
    ['nothing is the same', { ...page, blocks: other }, stored, false],
    ['it was read there', { ...page, blocks: other, readFrom: `${stored.canonicalUrl}/` }, stored, true],
    [
      'it was read there, and states another address than the stored one',
      { ...page, readFrom: stored.canonicalUrl, statedUrl: b },
      { ...stored, ownUrl: a },
      false,
    ],
    ['its text is the same and it states another address', { ...page, statedUrl: b }, stored, false],
    [
      'its headline is the same and it states another address',
      { ...page, headline, statedUrl: b },
      stored,
      true,
    ],
    [
      'its headline is the same, but neither text nor stated address',
      { ...page, headline, blocks: other, statedUrl: b },
      { ...stored, ownUrl: a },
      false,
    ],
    ['its text and stated address are the same', { ...page, statedUrl: a }, { ...stored, ownUrl: a }, true],
    ['its text is the same, read from elsewhere', { ...page, readFrom: b }, stored, true],
    [
      'its text is the same, both read from elsewhere',
      { ...page, readFrom: b },
      { ...stored, ownUrl: a },
      false,
    ],
    [
      'its text is the same, read with a query',
      { ...page, readFrom: `${stored.canonicalUrl}?from=feed` },
      { ...stored, ownUrl: a },
      true,
    ],
  ])('%s', (_, compared, against, is) => {
    expect(isSameArticle(compared, against)).toBe(is)
  })
})
