import { describe, expect, it } from 'vitest'
import type { ImageDraft } from '../../src/articles/draft.ts'
import { type PageElement, parseDocument } from '../../src/ingest/dom.ts'
import { leadImage, pictureName, readFigure, readImage } from '../../src/ingest/images.ts'

const base = 'https://gazette.example/news/a'
const within = (html: string, selector: string): PageElement =>
  parseDocument(`<html><body>${html}</body></html>`).querySelector(selector)!

describe('the picture of an <img>', () => {
  it.each([
    ['src="/a.jpg"', 'https://gazette.example/a.jpg'],
    ['src="a.jpg"', 'https://gazette.example/news/a.jpg'],
    ['src="//cdn.example/a.jpg"', 'https://cdn.example/a.jpg'],
    ['src="/a.jpg" data-src="/b.jpg"', 'https://gazette.example/b.jpg'],
    ['src="/a.jpg" data-original="/b.jpg"', 'https://gazette.example/b.jpg'],
    ['src="/a.jpg" data-lazy-src="/b.jpg"', 'https://gazette.example/b.jpg'],
    ['data-src="data:image/gif;base64,x" src="/a.jpg"', 'https://gazette.example/a.jpg'],
    ['src="/placeholder.jpg" srcset="/a.jpg 100w, /b.jpg 200w"', 'https://gazette.example/a.jpg'],
    ['data-srcset="/a.jpg?x=1,2 1x, /b.jpg 2x"', 'https://gazette.example/a.jpg?x=1,2'],
    ['src="/a.jpg" width="100"', 'https://gazette.example/a.jpg'],
    ['src="/a.jpg" width="99"', undefined],
    ['src="/a.jpg" width="0"', 'https://gazette.example/a.jpg'],
    ['src="/a.jpg" width="100%"', 'https://gazette.example/a.jpg'],
    ['src="/logo.svg"', undefined],
    ['src="/blank.gif"', undefined],
    ['src="/spacer.png"', undefined],
    ['src="/1x1.png"', undefined],
    ['src="https://x.example/pixel?id=1"', undefined],
    ['src="javascript:x"', undefined],
    ['', undefined],
  ])('<img %s>', (attributes, url) => {
    expect(readImage(within(`<img ${attributes}>`, 'img'), base)?.url).toBe(url)
  })

  it('has its alternative text, when there is any', () => {
    expect(readImage(within('<img src="/a.jpg" alt=" A &amp;amp; B ">', 'img'), base)?.alt).toBe('A & B')
    expect(readImage(within('<img src="/a.jpg" alt=" ">', 'img'), base)).not.toHaveProperty('alt')
    const long = readImage(within(`<img src="/a.jpg" alt="${'x'.repeat(1_001)}">`, 'img'), base)
    expect(long?.alt).toHaveLength(1_000)
  })
})

describe('caption and credit of a <figure>', () => {
  const figure = (inner: string): Partial<ImageDraft> | undefined => {
    const read = readFigure(within(`<figure><img src="/a.jpg">${inner}</figure>`, 'figure'), base)
    if (!read) return undefined
    const { url: _, ...words } = read
    return words
  }
  const lens = { credit: 'Omar Lens/AFP', photographer: 'Omar Lens', agency: 'AFP' }

  it.each<[string, Partial<ImageDraft>]>([
    ['', {}],
    ['<figcaption>A pier</figcaption>', { caption: 'A pier' }],
    ['<figcaption>A pier. (Omar Lens/AFP)</figcaption>', { caption: 'A pier.', ...lens }],
    [
      '<figcaption>A pier<span class="credit">Omar Lens/AFP</span></figcaption>',
      { caption: 'A pier', ...lens },
    ],
    [
      '<figcaption>A pier</figcaption><span class="Copyright">Photo: Omar Lens/AFP</span>',
      { caption: 'A pier', ...lens },
    ],
    ['<figcaption>A pier <small>Omar Lens/AFP</small></figcaption>', { caption: 'A pier', ...lens }],
    ['<figcaption>A pier – <cite>Omar Lens/AFP</cite></figcaption>', { caption: 'A pier', ...lens }],
    ['<figcaption><p>A pier</p><p>Omar Lens/AFP</p></figcaption>', { caption: 'A pier', ...lens }],
    ['<figcaption><p>A pier</p><p>In winter</p></figcaption>', { caption: 'A pier In winter' }],
    ['<div class="wp-caption-text">A pier</div>', { caption: 'A pier' }],
    ['<div itemprop="caption">A pier</div>', { caption: 'A pier' }],
    ['<div class="legend">A pier</div>', { caption: 'A pier' }],
    ['<figcaption>Photo: Omar Lens/AFP</figcaption>', lens],
    ['<figcaption>A pier<span class="credit"> </span></figcaption>', { caption: 'A pier' }],
    [
      '<figcaption>A pier |<span class="credit">Omar Lens/AFP</span></figcaption>',
      { caption: 'A pier', ...lens },
    ],
    [
      '<figcaption>A pier</figcaption><span class="credit">AP</span>',
      { caption: 'A pier', credit: 'AP', agency: 'AP' },
    ],
    ['<p>A pier</p>', {}],
  ])('%s', (inner, words) => {
    expect(figure(inner)).toEqual(words)
  })

  it('a caption has at most 1,000 characters', () => {
    expect(figure(`<figcaption>${'word '.repeat(300)}</figcaption>`)?.caption?.length).toBeLessThanOrEqual(
      1_000,
    )
  })

  it('a figure without a picture has none', () => {
    expect(readFigure(within('<figure><p>x</p></figure>', 'figure'), base)).toBeUndefined()
    expect(readFigure(within('<figure><amp-img src="/a.jpg"></amp-img></figure>', 'figure'), base)?.url).toBe(
      'https://gazette.example/a.jpg',
    )
  })
})

describe('a lead picture', () => {
  const lead = (body: string, url = 'https://cdn.example/ferry-1200x800.jpg') =>
    leadImage(parseDocument(`<html><body>${body}</body></html>`), url, base)

  it('has the words of the figure that shows it in another size', () => {
    const figure =
      '<figure><img src="https://cdn.example/ferry-600x400.jpg" alt="A ferry"><figcaption>The ferry</figcaption></figure>'
    expect(lead(`<figure><img src="/other.jpg"><figcaption>Other</figcaption></figure>${figure}`)).toEqual({
      url: 'https://cdn.example/ferry-1200x800.jpg',
      alt: 'A ferry',
      caption: 'The ferry',
    })
  })

  it('has the words of a box up to four levels around it, before the first paragraph', () => {
    const image = '<img src="https://cdn.example/ferry.jpg">'
    const caption = '<span class="caption">The ferry</span>'
    const boxed = (levels: number) =>
      `<div>${'<b>'.repeat(levels)}${image}${'</b>'.repeat(levels)}${caption}</div>`
    expect(lead(boxed(3))?.caption).toBe('The ferry')
    expect(lead(boxed(4))?.caption).toBeUndefined()
    expect(lead(`<div>${caption}<div>${image}<p>x</p></div></div>`)?.caption).toBeUndefined()
  })

  it('is its address alone when the page does not show it, and none without an address', () => {
    expect(lead('')).toEqual({ url: 'https://cdn.example/ferry-1200x800.jpg' })
    expect(lead('', '/a.jpg')).toEqual({ url: 'https://gazette.example/a.jpg' })
    expect(lead('', 'javascript:x')).toBeUndefined()
  })
})

it.each([
  ['https://a.example/x/ferry-1200x800.jpg', 'ferry'],
  ['https://b.example/y/FERRY.webp?w=3', 'ferry'],
  ['https://a.example/ferry_v16_9_1200.jpeg', 'ferry'],
  ['https://a.example/ferry-scaled.png', 'ferry'],
  ['https://a.example/ferry@2x.png', 'ferry'],
  ['https://a.example/ferry-1-1024w.avif', 'ferry-1'],
  ['https://a.example/ferry-crop-large.gif', 'ferry'],
  ['https://a.example/ferry-crop-large-wide-square-thumb.jpg', 'ferry-crop'],
  ['https://a.example/f-300x200.jpg', 'f-300x200'],
  ['https://a.example/1234/image.jpg', '1234/image'],
  ['https://a.example/1234/1200x800.jpg', '1234/1200x800'],
  ['https://a.example/ferry.jpg/300', 'ferry'],
  ['https://a.example/F%C3%A4hre.jpg', 'fähre'],
  ['https://a.example/%zz.jpg', '%zz'],
  ['https://a.example/media/Ferry', '/media/ferry'],
  ['ferry-4x3.jpg', 'ferry'],
])('%s is the picture "%s" in any size', (address, name) => {
  expect(pictureName(address)).toBe(name)
})
