import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TextMap } from '../../src/base/text-map.ts'

/** Texts that often have the same length and ends. */
const texts = fc
  .tuple(
    fc.constantFrom('', 'a', 'é', 'x'.repeat(64)),
    fc.constantFrom('', ...'bcdefghi'),
    fc.constantFrom('', 'y'.repeat(64)),
  )
  .map((parts) => parts.join(''))

test('a map of texts answers like a Map, whatever is set and deleted in it', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('set', 'set', 'delete'), texts, fc.nat(9)), {
    maxLength: 60,
  })
  fc.assert(
    fc.property(steps, (history) => {
      const expected = new Map<string, number>()
      const found = new TextMap<number>()
      for (const [step, text, value] of history) {
        if (step === 'set') {
          expected.set(text, value)
          found.set(text, value)
        } else {
          expected.delete(text)
          found.delete(text)
        }
        for (const [, each] of history) expect(found.get(each)).toBe(expected.get(each))
      }
    }),
  )
})

test('a short text is not mistaken for the ends of a long one', () => {
  const long = `${'a'.repeat(64)}middle${'b'.repeat(64)}`
  const short = `${long.length} ${'a'.repeat(64)}${'b'.repeat(64)}`.slice(0, 128)
  const map = new TextMap<string>()
  map.set(long, 'long')
  map.set(short, 'short')
  expect([map.get(long), map.get(short)]).toEqual(['long', 'short'])
})
