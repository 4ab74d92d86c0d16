import { encodeGlobalID } from '@pothos/plugin-relay'
import { directionOf } from '../text/direction.ts'
import type { LicensedArticle, LicensedEntity } from './licensed-article.ts'
import type { AudienceChange, RemovalNotice } from './removal-status.ts'

/**
 * A licensed article as JSON for REST and webhooks, with the field names of GraphQL, ISO 8601 dates and global
 * ids.
 */
export function articleJson(article: LicensedArticle) {
  return {
    ...article,
    id: articleGlobalId(article.id),
    direction: directionOf(article.language),
    topic: article.topic && { slug: article.topic.slug, name: article.topic.label },
    body: article.body.map((block) => {
      if (block.kind === 'IMAGE' || block.kind === 'EMBED') return block
      const mentions = block.mentions.map(({ entity, ...mention }) => ({ ...mention, ...named(entity) }))
      if (block.kind !== 'QUOTATION') return { ...block, mentions }
      const { speaker, viaOrganisation, ...quotation } = block.quotation
      return {
        ...block,
        mentions,
        quotation: {
          ...quotation,
          speaker: speaker && entityJson(speaker),
          viaOrganisation: viaOrganisation && entityJson(viaOrganisation),
        },
      }
    }),
    people: article.people.map(({ rolesAsPrinted, ...person }) => ({
      ...entityJson(person),
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

function entityJson({ kind, id, slug, name }: LicensedEntity) {
  return { id: encodeGlobalID(kind === 'PERSON' ? 'Person' : 'Organisation', id), slug, name }
}

function named(entity: LicensedEntity) {
  return entity.kind === 'PERSON' ? { person: entityJson(entity) } : { organisation: entityJson(entity) }
}
