import type { StoredDateline } from '../articles/columns.ts'
import type { FieldsWith, StoredTexts } from '../articles/fields.ts'
import type { TopicWithPath } from '../articles/topics/paths.ts'
import type { ArticleStatus, ChangeKind, CorrectionKind, EntityKind, NamedIn } from '../db/client/client.ts'

/** The texts that partners receive. */
type LicensedTexts = Pick<StoredTexts, FieldsWith<{ kind: 'text'; licensed: true }>>

/** The fields that a full article and its licensed version have in common. URLs are absolute. */
interface CommonFields extends LicensedTexts {
  /** The row id. */
  id: string
  slug: string
  /** The URL of the original page. */
  url: string
  /** BCP 47 tag. */
  language: string
  version: number
  dateline: StoredDateline | null
  topic: ArticleTopic | null
  publishedAt: Date
  updatedAt: Date
  /** Newest first. */
  corrections: ArticleCorrection[]
  /** One entry for each person and part of the article that names it, in the order of first mention. */
  people: EntityAppearance[]
  organisations: EntityAppearance[]
}

export interface ArticleCorrection {
  kind: CorrectionKind
  text: string
  version: number
  at: Date
}

export type ArticleTopic = TopicWithPath

/** A full article with all fields that decide rights. */
export interface FullArticle extends CommonFields {
  status: ArticleStatus
  embargoedUntil: Date | null
  leadImage: ImageWithRights | null
  /** In reading order. */
  body: ArticleBlock<ImageWithRights>[]
}

/** The licensed version of an article for one audience. All formats and transports are made from it only. */
export interface LicensedArticle extends CommonFields {
  leadImage: LicensedImage | null
  /** Empty if the licence does not include the body. */
  body: ArticleBlock<LicensedImage>[]
  /** The attribution line, which must be printed with the article; null for none. */
  attribution: string | null
  /** Whether the licence includes the body. */
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
  /** Whether every partner may use the image. */
  syndicatable: boolean
  /** Slugs of the partners that may use it otherwise. */
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
  /** True for direct speech, false for reported speech. */
  direct: boolean
  /** The source that relayed the words, as printed. */
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
  kind: EntityKind
  /** The row id. */
  id: string
  slug: string
  name: string
}

/** A mention in a text, with offsets in UTF-16 code units; `end` is exclusive. */
export interface ArticleMention {
  start: number
  end: number
  surface: string
  roleAsPrinted: string | null
  entity: LicensedEntity
}

/** An appearance of a person or organisation in one part of an article. */
export interface EntityAppearance {
  entity: LicensedEntity
  namedIn: NamedIn
  rolesAsPrinted: string[]
}

/** A person or organisation with all its roles in an article. */
export interface LicensedEntityWithRoles extends LicensedEntity {
  rolesAsPrinted: string[]
}

/** One entry of the change sequence. */
export interface Change {
  position: number
  articleId: string
  kind: ChangeKind
  /** The version after the change. */
  version: number
  at: Date
}
