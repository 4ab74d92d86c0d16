import { expect, it } from 'vitest'
import { checkComplexity, PageTooComplex } from '../../src/ingest/limits.ts'

const many = (part: string, count: number) => part.repeat(count)
const attributes = (count: number) => `<p ${Array.from({ length: count }, (_, i) => `a${i}`).join(' ')}>`

/** As many characters of text, in few pieces. */
const text = (length: number) => 'x'.repeat(length)

it.each<[string, (count: number) => string, number]>([
  ['20,000 elements', (count) => many('<br>', count), 20_000],
  ['256 levels', (count) => many('<div>', count), 256],
  [
    '500,000 levels of all elements',
    (count) =>
      `${many('<i>', 249)}${many('<br>', 1_874)}${many('</i>', 249)}${many('<br>', count - 499_625)}`,
    500_000,
  ],
  ['100 attributes of an element', attributes, 100],
  [
    '40,000 attributes',
    (count) => `${many(attributes(100), 399)}${attributes(99)}<p ${many('b ', count - 39_999)}>`,
    40_000,
  ],
  ['60,000 comments', (count) => many('<!---->', count), 60_000],
  [
    '60,000 comments, elements and pieces of text',
    (count) => many('<!----><br>x', 20_000 - 1) + many('<!---->', count - 59_997),
    60_000,
  ],
  ['2,000,000 characters', text, 2_000_000],
  [
    '2,000,000 characters behind a script',
    (count) => `<script>a</script><style>b</style>${text(count)}`,
    2_000_000,
  ],
  ['4,000 characters of a class', (count) => `<p class="${text(count)}">`, 4_000],
])('a page may have %s, and no more', (_, page, most) => {
  expect(() => checkComplexity(page(most))).not.toThrow()
  expect(() => checkComplexity(page(most + 1))).toThrow(PageTooComplex)
})

it('what scripts and style sheets hold is no text, however long', () => {
  const long = text(2_000_001)
  expect(() => checkComplexity(`<script>${long}</script><style>${long}</style><p>x`)).not.toThrow()
  expect(() => checkComplexity(`<p><b>x</b></p><script>${long}</script>`)).not.toThrow()
})

it('attributes are counted for each element anew, and other long ones are let through', () => {
  expect(() => checkComplexity(many(attributes(60), 3))).not.toThrow()
  expect(() => checkComplexity(`<p style="${text(4_001)}">`)).not.toThrow()
})

it('a class is one in capitals too', () => {
  expect(() => checkComplexity(`<p CLASS="${text(4_001)}">`)).toThrow(
    'a class attribute with more than 4,000',
  )
})

it('elements that end are no longer around those that follow', () => {
  expect(() => checkComplexity(many('<div></div>', 1_000))).not.toThrow()
})
