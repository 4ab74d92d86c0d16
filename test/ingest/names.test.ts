import { expect, it } from 'vitest'
import { decodePage } from '../../src/ingest/decode-page.ts'
import { type ReadArticle, readArticle } from '../../src/ingest/draft.ts'
import { NameIndex } from '../../src/names/link.ts'
import { articlePage } from './article-page.ts'

const owner = { kind: 'ORGANISATION' as const, id: 'o' }

it.each([['ese'], ['Ese'], ['WHO'], ['the board']])(
  '"%s" of one page names nobody in others',
  (alternateName) => {
    const about = [{ '@type': 'Organization', name: 'Harbour Board', alternateName }]
    const json = JSON.stringify({ '@type': 'NewsArticle', headline: 'Ferry line', about })
    const page = articlePage({ head: `<script type="application/ld+json">${json}</script>` })
    const { organisations } = readArticle(page, null) as ReadArticle
    expect(organisations).toMatchObject([{ name: 'Harbour Board' }])
    expect(organisations[0]?.names).toBeUndefined()
  },
)

it('an acronym links in its own language only', () => {
  const index = new NameIndex([{ text: 'SOLO', kind: 'ACRONYM', language: 'en', owner }])
  expect(index.findNames('The SOLO met.', 'en-GB')).toHaveLength(1)
  expect(index.findNames('Fue SOLO un aviso.', 'es')).toEqual([])
})

it('a sentence that ends with an acronym does not run into the next word', () => {
  const index = new NameIndex([{ text: 'EU Commission', kind: 'CANONICAL', owner }])
  expect(index.findNames('They left the EU. Commission staff stayed.')).toEqual([])
  expect(index.findNames('The EU Commission stayed.')).toHaveLength(1)
})

it('initials behind a name are no part of it', () => {
  const published =
    '<meta property="article:published_time" content="2026-02-03T09:00:00Z"><meta name="author" content="Edda Brandt eb/nr, Nils Rask/nr">'
  const { article } = readArticle(articlePage({ published }), null) as ReadArticle
  expect(article.byline).toBe('Edda Brandt, Nils Rask')
})

it('bytes that are UTF-8 are that, whatever header and page say', () => {
  const bytes = Buffer.from('<meta charset="iso-8859-1"><p>Fähre', 'utf8')
  expect(decodePage(bytes, 'text/html; charset=iso-8859-1')).toContain('Fähre')
})

it.each([
  ['ru', [0xef, 0xe8, 0xf0, 0xf1], 'пирс'],
  ['tr', [0xfe, 0xf0], 'şğ'],
  ['ar', [0xe3, 0xed, 0xe4, 0xc7, 0xc1], 'ميناء'],
])(
  'a page in %s that says nothing, or what every server says, is read in the encoding of its language',
  (lang, bytes, text) => {
    const page = Buffer.concat([Buffer.from(`<html lang="${lang}"><p>`), Buffer.from(bytes)])
    for (const type of ['', 'text/html; charset=ISO-8859-1', 'text/html; charset=utf-8']) {
      expect(decodePage(page, type)).toContain(text)
    }
  },
)
