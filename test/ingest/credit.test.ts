import { describe, expect, it } from 'vitest'
import { isAgency, isCreditLine, splitCaption, splitCredit } from '../../src/ingest/credit.ts'
import { linkedCredit } from '../../src/ingest/credit-node.ts'
import { parseDocument } from '../../src/ingest/dom.ts'
import { LinkedData } from '../../src/ingest/json-ld.ts'

describe('a credit line', () => {
  it.each([
    ['Omar Lens / AFP', { credit: 'Omar Lens / AFP', photographer: 'Omar Lens', agency: 'AFP' }],
    ['AFP/Getty', { credit: 'AFP/Getty', agency: 'AFP / Getty Images' }],
    ['Getty Images via AFP', { credit: 'Getty Images via AFP', agency: 'Getty Images / AFP' }],
    ['AFP / Agence France-Presse', { credit: 'AFP / Agence France-Presse', agency: 'AFP' }],
    [
      'Photo: Omar Lens/Reuters',
      { credit: 'Omar Lens/Reuters', photographer: 'Omar Lens', agency: 'Reuters' },
    ],
    ['(AP Photo/Omar Lens)', { credit: 'AP Photo/Omar Lens', photographer: 'Omar Lens', agency: 'AP' }],
    ['[Omar Lens/EPA]', { credit: 'Omar Lens/EPA', photographer: 'Omar Lens', agency: 'EPA' }],
    ['© Omar Lens', { credit: 'Omar Lens', photographer: 'Omar Lens' }],
    ['Foto: dpa', { credit: 'dpa', agency: 'dpa' }],
    [
      'Omar Lens, Ida Shutter/Reuters',
      { credit: 'Omar Lens, Ida Shutter/Reuters', photographer: 'Omar Lens', agency: 'Reuters' },
    ],
    [
      'Omar Lens for Reuters',
      { credit: 'Omar Lens for Reuters', photographer: 'Omar Lens', agency: 'Reuters' },
    ],
    [
      'Omar Lens – Anadolu Agency',
      { credit: 'Omar Lens – Anadolu Agency', photographer: 'Omar Lens', agency: 'Anadolu' },
    ],
    ['picture alliance / dpa', { credit: 'picture alliance / dpa', agency: 'dpa' }],
    ['Harbour Police', { credit: 'Harbour Police' }],
    ['Omar', { credit: 'Omar' }],
    ['Omar Lens 2024', { credit: 'Omar Lens 2024' }],
    ['A. B. C. D. E. Lens', { credit: 'A. B. C. D. E. Lens' }],
    ['Reuters.', { credit: 'Reuters', agency: 'Reuters' }],
    ['/ Reuters /', { credit: 'Reuters', agency: 'Reuters' }],
  ])('"%s" is split', (line, credit) => {
    expect(splitCredit(line)).toEqual(credit)
  })

  it.each(['', '   ', '2024', '©', 'Photo:', 'x'.repeat(161), 'Name / AFP'.padEnd(1_001, 'x')])(
    '"%s" is none',
    (line) => {
      expect(splitCredit(line)).toBeUndefined()
    },
  )

  it('may have 160 characters, or 60 when it does not say itself where it begins', () => {
    const line = (length: number) => ' (Photo: Omar Lens)'.padStart(length, 'x')
    expect(splitCredit(line(160))?.credit).toBe('Omar Lens')
    expect(splitCredit(line(161))).toBeUndefined()
    expect(splitCredit('x'.repeat(60))?.credit).toHaveLength(60)
    expect(splitCredit('x'.repeat(61))).toBeUndefined()
    expect(isCreditLine(`Photo: ${'x'.repeat(153)}`)).toBe(true)
    expect(isCreditLine(`Photo: ${'x'.repeat(154)}`)).toBe(false)
  })

  it('that holds a whole caption is its end', () => {
    const line = 'A street in the lower town on Monday, two days after the flood. (Photo: Omar Lens/AFP)'
    expect(splitCredit(line)).toEqual({
      credit: 'Omar Lens/AFP',
      photographer: 'Omar Lens',
      agency: 'AFP',
    })
  })
})

it.each([
  ['A pier. (Photo: Omar Lens)', 'A pier.', 'Omar Lens'],
  ['A pier [Omar Lens/Reuters]', 'A pier', 'Omar Lens/Reuters'],
  ['A pier (in winter)', 'A pier (in winter)', undefined],
  ['A pier. Photo: Omar Lens', 'A pier.', 'Omar Lens'],
  ['A pier | Image credit: Omar Lens', 'A pier', 'Omar Lens'],
  ['A pier © Omar Lens', 'A pier', 'Omar Lens'],
  ['A pier. Omar Lens/Reuters', 'A pier.', 'Omar Lens/Reuters'],
  ['A pier. Reuters', 'A pier.', 'Reuters'],
  ['A pier. Somebody else', 'A pier. Somebody else', undefined],
  ['A telephoto: the pier', 'A telephoto: the pier', undefined],
  ['Photo: Omar Lens', undefined, 'Omar Lens'],
  ['', undefined, undefined],
])('the caption "%s" is "%s" with the credit "%s"', (text, caption, credit) => {
  const split = splitCaption(text)
  expect([split.caption, split.credit?.credit]).toEqual([caption, credit])
})

it.each([
  ['AFP', true],
  ['afp', true],
  ['AFP Photo', true],
  ['AFP Pool', true],
  ['Photo AFP', true],
  ['The Associated Press', true],
  ['رويترز', true],
  ['EPA-EFE', true],
  ['Omar Lens', false],
  ['Photo', false],
  ['', false],
])('"%s" is an agency: %s', (name, is) => {
  expect(isAgency(name)).toBe(is)
  expect(isCreditLine(name)).toBe(is)
})

describe('a picture in linked data', () => {
  const credited = (image: object) => {
    const html = `<script type="application/ld+json">${JSON.stringify(image)}</script><p>x`
    const data = new LinkedData(parseDocument(html))
    return linkedCredit(data, image as never)
  }

  it.each([
    [
      { caption: 'A pier', creditText: 'Omar Lens / AFP' },
      { caption: 'A pier', credit: 'Omar Lens / AFP' },
    ],
    [{ caption: 'A pier (Photo: Omar Lens)' }, { caption: 'A pier', credit: 'Omar Lens' }],
    [
      { caption: 'A pier (Photo: Omar Lens)', copyrightNotice: 'AFP' },
      { caption: 'A pier', credit: 'AFP' },
    ],
    [{ creditText: 'Reuters', copyrightNotice: 'AFP' }, { credit: 'Reuters' }],
    [
      { author: { name: 'Omar Lens' }, copyrightHolder: [{ name: 'AFP' }, 'Reuters'] },
      { credit: 'Omar Lens / AFP / Reuters', agency: 'AFP / Reuters', photographer: 'Omar Lens' },
    ],
    [{ author: 'Omar Lens', creator: 'Ida Shutter' }, { credit: 'Omar Lens' }],
    [{ creator: { name: 'Ida Shutter' } }, { credit: 'Ida Shutter' }],
  ])('%j', (image, credit) => {
    expect(credited(image)).toMatchObject(credit)
  })

  it('without words has none', () => {
    expect(credited({ url: 'https://a.example/a.jpg' })).toEqual({})
  })
})
