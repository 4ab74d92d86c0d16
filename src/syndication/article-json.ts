import { encodeGlobalID } from '@pothos/plugin-relay'
import { directionOf } from '../text/direction.ts'
import type { LicensedArticle, LicensedEntity } from './licensed-article.ts'
import type { AudienceChange, RemovalNotice } from './removal-status.ts'

/**
 * A story as REST and webhooks give it: plain JSON with the names of the GraphQL API, moments in ISO 8601, ids
 * as GraphQL knows them.
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

/** A change as REST gives it; webhooks carry the same. */
export function changeJson({ cursor, kind, at, articleId, version, outcome }: AudienceChange) {
  const change = { cursor, kind, at, articleId: articleGlobalId(articleId), version }
  return 'article' in outcome
    ? { type: 'article.changed' as const, ...change, article: articleJson(outcome.article) }
    : { type: 'article.removed' as const, ...change, ...noticeJson(outcome) }
}

/** Why a story must go, and what the newsroom says of it. */
export function noticeJson({ removed, publicReason, advisory }: RemovalNotice) {
  return { reason: removed, publicReason, advisory }
}

/** The id by which clients know a story. */
export function articleGlobalId(key: string): string {
  return encodeGlobalID('Article', key)
}

function entityJson({ kind, id, slug, name }: LicensedEntity) {
  return { id: encodeGlobalID(kind === 'PERSON' ? 'Person' : 'Organisation', id), slug, name }
}

function named(entity: LicensedEntity) {
  return entity.kind === 'PERSON' ? { person: entityJson(entity) } : { organisation: entityJson(entity) }
}
