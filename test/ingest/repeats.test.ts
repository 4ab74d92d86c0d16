import { describe, expect, it } from 'vitest'
import type { BlockDraft } from '../../src/articles/draft.ts'
import { withoutRepeatedRuns } from '../../src/ingest/repeats.ts'
import { Substrings } from '../../src/ingest/substrings.ts'

const paragraph = (text: string): BlockDraft => ({ kind: 'PARAGRAPH', text })
const image: BlockDraft = { kind: 'IMAGE', image: { url: 'https://a.example/a.jpg' } }
const texts = (blocks: BlockDraft[]) => blocks.map((block) => ('text' in block ? block.text : block.kind))
const left = (...blocks: string[]) => texts(withoutRepeatedRuns(blocks.map(paragraph)))

const A = 'a'.repeat(80)
const B = 'b'.repeat(80)
const C = 'c'.repeat(80)

describe('a run of text that a body has twice', () => {
  it.each([
    ['goes the second time', [A, B, 'x', A, B], [A, B, 'x']],
    ['goes every time', [A, B, A, B, A, B], [A, B]],
    ['goes to its end, and no further', [A, B, C, 'x', A, B, C, 'y'], [A, B, C, 'x', 'y']],
    ['goes where its spacing differs', [A, `${B} b`, 'x', A, ` ${B}\u00a0 b`], [A, `${B} b`, 'x']],
    ['stays when it is one block', [A, 'x', A], [A, 'x', A]],
    [
      'stays when it is shorter than 160 characters',
      [A, B.slice(1), 'x', A, B.slice(1)],
      [A, B.slice(1), 'x', A, B.slice(1)],
    ],
    ['does not reach into its repetition', [A, A, A, A], [A, A]],
    ['at the end', [C, A, B, A, B], [C, A, B]],
  ])('%s', (_, blocks, rest) => {
    expect(left(...blocks)).toEqual(rest)
  })

  it('goes with pictures between its blocks, which stay', () => {
    const blocks = [paragraph(A), paragraph(B), paragraph(A), image, paragraph(B)]
    expect(texts(withoutRepeatedRuns(blocks))).toEqual([A, B, 'IMAGE'])
  })
})

describe('the places of a text', () => {
  it.each([
    ['banana', true],
    ['anan', true],
    ['nana', true],
    ['bananas', false],
    ['abcd', false],
    ['an', true],
    ['xy', false],
    ['', true],
  ])('have "%s": %s', (wanted, has) => {
    expect(new Substrings('banana').has(wanted)).toBe(has)
  })

  it('are those of 300,000 characters, and of a thousand times one beginning', () => {
    const long = new Substrings(`${' '.repeat(299_996)}abcdefgh`)
    expect([long.length, long.has('abcd'), long.has('bcde')]).toEqual([300_004, true, false])
    const often = (times: number) => new Substrings(`${'abcd-'.repeat(times)}abcd+`)
    expect(often(999).has('abcd+')).toBe(true)
    expect(often(1_000).has('abcd+')).toBe(false)
  })
})
