import { datelineOf } from '../articles/columns.ts'
import { fieldsWith } from '../articles/fields.ts'
import { pick } from '../base/records.ts'
import type { EntityKind, Prisma } from '../db/client/client.ts'
import type {
  ArticleBlock,
  ArticleMention,
  ArticleQuotation,
  ArticleTopic,
  EntityAppearance,
  FullArticle,
  ImageWithRights,
} from './licensed-article.ts'

const entity = { select: { kind: true, id: true, slug: true, name: true } } as const

/** The rows that a full article is made of. */
export const fullArticleInclude = {
  leadImage: { include: { image: true } },
  blocks: {
    orderBy: { position: 'asc' },
    include: {
      image: { include: { image: true } },
      embed: true,
      quotation: { include: { speaker: entity, viaOrganisation: entity } },
      mentions: { orderBy: { start: 'asc' }, include: { entity } },
    },
  },
  entities: { orderBy: { position: 'asc' }, include: { entity } },
  corrections: { orderBy: { at: 'desc' } },
} as const satisfies Prisma.ArticleInclude

type Row = Prisma.ArticleGetPayload<{ include: typeof fullArticleInclude }>
type BlockRow = Row['blocks'][number]

export type Topics = ReadonlyMap<string, ArticleTopic>

/** The topic with a row id. */
export function topicOf(id: string | null, topics: Topics): ArticleTopic | null {
  return (id !== null && topics.get(id)) || null
}

/** Converts a row to a full article. Images of this gateway get absolute URLs. */
export function toFullArticle(row: Row, topics: Topics, publicUrl: string): FullArticle {
  return {
    id: row.id,
    slug: row.slug,
    url: row.canonicalUrl,
    language: row.language,
    version: row.version,
    status: row.status,
    ...pick(row, fieldsWith({ kind: 'text', licensed: true })),
    dateline: datelineOf(row),
    topic: topicOf(row.topicId, topics),
    publishedAt: row.publishedAt,
    updatedAt: row.updatedAt,
    embargoedUntil: row.embargoedUntil,
    leadImage: row.leadImage && toImage(row.leadImage, publicUrl),
    body: row.blocks.map((block) => blockOf(block, publicUrl)),
    people: appearancesOf(row, 'PERSON'),
    organisations: appearancesOf(row, 'ORGANISATION'),
    corrections: row.corrections.map(({ kind, text, version, at }) => ({ kind, text, version, at })),
  }
}

function toImage(use: NonNullable<Row['leadImage']>, publicUrl: string): ImageWithRights {
  const { alt, caption, photographer, agency, credit, usageTerms } = use
  const { url, syndicatable, partners } = use.image
  return {
    url: url.startsWith('/') ? publicUrl + url : url,
    alt,
    caption,
    photographer,
    agency,
    credit,
    usageTerms,
    syndicatable,
    partners,
  }
}

function blockOf(block: BlockRow, publicUrl: string): ArticleBlock<ImageWithRights> {
  const text = block.text ?? ''
  const mentions = block.mentions.map(mentionOf)
  switch (block.kind) {
    case 'PARAGRAPH':
      return { kind: 'PARAGRAPH', text, mentions }
    case 'HEADING':
      return { kind: 'HEADING', text, level: block.level ?? 2, mentions }
    case 'QUOTATION':
      return { kind: 'QUOTATION', text, mentions, quotation: quotationOf(block.quotation) }
    case 'IMAGE':
      if (!block.image) throw new Error(`the image block ${block.id} has no image`)
      return { kind: 'IMAGE', image: toImage(block.image, publicUrl) }
    case 'EMBED': {
      if (!block.embed) throw new Error(`the embed block ${block.id} has no post`)
      const { provider, url, authorName, handle, text: words, postedAt } = block.embed
      return { kind: 'EMBED', embed: { provider, url, authorName, handle, text: words, postedAt } }
    }
  }
}

function quotationOf(quotation: BlockRow['quotation']): ArticleQuotation {
  return {
    speaker: quotation?.speaker ?? null,
    roleAsPrinted: quotation?.roleAsPrinted ?? null,
    direct: quotation?.direct ?? true,
    via: quotation?.via ?? null,
    viaOrganisation: quotation?.viaOrganisation ?? null,
  }
}

function mentionOf(mention: BlockRow['mentions'][number]): ArticleMention {
  const { start, end, surface, roleAsPrinted, entity } = mention
  return { start, end, surface, roleAsPrinted, entity }
}

function appearancesOf({ entities }: Row, kind: EntityKind): EntityAppearance[] {
  return entities
    .filter((appearance) => appearance.kind === kind)
    .map(({ entity, namedIn, rolesAsPrinted }) => ({ entity, namedIn, rolesAsPrinted }))
}
