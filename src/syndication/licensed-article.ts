import type { TopicWithPath } from '../articles/topics/paths.ts'
import type { ArticleStatus, ChangeKind, CorrectionKind, NamedIn } from '../db/client/client.ts'

/** Whatever of a story its audiences may have in common. Moments are Dates, addresses absolute. */
interface CommonFields {
  /** The key of the row. */
  id: string
  slug: string
  /** The address of the original page. */
  url: string
  /** BCP 47 tag. */
  language: string
  version: number
  kicker: string | null
  headline: string
  standfirst: string | null
  dateline: { text: string; place: string | null; region: string | null } | null
  byline: string | null
  topic: ArticleTopic | null
  publishedAt: Date
  updatedAt: Date
  /** Newest first. */
  corrections: { kind: CorrectionKind; text: string; version: number; at: Date }[]
}

export type ArticleTopic = TopicWithPath

/** A story as the newsroom has it, with all that decides who may have what of it. */
export interface FullArticle extends CommonFields {
  status: ArticleStatus
  embargoedUntil: Date | null
  leadImage: ImageWithRights | null
  /** In reading order. */
  body: ArticleBlock<ImageWithRights>[]
  /** Once for each place around the story where it names them; first named first. */
  people: EntityAppearance[]
  organisations: EntityAppearance[]
}

/** A story as one audience may have it. Every format and every transport is made from this and nothing else. */
export interface LicensedArticle extends CommonFields {
  leadImage: LicensedImage | null
  /** Empty where the audience has no right to the text. */
  body: ArticleBlock<LicensedImage>[]
  /** Whom what is left of the story names; each once. */
  people: LicensedEntityWithRoles[]
  organisations: LicensedEntityWithRoles[]
  /** The line that must stand with the story; null where none is asked for. */
  attribution: string | null
  /** Whether the audience has a right to the body. */
  hasFullText: boolean
}

export interface LicensedImage {
  url: string
  alt: string | null
  caption: string | null
  photographer: string | null
  agency: string | null
  credit: string | null
  usageTerms: string | null
}

export interface ImageWithRights extends LicensedImage {
  /** Whether partners may have it without a right of their own to it. */
  syndicatable: boolean
  /** Slugs of the partners who may have it all the same. */
  partners: string[]
}

export type ArticleBlock<P extends LicensedImage> =
  | { kind: 'PARAGRAPH'; text: string; mentions: ArticleMention[] }
  | { kind: 'HEADING'; text: string; level: number; mentions: ArticleMention[] }
  | { kind: 'QUOTATION'; text: string; quotation: ArticleQuotation; mentions: ArticleMention[] }
  | { kind: 'IMAGE'; image: P }
  | { kind: 'EMBED'; embed: ArticleEmbed }

export interface ArticleQuotation {
  speaker: LicensedEntity | null
  roleAsPrinted: string | null
  /** True for the speaker's own words, false for a report of them. */
  direct: boolean
  /** Who relayed the words, as printed. */
  via: string | null
  viaOrganisation: LicensedEntity | null
}

export interface ArticleEmbed {
  provider: string
  url: string
  authorName: string | null
  handle: string | null
  text: string | null
  postedAt: Date | null
}

/** A person or an organisation. */
export interface LicensedEntity {
  kind: 'PERSON' | 'ORGANISATION'
  /** The key of the row. */
  id: string
  slug: string
  name: string
}

/** Where a text names somebody, in UTF-16 code units: `end` is behind the last one. */
export interface ArticleMention {
  start: number
  end: number
  surface: string
  roleAsPrinted: string | null
  entity: LicensedEntity
}

/** Somebody whom the newsroom's story names, in one place around it. */
export interface EntityAppearance {
  entity: LicensedEntity
  namedIn: NamedIn
  rolesAsPrinted: string[]
}

/** Somebody whom an audience's version of the story names. */
export interface LicensedEntityWithRoles extends LicensedEntity {
  rolesAsPrinted: string[]
}

/** One entry of the change sequence, as it was written. */
export interface Change {
  position: number
  articleId: string
  kind: ChangeKind
  /** The story's version after the change. */
  version: number
  at: Date
}
