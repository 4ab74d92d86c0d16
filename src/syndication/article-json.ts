import { encodeGlobalID } from '@pothos/plugin-relay'
import type { NamedIn } from '../db/client/client.ts'
import { directionOf } from '../text/direction.ts'
import type {
  ArticleBlock,
  ArticleEmbed,
  ArticleMention,
  ArticleQuotation,
  EntityAppearance,
  LicensedArticle,
  LicensedEntity,
  LicensedImage,
} from './licensed-article.ts'
import type { AudienceChange, RemovalNotice } from './removal-status.ts'

/**
 * The licensed version of an article as partners receive it. GraphQL (the type LicensedArticle), REST and
 * webhooks show exactly these fields. Ids are global ids; dates become ISO 8601 texts.
 */
export interface ArticleJson extends Omit<LicensedArticle, 'topic' | 'body' | 'people' | 'organisations'> {
  direction: 'LTR' | 'RTL'
  topic: TopicJson | null
  body: BlockJson[]
  /** One entry for each person and part of the article. */
  people: ArticlePersonJson[]
  organisations: ArticleOrganisationJson[]
}

export interface TopicJson {
  slug: string
  name: string
}

/** A block with the fields of its kind. `position` counts the blocks of the licensed version, from 1. */
export type BlockJson = { position: number } & (
  | { kind: 'PARAGRAPH'; text: string; mentions: MentionJson[] }
  | { kind: 'HEADING'; text: string; level: number; mentions: MentionJson[] }
  | { kind: 'QUOTATION'; text: string; quotation: QuotationJson; mentions: MentionJson[] }
  | { kind: 'IMAGE'; image: LicensedImage }
  | { kind: 'EMBED'; embed: ArticleEmbed }
)

export interface PersonJson extends LicensedEntity {
  kind: 'PERSON'
}

export interface OrganisationJson extends LicensedEntity {
  kind: 'ORGANISATION'
}

export type EntityJson = PersonJson | OrganisationJson

export interface ArticlePersonJson {
  person: PersonJson
  namedIn: NamedIn
  roleAsPrinted: string | null
  rolesAsPrinted: string[]
}

export interface ArticleOrganisationJson {
  organisation: OrganisationJson
  namedIn: NamedIn
}

/** A mention has either a person or an organisation. */
export interface MentionJson extends Omit<ArticleMention, 'entity'> {
  person: PersonJson | null
  organisation: OrganisationJson | null
}

export interface QuotationJson extends Omit<ArticleQuotation, 'speaker' | 'viaOrganisation'> {
  speaker: EntityJson | null
  viaOrganisation: OrganisationJson | null
}

/** Converts a licensed version to the form that partners receive. */
export function articleJson(article: LicensedArticle): ArticleJson {
  const { topic } = article
  return {
    ...article,
    id: articleGlobalId(article.id),
    direction: directionOf(article.language),
    topic: topic && { slug: topic.slug, name: topic.label },
    body: article.body.map((block, index) => blockJson(block, index + 1)),
    people: inOrderOfParts(article.people).map(({ entity, namedIn, rolesAsPrinted }) => ({
      person: personJson(entity),
      namedIn,
      roleAsPrinted: rolesAsPrinted[0] ?? null,
      rolesAsPrinted,
    })),
    organisations: inOrderOfParts(article.organisations).map(({ entity, namedIn }) => ({
      organisation: organisationJson(entity),
      namedIn,
    })),
  }
}

/** A change as JSON for REST and webhooks. */
export function changeJson(change: AudienceChange) {
  const { outcome } = change
  return 'article' in outcome
    ? { ...changeFields('article.changed', change), article: articleJson(outcome.article) }
    : { ...changeFields('article.removed', change), ...noticeJson(outcome) }
}

/** The fields of a change that are before its article or notice. */
function changeFields<Type extends string>(
  type: Type,
  { cursor, kind, at, articleId, version }: AudienceChange,
) {
  return { type, cursor, kind, at, articleId: articleGlobalId(articleId), version }
}

/**
 * A page of changes as one line of JSON: `changeJson` of each, and other fields. The text of a version is made once, so
 * that partners with equal rights share it.
 */
export function changePageText(changes: readonly AudienceChange[], others: object): Buffer {
  const parts: Buffer[] = []
  let text = '{"changes":['
  for (const [index, change] of changes.entries()) {
    const { outcome } = change
    if (index > 0) text += ','
    if ('article' in outcome) {
      const fields = JSON.stringify(changeFields('article.changed', change))
      parts.push(Buffer.from(`${text}${fields.slice(0, -1)},"article":`), articleText(outcome.article))
      text = '}'
    } else text += JSON.stringify(changeJson(change))
  }
  parts.push(Buffer.from(`${text}],${JSON.stringify(others).slice(1)}\n`))
  return Buffer.concat(parts)
}

const texts = new WeakMap<LicensedArticle, Buffer>()

function articleText(article: LicensedArticle): Buffer {
  const known = texts.get(article)
  if (known) return known
  const text = Buffer.from(JSON.stringify(articleJson(article)))
  texts.set(article, text)
  return text
}

/** A removal notice as JSON. */
export function noticeJson({ removed, publicReason, advisory }: RemovalNotice) {
  return { reason: removed, publicReason, advisory }
}

/** The global id of an article. */
export function articleGlobalId(key: string): string {
  return encodeGlobalID('Article', key)
}

const PARTS: readonly NamedIn[] = ['ARTICLE', 'CAPTION', 'CREDIT', 'BYLINE']

function inOrderOfParts(appearances: readonly EntityAppearance[]): EntityAppearance[] {
  return PARTS.flatMap((part) => appearances.filter(({ namedIn }) => namedIn === part))
}

function blockJson(block: ArticleBlock<LicensedImage>, position: number): BlockJson {
  switch (block.kind) {
    case 'PARAGRAPH':
    case 'HEADING':
      return { ...block, position, mentions: block.mentions.map(mentionJson) }
    case 'QUOTATION':
      return {
        ...block,
        position,
        quotation: quotationJson(block.quotation),
        mentions: block.mentions.map(mentionJson),
      }
    case 'IMAGE':
    case 'EMBED':
      return { ...block, position }
  }
}

function mentionJson({ entity, ...mention }: ArticleMention): MentionJson {
  return {
    ...mention,
    person: entity.kind === 'PERSON' ? personJson(entity) : null,
    organisation: entity.kind === 'ORGANISATION' ? organisationJson(entity) : null,
  }
}

function quotationJson({ speaker, viaOrganisation, ...quotation }: ArticleQuotation): QuotationJson {
  return {
    ...quotation,
    speaker: speaker && (speaker.kind === 'PERSON' ? personJson(speaker) : organisationJson(speaker)),
    viaOrganisation: viaOrganisation && organisationJson(viaOrganisation),
  }
}

function personJson({ id, slug, name }: LicensedEntity): PersonJson {
  return { id: encodeGlobalID('Person', id), kind: 'PERSON', slug, name }
}

function organisationJson({ id, slug, name }: LicensedEntity): OrganisationJson {
  return { id: encodeGlobalID('Organisation', id), kind: 'ORGANISATION', slug, name }
}
