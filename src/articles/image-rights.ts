import { InvalidInput } from '../base/errors.ts'
import type { Image, Prisma, PrismaClient } from '../db/client/client.ts'
import { lockImageRightsExclusive, lockImageRightsShared } from '../db/locks.ts'
import type { ArticleDraft, ImageDraft } from './draft.ts'
import { images, mapImages } from './images.ts'

/** The rights to an image. They belong to its URL, in every article that shows it. */
export type ImageRights = Pick<Image, 'syndicatable' | 'partners'>

/**
 * The lock for saving an article. Must be the first lock in the transaction.
 * @param changing the URLs of images whose rights the transaction changes
 */
export function lockImageRights(tx: Prisma.TransactionClient, changing: readonly string[]): Promise<void> {
  return changing.length > 0 ? lockImageRightsExclusive(tx) : lockImageRightsShared(tx)
}

/** A transaction would change the rights to images without the locks for it. Repeat it with these URLs locked. */
export class ImageRightsNotLocked extends Error {
  readonly urls: readonly string[]

  constructor(urls: readonly string[]) {
    super('the rights to an image change, which requires the exclusive lock')
    this.urls = urls
  }
}

/**
 * Whether stored rights take precedence over those in a draft: always (`stored`), never (`edited`), or only if an
 * editor has set them (`imported`).
 */
export type DraftKind = 'stored' | 'edited' | 'imported'

/**
 * Adds the rights of each image: those in the draft or those that are stored for the URL. If the draft names a URL
 * twice with different rights, the rights that both have apply.
 */
export async function withImageRights(
  db: Pick<PrismaClient, '$queryRaw'>,
  draft: ArticleDraft,
  kind: DraftKind,
): Promise<ArticleDraft> {
  const urls = images(draft).map(({ url }) => url)
  if (urls.length === 0) return draft
  const stored = await storedImages(db, urls)
  const resolved = mapImages(draft, (image) => {
    const before = stored.get(image.url)
    const isFinal = kind === 'stored' || (kind === 'imported' && before?.rightsSetByEditor)
    const { syndicatable, partners } = (isFinal && before) || image
    return {
      ...image,
      syndicatable: syndicatable ?? before?.syndicatable ?? false,
      partners: partners ?? before?.partners ?? [],
    }
  })
  return withRights(resolved, rightsByUrl(resolved))
}

/** Returns the draft with the given rights by URL; other images are unchanged. */
export function withRights(draft: ArticleDraft, rights: ReadonlyMap<string, ImageRights>): ArticleDraft {
  return mapImages(draft, (image) => ({ ...image, ...rights.get(image.url) }))
}

/** The rights of the images of a draft, by URL. */
export function rightsByUrl(draft: ArticleDraft): Map<string, ImageRights> {
  const byUrl = new Map<string, ImageRights>()
  for (const image of images(draft)) {
    const other = byUrl.get(image.url)
    byUrl.set(image.url, other ? commonRights(rightsOf(image), other) : rightsOf(image))
  }
  return byUrl
}

function rightsOf({ syndicatable = false, partners = [] }: ImageDraft): ImageRights {
  return { syndicatable, partners: sortedSlugs(partners) }
}

/** What both rights allow. A partner may use a syndicatable image without being listed. */
function commonRights(a: ImageRights, b: ImageRights): ImageRights {
  if (a.syndicatable !== b.syndicatable) return a.syndicatable ? b : a
  return { syndicatable: a.syndicatable, partners: a.partners.filter((slug) => b.partners.includes(slug)) }
}

export function areSameRights(a: ImageRights, b: ImageRights): boolean {
  return (
    a.syndicatable === b.syndicatable && sortedSlugs(a.partners).join() === sortedSlugs(b.partners).join()
  )
}

/** The images with these URLs, by URL. */
export async function storedImages(
  db: Pick<PrismaClient, '$queryRaw'>,
  urls: readonly string[],
): Promise<Map<string, Image>> {
  const rows = await db.$queryRaw<Image[]>`
    SELECT "id", "url", "syndicatable", "partners", "rightsSetByEditor" FROM "Image"
    WHERE "url" = ANY(${[...new Set(urls)]}::text[])`
  return new Map(rows.map((row) => [row.url, row]))
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
