import { describe, expect, it } from 'vitest'
import { printedByline } from '../../src/ingest/byline.ts'
import { readDate } from '../../src/ingest/dates.ts'
import { parseDocument, wholeDocument } from '../../src/ingest/dom.ts'
import { removeJunk, standsApart } from '../../src/ingest/junk.ts'
import { visibleDate } from '../../src/ingest/visible-date.ts'

const documentOf = (body: string, head = '') =>
  parseDocument(`<html><head>${head}</head><body>${body}</body></html>`)

describe('a printed byline', () => {
  const byline = (body: string) => printedByline(documentOf(body))
  it.each([
    ['<p class="byline">By Ida Holm</p>', 'By Ida Holm'],
    ['<p class="story-byline">By Ida Holm</p>', 'By Ida Holm'],
    ['<p class="authors">Ida Holm</p>', 'Ida Holm'],
    ['<p class="author-name">Ida Holm</p>', undefined],
    ['<p class="byline">By Jon Berg</p><p itemprop="author">Ida Holm</p>', 'Ida Holm'],
    ['<p>By <a rel="author">Ida Holm</a> and <a rel="author">Jon Berg</a></p>', 'By Ida Holm and Jon Berg'],
    ['<p>Written: <a rel="author">Ida Holm</a></p>', 'Ida Holm'],
    ['<p class="byline"></p><p class="byline">Ida Holm</p>', 'Ida Holm'],
    ['<aside><p class="byline">Jon Berg</p></aside><p class="byline">Ida Holm</p>', 'Ida Holm'],
    [`<p class="byline">${'Ida '.repeat(29)}Holm</p>`, `${'Ida '.repeat(29)}Holm`],
    [`<p class="byline">${'Ida '.repeat(29)}Holms</p>`, undefined],
    ['<p class="byline">Ida H</p>', 'Ida H'],
    ['<p class="byline">IdaH</p>', undefined],
    ['<p class="byline">1 2 3 4</p>', undefined],
    [`${'<p class="byline"></p>'.repeat(19)}<p class="byline">Ida Holm</p>`, 'Ida Holm'],
    [`${'<p class="byline"></p>'.repeat(20)}<p class="byline">Ida Holm</p>`, undefined],
    ['<p>Ida Holm</p>', undefined],
  ])('in %s is "%s"', (body, line) => {
    expect(byline(body)).toBe(line)
  })
})

describe('what stands apart from the story', () => {
  it.each([
    ['<nav><b></b></nav>', true],
    ['<footer><b></b></footer>', true],
    ['<aside><p><b></b></p></aside>', true],
    ['<figure><b></b></figure>', true],
    ['<form><b></b></form>', true],
    ['<div role="complementary"><b></b></div>', true],
    ['<div role="navigation"><b></b></div>', true],
    ['<div role="contentinfo"><b></b></div>', true],
    ['<div role="main"><b></b></div>', false],
    ['<div itemtype="https://schema.org/Comment"><b></b></div>', true],
    ['<div itemtype="https://schema.org/NewsArticle"><b></b></div>', false],
    ['<div class="related-stories"><b></b></div>', true],
    ['<div id="sidebar"><b></b></div>', true],
    ['<b class="comment"></b>', true],
    ['<div class="commentary-page"><b></b></div>', false],
    ['<article><b></b></article>', false],
    ['<article><article><b></b></article></article>', true],
    ['<p><b></b></p>', false],
  ])('%s: %s', (html, does) => {
    expect(standsApart(documentOf(html).querySelector('b')!)).toBe(does)
  })

  it('is not told by the classes of the whole page', () => {
    const document = parseDocument('<html class="popular"><body class="sidebar"><b></b></body></html>')
    expect(standsApart(document.querySelector('b')!)).toBe(false)
  })
})

describe('junk', () => {
  const left = (body: string) => {
    const document = documentOf(`<p>${'x'.repeat(100)}</p>${body}`)
    removeJunk(document)
    return document.querySelector('b') !== null
  }
  it.each([
    '<nav><b></b></nav>',
    '<template><b></b></template>',
    '<div class="sr-only"><b></b></div>',
    '<div class="visually-hidden"><b></b></div>',
    '<div role="dialog"><b></b></div>',
    '<div role="navigation"><b></b></div>',
    '<form><b></b></form>',
    '<div hidden><b></b></div>',
    '<div class="hidden"><b></b></div>',
    '<div class="newsletter-box"><b></b></div>',
    '<div id="related"><b></b></div>',
    '<section class="most-read"><b></b></section>',
    `<div class="cookie-banner"><p>${'x'.repeat(900)}<b></b></p></div>`,
  ])('%s is taken out', (body) => {
    expect(left(body)).toBe(false)
  })

  it.each([
    '<div class="hidden md:block"><b></b></div>',
    '<div class="story"><b></b></div>',
    '<div class="correlated"><b></b></div>',
    '<p class="related"><b></b></p>',
    '<main class="paywall"><b></b></main>',
    '<article class="paywall"><b></b></article>',
    `<div class="paywall"><p>${'x'.repeat(34)}<b></b></p></div>`,
    '<div class="paywall"><h1><b></b></h1></div>',
    '<div class="paywall"><div itemprop="articleBody"><b></b></div></div>',
  ])('%s stays', (body) => {
    expect(left(body)).toBe(true)
  })

  it('is a box with a quarter of the text at most, and a story that was hidden is shown', () => {
    const box = (length: number) => `<div class="paywall" hidden><p>${'x'.repeat(length)}<b></b></p></div>`
    // A quarter of 100 + 33 characters is 33.25, and of 100 + 34 it is 33.5.
    expect([left(box(33)), left(box(34))]).toEqual([false, true])
    const document = documentOf(box(34))
    removeJunk(document)
    expect(document.querySelector('div')!.getAttribute('hidden')).toBeNull()
  })

  it('are no data, and no script that stands for a post', () => {
    const document = documentOf(
      '<script type="application/ld+json">{}</script><script data-telegram-post="a/1"></script><script>x</script><style>y</style>',
    )
    removeJunk(document)
    expect([...document.querySelectorAll('script, style')]).toHaveLength(2)
  })
})

describe('a date that is only printed', () => {
  const visible = (body: string, language?: string, head = '') =>
    visibleDate(documentOf(body, head), language, readDate)?.toISOString().slice(0, 16)
  it.each([
    ['<p class="date">3 February 2026</p>', 'en', '2026-02-03T00:00'],
    ['<p class="date">3rd Feb 2026, 9:05 pm</p>', 'en', '2026-02-03T21:05'],
    ['<p class="date">February 3, 2026 12:05 am</p>', 'en', '2026-02-03T00:05'],
    ['<p class="date">3. Februar 2026 09.05</p>', 'de', '2026-02-03T09:05'],
    ['<p class="date">3 de febrero de 2026</p>', 'es', '2026-02-03T00:00'],
    ['<p class="date">3 Şubat 2026 23:59</p>', 'tr', '2026-02-03T23:59'],
    ['<p class="date">٣ فبراير ٢٠٢٦</p>', 'ar', '2026-02-03T00:00'],
    ['<p class="date">٣ شباط ٢٠٢٦ ٩:٠٥ مساء</p>', 'ar', '2026-02-03T21:05'],
    ['<p class="date">3 تشرين الثاني 2025</p>', 'ar', '2025-11-03T00:00'],
    ['<p class="date">2026-02-03 at 9h05</p>', undefined, '2026-02-03T09:05'],
    ['<p class="date">2026年2月3日</p>', 'ja', '2026-02-03T00:00'],
    ['<p class="date">03.02.2026</p>', undefined, '2026-02-03T00:00'],
    ['<p class="date">02/13/2026</p>', undefined, '2026-02-13T00:00'],
    ['<p class="date">3/4/2026 11:15 AM ET</p>', 'en', '2026-03-04T16:15'],
    ['<p class="date">Updated 3/4/2026, 23:15 (CST)</p>', 'en', '2026-03-05T05:15'],
    ['<p class="date">3/4/2026 11:15</p>', 'en', '2026-04-03T11:15'],
    ['<p class="date">November 14, 2025 at 8:30 p.m. EST</p>', 'en', '2025-11-15T01:30'],
    ['<p class="date">3. Februar 2026, 20:30 Uhr (MEZ)</p>', 'de', '2026-02-03T19:30'],
    ['<p class="date">3 February 2026 20:30 GMT+3</p>', 'en', '2026-02-03T17:30'],
    ['<p class="date">3 février 2026 20:30 et 21:00</p>', 'fr', '2026-02-03T20:30'],
    ['<p class="date">3 Februar 2026</p>', 'tr', undefined],
    ['<p class="date">3 Nothing 2026</p>', 'en', undefined],
    ['<p class="date">13 2026 9</p>', 'en', undefined],
    [
      '<main><p>3.2.2026</p><h1>Heading</h1></main><p class="date">4.2.2026</p>',
      undefined,
      '2026-02-03T00:00',
    ],
    ['<div class="related"><p class="date">4.2.2026</p></div><p>3.2.2026</p>', undefined, '2026-02-03T00:00'],
    [`<p class="date">${'x'.repeat(110)} 3.2.2026</p>`, undefined, '2026-02-03T00:00'],
    [`<p class="date">${'x'.repeat(112)} 3.2.2026</p>`, undefined, undefined],
    ['<p class="date">No day here</p><p class="date">3.2.2026</p>', undefined, '2026-02-03T00:00'],
    [
      '<div><p>3.2.2026</p><div><div><h1>Heading</h1></div></div></div><p class="date">4.2.2026</p>',
      undefined,
      '2026-02-03T00:00',
    ],
    [
      '<div><p>3.2.2026</p><div><div><div><h1>Heading</h1></div></div></div></div><p class="date">4.2.2026</p>',
      undefined,
      '2026-02-04T00:00',
    ],
    ['<p class="date">1 كانون الثاني 2026</p>', 'ar', '2026-01-01T00:00'],
    ['<p class="date">31 كانون الأول 2025</p>', 'ar', '2025-12-31T00:00'],
    ['<p>Nothing</p>', 'en', undefined],
  ])('%s in %s', (body, language, date) => {
    expect(visible(body, language)).toBe(date)
  })

  it.each([
    ['Updated: 20 November 2026 10:00 Published: 14 November 2026 09:00', 'en'],
    ['Published 14 November 2026 09:00 Modified 20 November 2026 10:00', 'en'],
    ['14 November 2026 09:00 (updated 20 November 2026 10:00)', 'en'],
    ['Aktualisiert: 20. November 2026, 10:00 Uhr Veröffentlicht: 14. November 2026, 09:00 Uhr', 'de'],
    ['Mis à jour le 20 novembre 2026 à 10h00, publié le 14 novembre 2026 à 09h00', 'fr'],
    ['Actualizado: 20 de noviembre de 2026 10:00. Publicado: 14 de noviembre de 2026 09:00', 'es'],
    ['Atualizado em 20/11/2026 10h00 Publicado em 14/11/2026 09h00', 'pt'],
    ['Aggiornato il 20 novembre 2026 10:00 Pubblicato il 14 novembre 2026 09:00', 'it'],
    ['Bijgewerkt: 20 november 2026 10:00 Gepubliceerd: 14 november 2026 09:00', 'nl'],
    ['آخر تحديث: 20 نوفمبر 2026 10:00 نُشر: 14 نوفمبر 2026 09:00', 'ar'],
    ['Güncelleme: 20.11.2026 10:00 Yayınlanma: 14.11.2026 09:00', 'tr'],
    ['수정 2026.11.20 10:00 입력 2026.11.14 09:00', 'ko'],
    ['更新日 2026年11月20日 10時00分 公開日 2026年11月14日 9時00分', 'ja'],
  ])('is the one with the label of publication: %s', (line, language) => {
    expect(visible(`<p class="date">${line}</p>`, language)).toBe('2026-11-14T09:00')
  })

  it('is the published one of two elements', () => {
    const both = '<p>Updated 20.11.2026</p><h1>Heading</h1><p>Published 14.11.2026</p>'
    expect(visible(`<main>${both}</main>`)).toBe('2026-11-14T00:00')
    expect(visible('<p class="date">Updated 20.11.2026</p><p>A report of 14.11.2026</p>')).toBe(
      '2026-11-20T00:00',
    )
  })

  it('may be in the title', () => {
    expect(visible('<p class="date">4.2.2026</p>', undefined, '<title>News of 3.2.2026</title>')).toBe(
      '2026-02-03T00:00',
    )
  })
})

it.each([
  ['<p>x', '<!doctype html><html><body><p>x</body></html>'],
  ['x<html lang="en"><p>y', '<!doctype html><html lang="en"><p>y'],
  ['<!-- <html class="ie"> --><html><head></head>', '<!doctype html><html><head></head>'],
  ['<!-- never ends <html><head>', '<!doctype html><html><head>'],
  ['<!-- a --><!-- b --><title>x', '<!doctype html><html><body><title>x</body></html>'],
  ['<html><head><!-- kept --></head>', '<!doctype html><html><head><!-- kept --></head>'],
])('%s is a document with one root', (html, whole) => {
  expect(wholeDocument(html)).toBe(whole)
})
