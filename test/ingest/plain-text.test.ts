import { describe, expect, it } from 'vitest'
import { type PageElement, parseDocument } from '../../src/ingest/dom.ts'
import { plain, plainFromHtml } from '../../src/ingest/text.ts'
import { labelTextOf, textOf } from '../../src/ingest/text-of.ts'

describe('plain text', () => {
  it.each([
    [' a \n\t b\u00a0\u2009c\u2028d ', 'a b c d'],
    ['a\u200bb', 'a b'],
    ['a\u0000\u0007\u202e\u00ad\u2060b', 'ab'],
    ['a\ufffc\ufffe\uffffb', 'ab'],
    ['a\ud800b', 'ab'],
    ['👩\u200d🚒', '👩\u200d🚒'],
    ['می\u200cخواهم', 'می\u200cخواهم'],
    ['\u200ca b\u200c \u200d', 'a b'],
    ['a \u200c b', 'a b'],
    ['\u0600١', '\u0600١'],
    ['e\u0301', 'é'],
    [`a${'\u0316'.repeat(31)}`, `a${'\u0316'.repeat(30)}`],
    ['', ''],
  ])('%j is %j', (text, expected) => {
    expect(plain(text)).toBe(expected)
  })
})

describe('a text that may have tags', () => {
  it.each([
    ['a<b>b</b>c', 'abc'],
    ['<p>a</p><p>b</p>', 'a b'],
    ['a<br>b', 'a b'],
    ['a<td>b', 'a b'],
    ['E=mc<sup>2</sup>', 'E=mc²'],
    ['10<sup>th</sup>', '10th'],
    ['<ruby>東京<rp>(</rp><rt>とうきょう</rt><rp>)</rp></ruby>へ', '東京へ'],
    ['2<sup>n</sup>, Ca<sup>2+</sup>, 5<sup>1</sup>⁄<sub>2</sub>', '2ⁿ, Ca²⁺, 5¹⁄₂'],
    ['said<q>no</q>.', 'said “no”.'],
    ['2<sup>n<sup>2</sup></sup>, 1</sup></q></del>', '2 n2, 1'],
    ['a <del>five</del><ins>six</ins>', 'a six'],
    ['a &amp; b', 'a & b'],
    ['a &amp;amp; b', 'a & b'],
    ['a &amp;amp;amp; b', 'a &amp; b'],
    ['&lt;p&gt;a&lt;/p&gt;', 'a'],
    ['a<script>x</script>b<style>y</style>c', 'abc'],
    ['1 < 2 & 3', '1 < 2 & 3'],
    ['a<!-- b -->c', 'ac'],
    ['&#65;&eacute;', 'Aé'],
    ['a &b', 'a &b'],
  ])('"%s" is "%s"', (html, text) => {
    expect(plainFromHtml(html)).toBe(text)
  })

  it('is cut at 100,000 characters, or at fewer', () => {
    expect(plainFromHtml('x'.repeat(100_001))).toHaveLength(100_000)
    expect(plainFromHtml('<b>abc</b>', 5)).toBe('ab')
  })
})

describe('the text of an element', () => {
  const element = (html: string): PageElement =>
    parseDocument(`<html><body><div id="x">${html}</div></body></html>`).querySelector('#x')!

  it.each([
    ['a<span>b</span>c', 'abc', 'a b c'],
    ['a<b>b</b>c', 'abc', 'abc'],
    ['<a>a</a><a>b</a>', 'ab', 'a b'],
    ['<a>a</a>-<a>b</a>', 'a-b', 'a-b'],
    ['<a>a</a><b>b</b>', 'ab', 'ab'],
    ['<p>a</p>b', 'a b', 'a b'],
    ['a<br>b', 'a b', 'a b'],
    ['<td>a</td><td>b</td>', 'a b', 'a b'],
    ['a<wbr>b', 'ab', 'ab'],
    ['<time>a</time>b', 'ab', 'a b'],
    ['a<cite>b</cite>', 'ab', 'a b'],
    ['<cite>a</cite>, b', 'a, b', 'a, b'],
    ['<cite>a</cite>–<cite>b</cite>', 'a–b', 'a – b'],
    ['a<script>x</script><style>y</style><template>z</template><noscript>n</noscript>b', 'ab', 'ab'],
    ['a<svg><title>x</title></svg>b', 'ab', 'ab'],
    ['a<!-- x -->b', 'ab', 'ab'],
  ])('%s is "%s", and "%s" around a story', (html, text, label) => {
    expect([textOf(element(html)), labelTextOf(element(html))]).toEqual([text, label])
  })

  it.each([
    ['10<sup>th</sup>', '10th'],
    ['XIV<sup>e</sup>', 'XIVe'],
    ['n<sup>º</sup> 3', 'nº 3'],
    ['N<sup>o.</sup>', 'No.'],
    ['word<sup>th</sup>', 'word th'],
    ['10<sup>abcde</sup>', '10 abcde'],
    ['km<sup>2</sup>', 'km²'],
    ['10<sup>-3</sup>', '10⁻³'],
    ['2<sup>1234</sup>', '2 1234'],
    ['ten<sup>2</sup>', 'ten²'],
    ['E=mc<sup>2</sup>.', 'E=mc².'],
    ['footnote<sup>12</sup> more', 'footnote¹² more'],
    ['“end.”<sup>3</sup>', '“end.”³'],
    ['<sup>1</sup>Source', '1 Source'],
    ['a <sup>1</sup>', 'a 1'],
    ['<ruby>東京<rp>(</rp><rt>とうきょう</rt><rp>)</rp></ruby>へ', '東京へ'],
    ['item<sup>2</sup>', 'item²'],
    ['x<sup>1,2</sup>', 'x 1,2'],
    ['H<sub>2</sub>O', 'H2O'],
    ['(OH)<sub>2</sub>', '(OH)2'],
    ['H<sub>long</sub>', 'H long'],
    ['H <sub>2</sub>', 'H 2'],
    ['<b>1</b><b>0</b><sup><i>t</i>h</sup>', '10th'],
    ['2<sup>n</sup>, e<sup>x</sup>', '2ⁿ, eˣ'],
    ['e<sup>-kt</sup>, 2<sup>n + 1</sup>, x<sup>2n</sup>', 'e⁻ᵏᵗ, 2ⁿ⁺¹, x²ⁿ'],
    ['2<sup>q</sup>, 2<sup>q+1</sup>, 10<sup>2.5</sup>, 8<sup>1/3</sup>', '2^q, 2^(q+1), 10^2.5, 8^(1/3)'],
    ['1980<sup>s</sup>, 2<sup>e</sup>, 1<sup>a</sup>', '1980s, 2e, 1a'],
    ['note<sup>n</sup>, more', 'note n, more'],
    ['5<sup>1</sup>⁄<sub>2</sub>', '5¹⁄₂'],
    ['a <sup>1</sup>/<sub>2</sub> mile', 'a 1/2 mile'],
    ['Ca<sup>2+</sup>, Na<sup>+</sup>, SO<sub>4</sub><sup>2–</sup>', 'Ca²⁺, Na⁺, SO4²⁻'],
    ['Canal<sup>+</sup>, Word<sup>®</sup>', 'Canal+, Word®'],
    ['x<sup>1,2</sup>, y<sup>*</sup>.', 'x 1,2, y *.'],
    ['she said<q>no</q>and left', 'she said “no” and left'],
    ['<q>a <q>b</q></q>', '“a ‘b’”'],
    ['(<q> no </q>)', '(“no”)'],
    ['“<q></q>”, <q>“no”</q>', '“”, “no”'],
    ['<p lang="fr">l’<q>urgence</q>.</p>', 'l’«urgence».'],
    ['<p lang="de-AT">das<q>Nein</q></p>', 'das „Nein“'],
    ['<p lang="ja">彼は<q>いいえ</q>と</p>', '彼は「いいえ」と'],
    ['was<del>five</del><ins>six</ins>', 'was six'],
    ['colo<del>u</del>r', 'color'],
    ['<s>$5</s> $4, <strike>a</strike>b', '$4, b'],
    ['<math>\n<mi>E</mi>\n<mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup></math>', 'E=mc²'],
    [
      '<math><semantics><mfrac><mi>a</mi><mn>2</mn></mfrac><annotation>x</annotation></semantics></math>',
      'a/2',
    ],
    ['price<span style="display:block">block span</span>after', 'price block span after'],
  ])('%s is "%s"', (html, text) => {
    expect(textOf(element(html))).toBe(text)
  })

  it('is read as far as it is asked for, to the end of a piece', () => {
    const html = '<b>aaaa</b><b>bbbb</b><b>cccc</b>'
    expect(textOf(element(html), 3)).toBe('aaaa')
    expect(textOf(element(html), 4)).toBe('aaaabbbb')
  })
})
