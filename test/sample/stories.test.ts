import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkDraft } from '../../src/articles/check-draft.ts'
import type { ArticleDraft, ImageDraft } from '../../src/articles/draft.ts'
import { images } from '../../src/articles/images.ts'
import { organisations } from '../../src/sample/organisations.ts'
import { people } from '../../src/sample/people.ts'
import { stories } from '../../src/sample/stories/index.ts'

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
    expect(stories.length).toBeGreaterThanOrEqual(13)
    expect(new Set(stories.map(({ slug }) => slug)).size).toBe(stories.length)
    expect(new Set(stories.map(({ canonicalUrl }) => canonicalUrl)).size).toBe(stories.length)
  })

  test.each(stories)('$slug is a sound draft that names only whom the sample knows', (story) => {
    expect(checkDraft(story).blocks).toHaveLength(story.blocks.length)
    expect(namedPeople(story).filter((slug) => !personSlugs.has(slug))).toEqual([])
    expect(namedOrganisations(story).filter((slug) => !organisationSlugs.has(slug))).toEqual([])
  })

  test('repeat no paragraph, within a story or across', () => {
    const paragraphs = stories.flatMap(texts)
    expect(paragraphs).toEqual([...new Set(paragraphs)])
  })

  test.each(stories)('$slug is written in the script and letters of its language', (story) => {
    const { script, own } = proof[story.language]!
    for (const text of [story.headline, ...texts(story)]) {
      const letters = text.match(/\p{L}/gu) ?? []
      const inScript = letters.filter((letter) => script.test(letter)).length
      expect(inScript / letters.length, text).toBeGreaterThan(0.85)
    }
    expect(texts(story).filter((text) => own.test(text)).length).toBeGreaterThan(texts(story).length / 2)
  })

  test('are in English, Arabic, Sorani and Turkish, and on many topics', () => {
    expect(new Set(stories.map(({ language }) => language))).toEqual(new Set(['en', 'ar', 'ckb', 'tr']))
    expect(new Set(stories.map(({ topic }) => topic?.slug)).size).toBeGreaterThanOrEqual(8)
  })

  test('include one under embargo, one withheld, one canceled and one closed for comments', () => {
    expect(
      stories.filter(({ embargoedUntil }) => embargoedUntil && embargoedUntil.getUTCFullYear() === 2031),
    ).toHaveLength(1)
    expect(stories.filter(({ status }) => status === 'WITHHELD')).toHaveLength(1)
    expect(stories.filter(({ status }) => status === 'CANCELED')).toHaveLength(1)
    expect(stories.filter(({ commenting }) => commenting?.open === false)).toHaveLength(1)
  })

  test('include one that says only "ISIS", never the group’s other names', () => {
    const only = stories.find(({ slug }) => slug === 'last-isis-territory-in-syria-falls')!
    const words = [only.headline, only.standfirst ?? '', ...texts(only)].join('\n')
    expect(words).toMatch(/\bISIS\b/)
    expect(words).not.toMatch(/Daesh|ISIL|Islamic State|داعش/i)
  })

  test('share people and organisations', () => {
    const withSalih = stories.filter((story) => namedPeople(story).includes('barham-salih'))
    expect(withSalih.length).toBeGreaterThanOrEqual(3)
  })
})

describe('the sample pictures', () => {
  const used = stories.flatMap(images)

  test('exist, and none lies about unused', () => {
    const names = new Set(used.map(({ url }) => url.replace('/pictures/', '')))
    expect([...names].filter((name) => !existsSync(join(pictures, name)))).toEqual([])
    expect(readdirSync(pictures).filter((name) => !names.has(name))).toEqual([])
  })

  test('each have words for those who cannot see them, and a credit', () => {
    const lacking = used.filter((image: ImageDraft) => !image.alt || !image.credit)
    expect(lacking).toEqual([])
    expect(stories.filter(({ leadImage }) => !leadImage)).toEqual([])
  })

  test('of an agency are not syndicatable, those of the newsroom are', () => {
    expect(used.filter(({ agency }) => agency).length).toBeGreaterThanOrEqual(3)
    for (const image of used) expect(image.syndicatable).toBe(!image.agency)
  })
})

function texts(story: ArticleDraft): string[] {
  return story.blocks.flatMap((block) => ('text' in block ? [block.text] : []))
}

function namedPeople(story: ArticleDraft): string[] {
  const speakers = quotations(story).flatMap(({ speaker }) =>
    speaker && 'person' in speaker ? [speaker.person] : [],
  )
  return [...(story.people ?? []).map(({ person }) => person), ...speakers]
}

function namedOrganisations(story: ArticleDraft): string[] {
  const said = quotations(story).flatMap(({ speaker, via }) => [
    ...(speaker && 'organisation' in speaker ? [speaker.organisation] : []),
    ...(via?.organisation ? [via.organisation] : []),
  ])
  return [...(story.organisations ?? []).map(({ organisation }) => organisation), ...said]
}

function quotations(story: ArticleDraft) {
  return story.blocks.filter((block) => block.kind === 'QUOTATION')
}
