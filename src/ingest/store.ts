import { type SavedArticle, saveArticle } from '../articles/save.ts'
import type { PrismaClient } from '../db/client/client.ts'
import type { NameIndex } from '../names/link.ts'
import type { ReadArticle } from './draft.ts'
import { linkEntities } from './link-entities.ts'
import { freeSlug, storedAddressOf } from './stored-address.ts'

/**
 * Stores an article that was read from a page, with its people and organisations. New names are added to `names`.
 * @throws PageError if the page gives the address of another article and has no address of its own
 */
export async function storeArticle(
  db: PrismaClient,
  page: ReadArticle,
  deps: { now: Date; names: NameIndex },
): Promise<SavedArticle & { slug: string; url: string; notes: string[] }> {
  const { article: read, people, organisations, hasNoZone, notes } = page
  const { publishedAt, ...address } = await storedAddressOf(db, page)
  // Another assumed time zone must not make another version of the same page.
  const difference = hasNoZone && publishedAt ? publishedAt.getTime() - read.publishedAt.getTime() : 0
  const shift = Math.abs(difference) <= MAX_SHIFT_MS ? difference : 0
  const shifted = (date: Date) => new Date(date.getTime() + shift)
  const article = {
    ...read,
    ...address,
    publishedAt: shifted(read.publishedAt),
    ...(read.updatedAt && { updatedAt: shifted(read.updatedAt) }),
  }
  const entities = await linkEntities(db, { article, people, organisations }, deps.names)
  const slug = await freeSlug(db, article.slug, article.canonicalUrl)
  const saved = await saveArticle(db, { ...article, slug, ...entities }, deps)
  return {
    ...saved,
    slug,
    url: article.canonicalUrl,
    notes: shift === 0 ? notes : ['the dates have no time zone; the zone that was assumed before is kept'],
  }
}

/** The maximum difference of two time zones. */
const MAX_SHIFT_MS = 26 * 3_600_000
