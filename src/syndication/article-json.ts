import { encodeGlobalID } from '@pothos/plugin-relay'
import { directionOf } from '../text/direction.ts'
import type {
  ArticleBlock,
  ArticleEmbed,
  ArticleMention,
  ArticleQuotation,
  LicensedArticle,
  LicensedEntity,
  LicensedImage,
} from './licensed-article.ts'
import type { AudienceChange, RemovalNotice } from './removal-status.ts'

/**
 * The licensed version of an article as partners receive it. GraphQL (the type LicensedArticle), REST and
 * webhooks show exactly these fields. Ids are global ids; dates become ISO 8601 texts.
 */
export interface ArticleJson
  extends Omit<LicensedArticle, 'dateline' | 'topic' | 'body' | 'people' | 'organisations'> {
  direction: 'LTR' | 'RTL'
  /** As printed. */
  dateline: string | null
  topic: TopicJson | null
  body: BlockJson[]
  people: PersonJson[]
  organisations: EntityJson[]
}

export interface TopicJson {
  slug: string
  name: string
}

/** A block of any kind; the fields of other kinds are null, or empty for `mentions`. */
export interface BlockJson {
  kind: ArticleBlock<LicensedImage>['kind']
  text: string | null
  level: number | null
  mentions: MentionJson[]
  quotation: QuotationJson | null
  image: LicensedImage | null
  embed: ArticleEmbed | null
}

/** A person or an organisation. */
export type EntityJson = LicensedEntity

export interface PersonJson {
  person: EntityJson
  rolesAsPrinted: string[]
}

export type MentionJson = ArticleMention

export type QuotationJson = ArticleQuotation

/** Converts a licensed version to the form that partners receive. */
export function articleJson(article: LicensedArticle): ArticleJson {
  const { topic } = article
  return {
    ...article,
    id: articleGlobalId(article.id),
    direction: directionOf(article.language),
    dateline: article.dateline?.text ?? null,
    topic: topic && { slug: topic.slug, name: topic.label },
    body: article.body.map(blockJson),
    people: article.people.map(({ rolesAsPrinted, ...person }) => ({
      person: entityJson(person),
      rolesAsPrinted,
    })),
    organisations: article.organisations.map(entityJson),
  }
}

/** A change as JSON for REST and webhooks. */
export function changeJson({ cursor, kind, at, articleId, version, outcome }: AudienceChange) {
  const change = { cursor, kind, at, articleId: articleGlobalId(articleId), version }
  return 'article' in outcome
    ? { type: 'article.changed' as const, ...change, article: articleJson(outcome.article) }
    : { type: 'article.removed' as const, ...change, ...noticeJson(outcome) }
}

/** A removal notice as JSON. */
export function noticeJson({ removed, publicReason, advisory }: RemovalNotice) {
  return { reason: removed, publicReason, advisory }
}

/** The global id of an article. */
export function articleGlobalId(key: string): string {
  return encodeGlobalID('Article', key)
}

function blockJson(block: ArticleBlock<LicensedImage>): BlockJson {
  return {
    kind: block.kind,
    text: 'text' in block ? block.text : null,
    level: block.kind === 'HEADING' ? block.level : null,
    mentions: 'mentions' in block ? block.mentions.map(mentionJson) : [],
    quotation: block.kind === 'QUOTATION' ? quotationJson(block.quotation) : null,
    image: block.kind === 'IMAGE' ? block.image : null,
    embed: block.kind === 'EMBED' ? block.embed : null,
  }
}

function mentionJson(mention: ArticleMention): MentionJson {
  return { ...mention, entity: entityJson(mention.entity) }
}

function quotationJson({ speaker, viaOrganisation, ...quotation }: ArticleQuotation): QuotationJson {
  return {
    ...quotation,
    speaker: speaker && entityJson(speaker),
    viaOrganisation: viaOrganisation && entityJson(viaOrganisation),
  }
}

function entityJson({ kind, id, slug, name }: LicensedEntity): EntityJson {
  return { id: encodeGlobalID(kind === 'PERSON' ? 'Person' : 'Organisation', id), kind, slug, name }
}
