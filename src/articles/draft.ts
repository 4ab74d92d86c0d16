/**
 * A story as it is handed in, by an importer, an editor or the sample newsroom: everything readers
 * will see, nothing the newsroom keeps count of (ids, versions, comments). `saveArticle` turns it into
 * rows. A draft is plain JSON but for its dates, so that a revision can keep it whole.
 */
export interface ArticleDraft {
  /** The story's name in addresses: lower-case letters, digits and hyphens. */
  slug: string
  /** The absolute address of the original page; two drafts with the same one are the same story. */
  canonicalUrl: string
  /** BCP 47 tag: "en", "ckb", "ar", "tr". */
  language: string
  status?: 'USABLE' | 'WITHHELD' | 'CANCELED'
  kicker?: string
  headline: string
  standfirst?: string
  dateline?: { text: string; place?: string; region?: string }
  byline?: string
  topic?: TopicDraft
  publishedAt: Date
  /** Defaults to `publishedAt`. */
  updatedAt?: Date
  /** Until then only editors see the story. Null lifts an embargo; left out, the story's own stays. */
  embargoedUntil?: Date | null
  /** Left out, comments stay as open as they are; so does the moment at which they close. Null is never. */
  commenting?: { open: boolean; closesAt?: Date | null }
  leadImage?: ImageDraft
  /** The body in reading order. */
  blocks: BlockDraft[]
  /**
   * People and organisations the source itself names, by slug: roles as printed, and those that only
   * a caption, a credit or the byline names. Whoever the text names is found by the linker anyway.
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
  /** The words, without quotation marks. */
  text: string
  /** Slug of the person or organisation that said them. */
  speaker?: { person: string } | { organisation: string }
  roleAsPrinted?: string
  /** True for the speaker's own words, false for a report of them. */
  direct: boolean
  /** Who relayed the words, as printed, and the organisation's slug where it is known. */
  via?: { text: string; organisation?: string }
}

export interface ImageDraft {
  /** Absolute, or starting with "/" when this gateway serves it. */
  url: string
  alt?: string
  caption?: string
  photographer?: string
  agency?: string
  credit?: string
  usageTerms?: string
  /**
   * Whether partners may have it without a right of their own, and the slugs of those who may all the same.
   * Left out, they are what was said before of the picture at this address: see rights.ts.
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

export type NamedIn = 'STORY' | 'CAPTION' | 'CREDIT' | 'BYLINE'

export interface NamedPerson {
  /** Slug of a stored person. */
  person: string
  namedIn: NamedIn
  /** The person's roles in the words of the story. */
  rolesAsPrinted?: string[]
}

export interface NamedOrganisation {
  /** Slug of a stored organisation. */
  organisation: string
  namedIn: NamedIn
}

/** A person or an organisation as it is handed in, by slug. */
export interface EntityDraft {
  slug: string
  name: string
  description?: string
  /** Names beside `name`. */
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
