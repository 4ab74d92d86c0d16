import { describe, expect, test } from 'vitest'
import { checkLimits, checkText } from '../../src/editing/limits.ts'

const at = (path: string[], value: unknown): object =>
  path.reduceRight<unknown>((inner, name) => (name === '[]' ? [inner] : { [name]: inner }), value) as object

describe('a text that an editor hands in', () => {
  test.each([
    ['headline', 500],
    ['kicker', 500],
    ['byline', 500],
    ['language', 500],
    ['slug', 500],
    ['standfirst', 2_000],
    ['url', 2_000],
    ['leadImage.url', 2_000],
    ['leadImage.alt', 2_000],
    ['leadImage.caption', 2_000],
    ['leadImage.usageTerms', 2_000],
    ['leadImage.credit', 500],
    ['leadImage.photographer', 500],
    ['leadImage.agency', 500],
    ['topic.name', 500],
    ['dateline.place', 500],
    ['blocks.[].paragraph.text', 20_000],
    ['blocks.[].embed.provider', 500],
    ['people.[].rolesAsPrinted.[]', 500],
    ['leadImage.partners.[]', 500],
  ])('has at "%s" up to %i characters', (place, most) => {
    const path = place.split('.')
    const field = place.replaceAll('.[]', '[0]')
    checkLimits(at(path, 'x'.repeat(most)))
    expect(() => checkLimits(at(path, 'x'.repeat(most + 1)))).toThrow(
      expect.objectContaining({
        field,
        message: `"${field}" has ${most + 1} characters. The maximum is ${most}.`,
      }),
    )
  })

  test.each(['\u0000', '\u0008', '\u000b', '\u000c', '\r', '\u001b', '\u001f', '\u007f', '\u0080', '\u009f'])(
    'has no control character such as %j',
    (character) => {
      expect(() => checkText('text', `a${character}b`)).toThrow('"text" contains control characters.')
    },
  )

  test('may have tabs, line feeds, and characters of any script', () => {
    checkText('text', 'a\tb\nc\u00a0d هەولێر\u200c 🌧')
  })
})

describe('a list that an editor hands in', () => {
  test.each([
    ['blocks', 500],
    ['people', 200],
    ['organisations', 200],
    ['people.[].rolesAsPrinted', 10],
    ['leadImage.partners', 200],
  ])('has at "%s" up to %i items', (place, most) => {
    const path = place.split('.')
    const field = place.replaceAll('.[]', '[0]')
    checkLimits(at(path, Array(most).fill('x')))
    expect(() => checkLimits(at(path, Array(most + 1).fill('x')))).toThrow(
      expect.objectContaining({
        field,
        message: `"${field}" has ${most + 1} items. The maximum is ${most}.`,
      }),
    )
  })

  test('names the place of what is wrong in it', () => {
    const blocks = [{ paragraph: { text: 'a' } }, { image: { url: '/a', alt: '\u0000' } }]
    expect(() => checkLimits({ blocks })).toThrow(expect.objectContaining({ field: 'blocks[1].image.alt' }))
  })
})

test('what is no text and no list has no limits', () => {
  checkLimits({ publishedAt: new Date(), kicker: null, topic: undefined, open: true, level: 2 })
})
