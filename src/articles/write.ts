import { Prisma } from '../db/client/client.ts'
import { uuid7 } from '../db/uuid7.ts'
import type { ArticleDraft, ImageDraft } from './draft.ts'
import type { ArticleMentions, EntityAppearance } from './mentions.ts'
import { type EntityIds, entityIn } from './resolve.ts'
import { searchConfiguration, searchText } from './search-text.ts'

/** The ids of the image uses of an article. */
export interface ImageUseIds {
  lead: string | null
  /** By the index of the block. */
  inBody: Map<number, string>
}

/**
 * Stores the uses of images in an article.
 * @param imageIds the row ids of the images, by URL
 */
export async function writeImageUses(
  tx: Prisma.TransactionClient,
  articleId: string,
  draft: ArticleDraft,
  imageIds: ReadonlyMap<string, string>,
): Promise<ImageUseIds> {
  const rows: Prisma.ImageUseCreateManyInput[] = []
  const add = ({ url, syndicatable, partners, ...texts }: ImageDraft) => {
    // The id is created here because INSERT ... RETURNING guarantees no order.
    const id = uuid7()
    rows.push({ id, articleId, imageId: imageIds.get(url)!, ...texts })
    return id
  }
  const lead = draft.leadImage ? add(draft.leadImage) : null
  const inBody = new Map<number, string>()
  for (const [i, block] of draft.blocks.entries()) {
    if (block.kind === 'IMAGE') inBody.set(i, add(block.image))
  }
  if (rows.length > 0) await tx.imageUse.createMany({ data: rows })
  return { lead, inBody }
}

/** Stores the blocks with their quotations and embeds. Returns the block ids in reading order. */
export async function writeBody(
  tx: Prisma.TransactionClient,
  articleId: string,
  draft: ArticleDraft,
  { entities: ids, images }: { entities: EntityIds; images: ImageUseIds },
): Promise<string[]> {
  const rows: Prisma.BlockCreateManyInput[] = []
  for (const [i, block] of draft.blocks.entries()) {
    rows.push({
      articleId,
      position: i + 1,
      kind: block.kind,
      text: 'text' in block ? block.text : null,
      level: block.kind === 'HEADING' ? block.level : null,
      imageId: images.inBody.get(i),
    })
  }
  const stored = await tx.block.createManyAndReturn({ data: rows, select: { id: true, position: true } })
  const blockIds: string[] = []
  for (const { id, position } of stored) blockIds[position - 1] = id

  const embeds: Prisma.EmbedCreateManyInput[] = []
  const quotations: Prisma.QuotationCreateManyInput[] = []
  for (const [i, block] of draft.blocks.entries()) {
    const blockId = blockIds[i]!
    if (block.kind === 'EMBED') embeds.push({ blockId, ...block.embed })
    if (block.kind !== 'QUOTATION') continue
    const { speaker, roleAsPrinted, direct, via } = block
    quotations.push({
      articleId,
      blockId,
      speakerId: speaker && entityIn(ids, speaker).id,
      roleAsPrinted,
      direct,
      via: via?.text,
      viaOrganisationId: via?.organisation ? entityIn(ids, { organisation: via.organisation }).id : null,
    })
  }
  if (embeds.length > 0) await tx.embed.createMany({ data: embeds })
  if (quotations.length > 0) await tx.quotation.createMany({ data: quotations })
  return blockIds
}

/** Stores the mentions and appearances of an article. */
export async function writeMentions(
  tx: Prisma.TransactionClient,
  articleId: string,
  naming: ArticleMentions,
  blockIds: string[],
): Promise<void> {
  await tx.mention.createMany({
    data: naming.mentions.map(({ block, start, end, surface, roleAsPrinted, owner }) => ({
      articleId,
      blockId: blockIds[block]!,
      start,
      end,
      surface,
      roleAsPrinted,
      entityId: owner.id,
    })),
  })
  const rows = (['PERSON', 'ORGANISATION'] as const).flatMap((kind) =>
    naming.entities
      .filter((entity) => entity.kind === kind)
      .map((entity, i) => appearanceRow(articleId, entity, i + 1)),
  )
  await tx.articleEntity.createMany({ data: rows })
}

function appearanceRow(
  articleId: string,
  { id, ...appearance }: EntityAppearance,
  position: number,
): Prisma.ArticleEntityCreateManyInput {
  return { ...appearance, articleId, entityId: id, position }
}

/** Stores the full-text search vector of an article. */
export async function writeSearch(
  tx: Prisma.TransactionClient,
  id: string,
  draft: ArticleDraft,
): Promise<void> {
  const { a, b, c } = searchText(draft)
  const vector = (configuration: string) => Prisma.sql`
    setweight(to_tsvector(${configuration}::regconfig, ${a}), 'A') ||
    setweight(to_tsvector(${configuration}::regconfig, ${b}), 'B') ||
    setweight(to_tsvector(${configuration}::regconfig, ${c}), 'C')`
  const own = searchConfiguration(draft.language)
  const search = own ? Prisma.sql`${vector('simple')} || ${vector(own)}` : vector('simple')
  await tx.$executeRaw`UPDATE "Article" SET "search" = ${search} WHERE "id" = ${id}::uuid`
}
