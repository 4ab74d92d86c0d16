import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkDraft } from '../../src/articles/check-draft.ts'
import type { ArticleDraft, ImageDraft } from '../../src/articles/draft.ts'
import { images } from '../../src/articles/images.ts'
import { articles } from '../../src/sample/articles/index.ts'
import { organisations } from '../../src/sample/organisations.ts'
import { people } from '../../src/sample/people.ts'

const pictures = join(import.meta.dirname, '../../src/sample/pictures')
const personSlugs = new Set(people.map(({ slug }) => slug))
const organisationSlugs = new Set(organisations.map(({ slug }) => slug))

/** Letters that the language has and its neighbours in the same script have not. */
const proof: Record<string, { script: RegExp; own: RegExp }> = {
  ar: { script: /\p{Script=Arabic}/u, own: /[ةىؤئذ]/u },
  ckb: { script: /\p{Script=Arabic}/u, own: /[ەێۆڕڵ]/u },
  tr: { script: /\p{Script=Latin}/u, own: /[ığşİ]/u },
  en: { script: /\p{Script=Latin}/u, own: /\b(the|and|of)\b/u },
}

describe('the sample stories', () => {
  test('are at least a dozen, each under a slug and an address of its own', () => {
    expect(articles.length).toBeGreaterThanOrEqual(13)
    expect(new Set(articles.map(({ slug }) => slug)).size).toBe(articles.length)
    expect(new Set(articles.map(({ canonicalUrl }) => canonicalUrl)).size).toBe(articles.length)
  })

  test.each(articles)('$slug is a sound draft that names only whom the sample knows', (article) => {
    expect(checkDraft(article).blocks).toHaveLength(article.blocks.length)
    expect(namedPeople(article).filter((slug) => !personSlugs.has(slug))).toEqual([])
    expect(namedOrganisations(article).filter((slug) => !organisationSlugs.has(slug))).toEqual([])
  })

  test('repeat no paragraph, within a story or across', () => {
    const paragraphs = articles.flatMap(texts)
    expect(paragraphs).toEqual([...new Set(paragraphs)])
  })

  test.each(articles)('$slug is written in the script and letters of its language', (article) => {
    const { script, own } = proof[article.language]!
    for (const text of [article.headline, ...texts(article)]) {
      const letters = text.match(/\p{L}/gu) ?? []
      const inScript = letters.filter((letter) => script.test(letter)).length
      expect(inScript / letters.length, text).toBeGreaterThan(0.85)
    }
    expect(texts(article).filter((text) => own.test(text)).length).toBeGreaterThan(texts(article).length / 2)
  })

  test('are in English, Arabic, Sorani and Turkish, and on many topics', () => {
    expect(new Set(articles.map(({ language }) => language))).toEqual(new Set(['en', 'ar', 'ckb', 'tr']))
    expect(new Set(articles.map(({ topic }) => topic?.slug)).size).toBeGreaterThanOrEqual(8)
  })

  test('include one under embargo, one withheld, one canceled and one closed for comments', () => {
    expect(
      articles.filter(({ embargoedUntil }) => embargoedUntil && embargoedUntil.getUTCFullYear() === 2031),
    ).toHaveLength(1)
    expect(articles.filter(({ status }) => status === 'WITHHELD')).toHaveLength(1)
    expect(articles.filter(({ status }) => status === 'CANCELED')).toHaveLength(1)
    expect(articles.filter(({ commenting }) => commenting?.open === false)).toHaveLength(1)
  })

  test('include one that says only "ISIS", never the group’s other names', () => {
    const only = articles.find(({ slug }) => slug === 'last-isis-territory-in-syria-falls')!
    const words = [only.headline, only.standfirst ?? '', ...texts(only)].join('\n')
    expect(words).toMatch(/\bISIS\b/)
    expect(words).not.toMatch(/Daesh|ISIL|Islamic State|داعش/i)
  })

  test('share people and organisations', () => {
    const withSalih = articles.filter((article) => namedPeople(article).includes('barham-salih'))
    expect(withSalih.length).toBeGreaterThanOrEqual(3)
  })
})

describe('the sample pictures', () => {
  const used = articles.flatMap(images)

  test('exist, and none lies about unused', () => {
    const names = new Set(used.map(({ url }) => url.replace('/pictures/', '')))
    expect([...names].filter((name) => !existsSync(join(pictures, name)))).toEqual([])
    expect(readdirSync(pictures).filter((name) => !names.has(name))).toEqual([])
  })

  test('each have words for those who cannot see them, and a credit', () => {
    const lacking = used.filter((image: ImageDraft) => !image.alt || !image.credit)
    expect(lacking).toEqual([])
    expect(articles.filter(({ leadImage }) => !leadImage)).toEqual([])
  })

  test('of an agency are not syndicatable, those of the newsroom are', () => {
    expect(used.filter(({ agency }) => agency).length).toBeGreaterThanOrEqual(3)
    for (const image of used) expect(image.syndicatable).toBe(!image.agency)
  })
})

function texts(article: ArticleDraft): string[] {
  return article.blocks.flatMap((block) => ('text' in block ? [block.text] : []))
}

function namedPeople(article: ArticleDraft): string[] {
  const speakers = quotations(article).flatMap(({ speaker }) =>
    speaker && 'person' in speaker ? [speaker.person] : [],
  )
  return [...(article.people ?? []).map(({ person }) => person), ...speakers]
}

function namedOrganisations(article: ArticleDraft): string[] {
  const said = quotations(article).flatMap(({ speaker, via }) => [
    ...(speaker && 'organisation' in speaker ? [speaker.organisation] : []),
    ...(via?.organisation ? [via.organisation] : []),
  ])
  return [...(article.organisations ?? []).map(({ organisation }) => organisation), ...said]
}

function quotations(article: ArticleDraft) {
  return article.blocks.filter((block) => block.kind === 'QUOTATION')
}
