import { describe, expect, test } from 'vitest'
import { commentFeedHint, parseCommentFeedHint } from '../../src/changelog/comment-feed-hint.ts'
import { decodeCommentFeedCursor, encodeCommentFeedCursor } from '../../src/comment-feed/cursor.ts'
import { Payload } from '../../src/comment-feed/payload.ts'

// What leaves the process and comes back from outside: cursors, hints, and events on the wire.

const history = '0a1b2c3d-0000-4000-8000-000000000001'
const articleId = 'ffffffff-0000-4000-8000-000000000002'
const encode = (text: string) => Buffer.from(text).toString('base64url')

describe('a feed’s cursor', () => {
  test.each([0, 1, 9, 10, 1_000, 2_147_483_647, 9_999_999_999])(
    'is read as it was written, at %i',
    (position) => {
      const text = encodeCommentFeedCursor({ history, articleId, position })
      expect(text).toMatch(/^[\w-]+$/)
      expect(decodeCommentFeedCursor(text)).toEqual({ history, articleId, position })
    },
  )

  test('has the form that clients of earlier releases hold', () => {
    expect(encodeCommentFeedCursor({ history, articleId, position: 7 })).toBe(
      encode(`${history}/${articleId}/7`),
    )
  })

  test.each([
    ['nothing', ''],
    ['words', 'garbage'],
    ['a position that is negative', encode(`${history}/${articleId}/-1`)],
    ['a position with a zero in front', encode(`${history}/${articleId}/01`)],
    ['a position that is no whole number', encode(`${history}/${articleId}/1.5`)],
    ['a position of eleven digits', encode(`${history}/${articleId}/10000000000`)],
    ['no position', encode(`${history}/${articleId}/`)],
    ['no history', encode(`${articleId}/7`)],
    ['a short history', encode(`${history.slice(1)}/${articleId}/7`)],
    ['a long story', encode(`${history}/${articleId}0/7`)],
    ['letters that no id has', encode(`${history.replace('a', 'g')}/${articleId}/7`)],
    ['capital letters', encode(`${history}/${articleId.toUpperCase()}/7`)],
    ['something before it', encode(`x${history}/${articleId}/7`)],
    ['something behind it', encode(`${history}/${articleId}/7 `)],
    ['a line behind it', encode(`${history}/${articleId}/7\n`)],
    ['four parts', encode(`${history}/${articleId}/7/8`)],
  ])('is none: %s', (_what, text) => {
    expect(decodeCommentFeedCursor(text)).toBeNull()
  })
})

describe('a hint', () => {
  test.each([undefined, false, true])(
    'is read as it was sent, with visibilityChanged %j',
    (visibilityChanged) => {
      const { channel, payload } = commentFeedHint({ articleId, position: 7, visibilityChanged })
      expect(channel).toBe('dateline_feed')
      expect(parseCommentFeedHint(payload)).toEqual({
        articleId,
        position: 7,
        visibilityChanged: visibilityChanged === true,
      })
    },
  )

  test.each([
    ['', null],
    ['{', null],
    ['null', null],
    ['7', null],
    ['"text"', null],
    ['{}', null],
    ['{"articleId":"a"}', null],
    ['{"position":1}', null],
    ['{"articleId":7,"position":1}', null],
    ['{"articleId":"a","position":"1"}', null],
    ['{"articleId":"a","position":1.5}', null],
    ['{"articleId":"a","position":null}', null],
    ['{"articleId":"a","position":0}', { articleId: 'a', position: 0, visibilityChanged: false }],
    [
      '{"articleId":"a","position":1,"visibilityChanged":"true"}',
      { articleId: 'a', position: 1, visibilityChanged: false },
    ],
    ['{"articleId":"a","position":1,"more":1}', { articleId: 'a', position: 1, visibilityChanged: false }],
  ])('that says %s is read as %j', (payload, hint) => {
    expect(parseCommentFeedHint(payload)).toEqual(hint)
  })
})

describe('a result on the wire', () => {
  test('is JSON in UTF-8', () => {
    expect(new Payload({ data: 'é' }, null).json).toEqual(Buffer.from('{"data":"é"}'))
  })

  test('is an event whose id is its cursor', () => {
    const payload = new Payload({ data: 1 }, 'the-cursor')
    expect(String(payload.eventStream)).toBe('id: the-cursor\nevent: next\ndata: {"data":1}\n\n')
    // Made once for all who are sent it.
    expect(payload.eventStream).toBe(payload.eventStream)
  })

  test('is an event without an id when it has no cursor', () => {
    expect(String(new Payload({ errors: [] }, null).eventStream)).toBe('event: next\ndata: {"errors":[]}\n\n')
  })

  test('is one event although its texts have several lines', () => {
    expect(String(new Payload({ data: 'a\n\nb\r' }, null).eventStream)).toBe(
      'event: next\ndata: {"data":"a\\n\\nb\\r"}\n\n',
    )
  })
})
