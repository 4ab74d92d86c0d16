import { normaliseName } from '../names/names.ts'
import type { ArticleDraft } from './draft.ts'
import { articleFields, textNames } from './fields.ts'

/**
 * The text of an article by weight for full-text search: A and B as in fields.ts, C body and captions. Letters are normalised as in names, so queries must pass through `searchable` too.
 */
export function searchText(draft: ArticleDraft): { a: string; b: string; c: string } {
  const images = [
    draft.leadImage,
    ...draft.blocks.map((block) => (block.kind === 'IMAGE' ? block.image : undefined)),
  ]
  const body = draft.blocks.map((block) => {
    if (block.kind === 'EMBED') return block.embed.text
    return block.kind === 'IMAGE' ? undefined : block.text
  })
  return {
    a: searchable(...textsOfWeight(draft, 'A')),
    b: searchable(...textsOfWeight(draft, 'B')),
    c: searchable(...body, ...images.map((image) => image?.caption)),
  }
}

function textsOfWeight(draft: ArticleDraft, weight: 'A' | 'B'): (string | undefined)[] {
  return textNames.filter((name) => articleFields[name].searchWeight === weight).map((name) => draft[name])
}

/** Joins texts and normalises their letters with `normaliseName`. */
export function searchable(...texts: (string | undefined)[]): string {
  return normaliseName(texts.filter(Boolean).join('\n'))
}

/**
 * The PostgreSQL text search configuration for a BCP 47 language; undefined if there is none and 'simple' must
 * do. Only configurations that both PostgreSQL 15 and PGlite have.
 */
export function searchConfiguration(language: string): string | undefined {
  return configurations.get(language.toLowerCase().split('-')[0]!)
}

const configurations = new Map(
  Object.entries({
    ar: 'arabic',
    ca: 'catalan',
    da: 'danish',
    de: 'german',
    el: 'greek',
    en: 'english',
    es: 'spanish',
    eu: 'basque',
    fi: 'finnish',
    fr: 'french',
    ga: 'irish',
    hi: 'hindi',
    hu: 'hungarian',
    hy: 'armenian',
    id: 'indonesian',
    it: 'italian',
    lt: 'lithuanian',
    nb: 'norwegian',
    ne: 'nepali',
    nl: 'dutch',
    nn: 'norwegian',
    no: 'norwegian',
    pt: 'portuguese',
    ro: 'romanian',
    ru: 'russian',
    sr: 'serbian',
    sv: 'swedish',
    ta: 'tamil',
    tr: 'turkish',
    yi: 'yiddish',
  }),
)
