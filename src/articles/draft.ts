import type { DraftTexts } from './fields.ts'

/**
 * An article as an importer, an editor or the sample data submits it: the content, without ids, versions and
 * comments. `saveArticle` stores it. A draft is plain JSON except for its dates, so that a revision can store
 * it whole. Its texts (headline, kicker…) are listed in fields.ts.
 */
export interface ArticleDraft extends DraftTexts {
  /** The slug in URLs: lower-case letters, digits and hyphens. */
  slug: string
  /** The absolute URL of the original page. Two drafts with the same URL are the same article. */
  canonicalUrl: string
  /** An address of the imported page that contradicts `canonicalUrl`. It only tells articles apart. */
  ownUrl?: string
  /** BCP 47 tag: "en", "ckb", "ar", "tr". */
  language: string
  status?: 'USABLE' | 'WITHHELD' | 'CANCELED'
  dateline?: { text: string; place?: string; region?: string }
  topic?: TopicDraft
  publishedAt: Date
  /** Defaults to `publishedAt`. */
  updatedAt?: Date
  /** The end of the embargo. Null ends the embargo; undefined keeps the stored one. */
  embargoedUntil?: Date | null
  /** Undefined keeps the stored settings. A null `closesAt` means never. */
  commenting?: { open: boolean; closesAt?: Date | null }
  leadImage?: ImageDraft
  /** The body in reading order. */
  blocks: BlockDraft[]
  /**
   * People and organisations that the source states, by slug: with roles as printed, or named only in a
   * caption, a credit or the byline. Names in the text are found by the name index.
   */
  people?: NamedPerson[]
  organisations?: NamedOrganisation[]
}

export type BlockDraft =
  | { kind: 'PARAGRAPH'; text: string }
  | { kind: 'HEADING'; text: string; level: 2 | 3 | 4 | 5 | 6 }
  | QuotationDraft
  | { kind: 'IMAGE'; image: ImageDraft }
  | { kind: 'EMBED'; embed: EmbedDraft }

export interface QuotationDraft {
  kind: 'QUOTATION'
  /** The quoted text, without quotation marks. */
  text: string
  /** The slug of the speaker. */
  speaker?: { person: string } | { organisation: string }
  roleAsPrinted?: string
  /** True for direct speech, false for reported speech. */
  direct: boolean
  /** The source that relayed the words, as printed, and the slug of the organisation if it is known. */
  via?: { text: string; organisation?: string }
}

export interface ImageDraft {
  /** Absolute, or a path that starts with "/" if this gateway serves the image. */
  url: string
  alt?: string
  caption?: string
  photographer?: string
  agency?: string
  credit?: string
  usageTerms?: string
  /**
   * Whether every partner may use the image, and the slugs of the partners that may use it otherwise. Undefined
   * keeps the stored rights for this URL: see image-rights.ts.
   */
  syndicatable?: boolean
  partners?: string[]
}

export interface EmbedDraft {
  /** The network: "X", "Facebook", "YouTube". */
  provider: string
  url: string
  authorName?: string
  handle?: string
  text?: string
  postedAt?: Date
}

export interface TopicDraft {
  slug: string
  label: string
}

export type NamedIn = 'ARTICLE' | 'CAPTION' | 'CREDIT' | 'BYLINE'

export interface NamedPerson {
  /** The slug of a stored person. */
  person: string
  namedIn: NamedIn
  /** The roles of the person, as printed. */
  rolesAsPrinted?: string[]
}

export interface NamedOrganisation {
  /** The slug of a stored organisation. */
  organisation: string
  namedIn: NamedIn
}

/** A person or an organisation to store, by slug. */
export interface EntityDraft {
  slug: string
  name: string
  description?: string
  /** Names in addition to `name`. */
  names?: NameDraft[]
  /** For example `{ wikidata: 'Q…' }`. */
  externalIds?: Record<string, string>
}

export interface NameDraft {
  text: string
  kind: 'ALIAS' | 'ACRONYM' | 'TRANSLITERATION'
  /** BCP 47 tag. */
  language?: string
  /** ISO 15924 code: "Arab", "Latn". */
  script?: string
}

export interface PersonDraft extends EntityDraft {
  affiliations?: { organisation: string; title: string; from?: Date; to?: Date }[]
}

export type OrganisationDraft = EntityDraft
