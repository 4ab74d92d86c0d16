import { expect, test } from 'vitest'
import { foldCharacter, foldedCharacters } from '../../src/entity/letters.ts'
import { normaliseCased, normaliseName } from '../../src/entity/names.ts'

test('however many characters clients send, at most 10,000 are remembered', () => {
  const every = Array.from({ length: 60_000 }, (_, i) => String.fromCodePoint(0x20000 + i)).join('')
  normaliseName(every)
  normaliseCased(every)
  expect(foldedCharacters.caseless.size).toBeLessThanOrEqual(10_000)
  expect(foldedCharacters.cased.size).toBeLessThanOrEqual(10_000)
  expect(normaliseName('Şêrko Bêkes')).toBe('serko bekes')
  expect(foldCharacter('É')).toEqual({ kind: 'letters', text: 'e' })
  expect(foldCharacter('É', true)).toEqual({ kind: 'letters', text: 'E' })
})
