import { describe, expect, test } from 'vitest'
import {
  isBefore,
  readChangeCursor,
  readCursor,
  START,
  UnknownCursor,
  writeChangeCursor,
  writeRemovalCursor,
} from '../../src/syndication/cursor.ts'

const EPOCH = '0198a000-0000-4000-8000-00000000abcd'
const A = '0198a000-0000-7000-8000-00000000000a'
const B = '0198a000-0000-7000-8000-00000000000b'
const place = (position: number, within: string | null = null) => ({ position, within })
const encoded = (text: string) => Buffer.from(text).toString('base64url')

test('a place comes before another by its position, and within a licence change by the story', () => {
  const places = [START, place(0, A), place(0, B), place(1), place(1, A), place(2), place(10)]
  for (const [i, a] of places.entries()) {
    for (const [j, b] of places.entries()) expect([i, j, isBefore(a, b)]).toEqual([i, j, i < j])
  }
})

test.each([
  ['the beginning', START, null],
  ['a position', place(12), null],
  ['a story of a licence change', place(12, A), null],
  ['removals that were told further on', place(12), place(13)],
  ['removals that were told up to a story', place(12, A), place(12, B)],
])('a cursor of changes says again what was written: %s', (_what, at, ahead) => {
  const cursor = writeChangeCursor({ epoch: EPOCH, ...at, ahead })
  expect(cursor).toMatch(/^[\w-]+$/)
  const read = { epoch: EPOCH, ...at, ahead }
  expect(readChangeCursor(cursor, EPOCH)).toEqual(read)
  expect(readCursor(cursor, EPOCH)).toEqual({ feed: 'changes', ...read })
})

test.each([place(12), place(11), place(3, A)])('removals told up to %j are not ahead of 12', (ahead) => {
  const cursor = writeChangeCursor({ epoch: EPOCH, ...place(12), ahead })
  expect(readChangeCursor(cursor, EPOCH).ahead).toBeNull()
})

test('a cursor of the removals is none of the changes, which it would leave out', () => {
  const cursor = writeRemovalCursor({ epoch: EPOCH, ...place(5, B) })
  expect(readCursor(cursor, EPOCH)).toEqual({ feed: 'removals', epoch: EPOCH, ...place(5, B), ahead: null })
  expect(() => readChangeCursor(cursor, EPOCH)).toThrow(
    new UnknownCursor('This cursor is from "removals". Send a cursor from "changes".'),
  )
})

describe('a cursor is not known', () => {
  test.each([
    '',
    'changes',
    `changes/${EPOCH}`,
    `changes/${EPOCH}/`,
    `changes/${EPOCH}/-1`,
    `changes/${EPOCH}/01`,
    `changes/${EPOCH}/1.5`,
    `changes/${EPOCH}/12345678901`,
    `changes/${EPOCH}/1.${A.toUpperCase()}`,
    `changes/${EPOCH}/1/`,
    `changes/${EPOCH}/1/1`,
    `changes/${EPOCH}/2/1`,
    `changes/${EPOCH}/1.${B}/1.${A}`,
    `changes/${EPOCH}/1/2/3`,
    `changes/${EPOCH}/1\n`,
    ` changes/${EPOCH}/1`,
    `comments/${EPOCH}/1`,
  ])('%j', (text) => {
    expect(() => readChangeCursor(encoded(text), EPOCH)).toThrow(UnknownCursor)
    const message = 'This is not a cursor of changes or removals. Send a cursor exactly as you received it.'
    expect(() => readCursor(encoded(text), EPOCH)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_CURSOR', message }),
    )
  })

  test('of another history, and only this tells the client to start again', () => {
    const message = expect.stringContaining('Start again without a cursor')
    for (const write of [writeChangeCursor, writeRemovalCursor]) {
      const cursor = write({ epoch: EPOCH, ...place(1) })
      expect(() => readCursor(cursor, '0198a000-0000-4000-8000-00000000ffff')).toThrow(
        expect.objectContaining({ code: 'UNKNOWN_CURSOR', message }),
      )
    }
  })
})
