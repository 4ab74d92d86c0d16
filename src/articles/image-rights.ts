import { InvalidInput } from '../base/errors.ts'
import type { Image, Prisma, PrismaClient } from '../db/client/client.ts'
import type { ArticleDraft } from './draft.ts'
import { images, mapImages } from './images.ts'

/** Who may have a picture. It goes with the picture's address, in every story that shows it. */
export type ImageRights = Pick<Image, 'syndicatable' | 'partners'>

/** The advisory lock that keeps the rights of pictures as they are while stories are saved. */
const IMAGE_RIGHTS_LOCK_KEY = 1_147_233_365

/** Nobody changes rights of pictures from here to the end of the transaction. It comes first in it. */
export async function lockImageRightsShared(tx: Prisma.TransactionClient): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(${IMAGE_RIGHTS_LOCK_KEY}::bigint)`
}

/** Nobody saves a story from here to the end of the transaction, so none slips through a change of rights. */
export async function lockImageRightsExclusive(tx: Prisma.TransactionClient): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${IMAGE_RIGHTS_LOCK_KEY}::bigint)`
}

/**
 * The draft with the rights of each of its pictures: what it says itself, else what the story has for that
 * address, else what another story has.
 *
 * @param articleId the story that it is a draft of, where that is stored
 * @param preferStored whether what the story has goes before what the draft says
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

/** The rights of the pictures stored last for each address that has one. */
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

/** Slugs as they are kept: each once, in order, so that the same rights are always written the same. */
export function sortedSlugs(partners: readonly string[]): string[] {
  return [...new Set(partners)].sort()
}

/** @throws InvalidInput for a slug that no partner has */
export async function checkPartners(
  db: Pick<PrismaClient, 'partner'>,
  partners: readonly string[],
): Promise<void> {
  if (partners.length === 0) return
  const found = await db.partner.findMany({ where: { slug: { in: [...partners] } }, select: { slug: true } })
  const unknown = partners.find((slug) => !found.some((partner) => partner.slug === slug))
  if (unknown !== undefined) {
    throw new InvalidInput('partners', `There is no partner "${unknown.slice(0, 80)}".`)
  }
}

/** Writes the rights of a story's pictures where a draft has other ones than the draft before it. */
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

/** A picture that a story shows twice with different rights is given to those who may have it both times. */
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
