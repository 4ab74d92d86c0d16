import { InvalidInput } from '../base/errors.ts'
import type { Image, Prisma, PrismaClient } from '../db/client/client.ts'
import type { ArticleDraft } from './draft.ts'
import { images, mapImages } from './images.ts'

/** The rights to an image. They belong to its URL, in every article that shows it. */
export type ImageRights = Pick<Image, 'syndicatable' | 'partners'>

/**
 * Adds the rights of each image: those in the draft, else those that the article has for the URL, else those of
 * another article.
 *
 * @param articleId the stored article of the draft, if any
 * @param preferStored whether the stored rights of the article take precedence over the draft
 */
export async function withImageRights(
  db: Pick<PrismaClient, 'image' | '$queryRaw'>,
  draft: ArticleDraft,
  { articleId, preferStored = false }: { articleId?: string; preferStored?: boolean },
): Promise<ArticleDraft> {
  if (images(draft).length === 0) return draft
  const own = articleId ? await rightsIn(db, articleId) : new Map<string, ImageRights>()
  const unspecified = images(draft).filter(
    ({ url, syndicatable, partners }) =>
      !own.has(url) && (syndicatable === undefined || partners === undefined),
  )
  const known = new Map([
    ...(await latestRights(
      db,
      unspecified.map(({ url }) => url),
    )),
    ...own,
  ])
  return mapImages(draft, (image) => {
    const { syndicatable, partners } = (preferStored && own.get(image.url)) || image
    const before = known.get(image.url)
    return {
      ...image,
      syndicatable: syndicatable ?? before?.syndicatable ?? false,
      partners: sortedSlugs(partners ?? before?.partners ?? []),
    }
  })
}

/** The most recently stored rights for each URL. */
async function latestRights(
  db: Pick<PrismaClient, '$queryRaw'>,
  urls: string[],
): Promise<Map<string, ImageRights>> {
  if (urls.length === 0) return new Map()
  const rows = await db.$queryRaw<({ url: string } & ImageRights)[]>`
    SELECT DISTINCT ON ("url") "url", "syndicatable", "partners" FROM "Image"
    WHERE "url" = ANY(${urls}::text[]) ORDER BY "url", "id" DESC`
  return new Map(rows.map(({ url, ...rights }) => [url, rights]))
}

/** Sorts and deduplicates slugs, so that equal rights are always stored equally. */
export function sortedSlugs(partners: readonly string[]): string[] {
  return [...new Set(partners)].sort()
}

/** @throws InvalidInput for an unknown partner slug */
export async function checkPartners(
  db: Pick<PrismaClient, 'partner'>,
  partners: readonly string[],
): Promise<void> {
  if (partners.length === 0) return
  const found = await db.partner.findMany({ where: { slug: { in: [...partners] } }, select: { slug: true } })
  const unknown = partners.find((slug) => !found.some((partner) => partner.slug === slug))
  if (unknown !== undefined) {
    throw new InvalidInput(
      'partners',
      `There is no partner "${unknown.slice(0, 80)}". Use the slug of a partner.`,
    )
  }
}

/** Writes the image rights of an article that differ between two drafts. */
export async function writeImageRights(
  tx: Prisma.TransactionClient,
  articleId: string,
  { before, draft }: { before: ArticleDraft; draft: ArticleDraft },
): Promise<void> {
  const written = new Map(images(before).map((image) => [image.url, JSON.stringify(rightsOf(image))]))
  for (const image of images(draft)) {
    const data = rightsOf(image)
    if (written.get(image.url) === JSON.stringify(data)) continue
    written.set(image.url, JSON.stringify(data))
    await tx.image.updateMany({ where: { url: image.url, ...imagesOfArticle(articleId) }, data })
  }
}

const rights = { syndicatable: true, partners: true } as const

function rightsOf({ syndicatable = false, partners = [] }: Partial<ImageRights>): ImageRights {
  return { syndicatable, partners: sortedSlugs(partners) }
}

/** If an article shows an image twice with different rights, the intersection applies. */
async function rightsIn(
  db: Pick<PrismaClient, 'image'>,
  articleId: string,
): Promise<Map<string, ImageRights>> {
  const rows = await db.image.findMany({
    where: imagesOfArticle(articleId),
    select: { url: true, ...rights },
  })
  const known = new Map<string, ImageRights>()
  for (const { url, syndicatable, partners } of rows) {
    const other = known.get(url)
    known.set(url, {
      syndicatable: syndicatable && (other?.syndicatable ?? true),
      partners: partners.filter((slug) => other?.partners.includes(slug) ?? true),
    })
  }
  return known
}

export function imagesOfArticle(articleId: string): Prisma.ImageWhereInput {
  return { OR: [{ leadOf: { some: { id: articleId } } }, { blocks: { some: { articleId } } }] }
}
