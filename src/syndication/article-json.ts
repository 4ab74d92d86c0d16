import { encodeGlobalID } from '@pothos/plugin-relay'
import { directionOf } from '../text/direction.ts'
import type { Entity, SyndicatedStory } from './licensed-article.ts'
import type { RemovalNotice, ToldChange } from './removal-status.ts'

/**
 * A story as REST and webhooks give it: plain JSON with the names of the GraphQL API, moments in ISO 8601, ids
 * as GraphQL knows them.
 */
export function storyJson(story: SyndicatedStory) {
  return {
    ...story,
    id: storyId(story.id),
    direction: directionOf(story.language),
    topic: story.topic && { slug: story.topic.slug, name: story.topic.label },
    body: story.body.map((block) => {
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
    people: story.people.map(({ rolesAsPrinted, ...person }) => ({ ...entityJson(person), rolesAsPrinted })),
    organisations: story.organisations.map(entityJson),
  }
}

/** A change as REST gives it; webhooks carry the same. */
export function changeJson({ cursor, kind, at, articleId, version, outcome }: ToldChange) {
  const change = { cursor, kind, at, storyId: storyId(articleId), version }
  return 'story' in outcome
    ? { type: 'story.changed' as const, ...change, story: storyJson(outcome.story) }
    : { type: 'story.removed' as const, ...change, ...noticeJson(outcome) }
}

/** Why a story must go, and what the newsroom says of it. */
export function noticeJson({ removed, publicReason, advisory }: RemovalNotice) {
  return { reason: removed, publicReason, advisory }
}

/** The id by which clients know a story. */
export function storyId(key: string): string {
  return encodeGlobalID('Article', key)
}

function entityJson({ kind, id, slug, name }: Entity) {
  return { id: encodeGlobalID(kind === 'PERSON' ? 'Person' : 'Organisation', id), slug, name }
}

function named(entity: Entity) {
  return entity.kind === 'PERSON' ? { person: entityJson(entity) } : { organisation: entityJson(entity) }
}
