import { draftOf } from '../articles/snapshot.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { absolute, spellingsOf, withoutTracking } from './addresses.ts'
import type { ReadArticle } from './draft.ts'
import { isListPage } from './list-pages.ts'
import { PageError } from './page.ts'
import { isSameArticle, ownUrlOf } from './same-article.ts'
import { digest, slugOf } from './slug.ts'

export interface StoredAddress {
  canonicalUrl: string
  slug: string
  /** The address of the page that contradicts `canonicalUrl`. */
  ownUrl?: string
  /** The date of the last import. */
  publishedAt?: Date
}

/**
 * The address under which an article is stored: the spelling that is already stored. If a page gives the address
 * of another article, the other address that the page gives is used, or the one from which it was read.
 * @throws PageError when there is none
 */
export async function storedAddressOf(
  db: PrismaClient,
  { article, statedUrl, readFrom }: Pick<ReadArticle, 'article' | 'statedUrl' | 'readFrom'>,
): Promise<StoredAddress> {
  const { headline, blocks, canonicalUrl: given } = article
  const read = absolute(readFrom ?? undefined)
  const page = { headline, blocks, statedUrl, readFrom: read ? withoutTracking(read) : null }
  const others = [statedUrl, page.readFrom].filter((url) => url != null && !isListPage(new URL(url)))
  for (const address of [given, ...others] as string[]) {
    const stored = await storedAt(db, address)
    if (stored && !isSameArticle(page, stored)) continue
    const canonicalUrl = stored?.canonicalUrl ?? address
    const ownUrl = ownUrlOf(page, canonicalUrl)
    return {
      canonicalUrl,
      slug: address === given ? article.slug : slugOf(address, headline),
      ...(ownUrl && { ownUrl }),
      ...(stored && { publishedAt: stored.publishedAt }),
    }
  }
  throw new PageError(
    `The canonical URL of the page is ${given}, but another article has this URL. Import the page from its own URL.`,
  )
}

/** The stored slug of the article, or the wanted one; with a digest of the address if another article has it. */
export async function freeSlug(db: PrismaClient, slug: string, canonicalUrl: string): Promise<string> {
  const stored = await db.article.findUnique({ where: { canonicalUrl }, select: { slug: true } })
  if (stored) return stored.slug
  const taken = await db.article.findUnique({ where: { slug }, select: { id: true } })
  return taken ? `${slug}-${digest(canonicalUrl)}` : slug
}

/** The article that is stored at an address, with what its last import says about it. */
async function storedAt(db: PrismaClient, address: string) {
  const stored = await db.article.findFirst({
    where: { canonicalUrl: { in: spellingsOf(address) } },
    orderBy: { id: 'asc' },
    select: {
      canonicalUrl: true,
      headline: true,
      publishedAt: true,
      revisions: {
        where: { editor: null },
        orderBy: { version: 'desc' },
        take: 1,
        select: { snapshot: true },
      },
    },
  })
  if (!stored) return null
  const [imported] = stored.revisions
  const previous = imported && draftOf(imported.snapshot)
  return {
    canonicalUrl: stored.canonicalUrl,
    headlines: [stored.headline, ...(previous ? [previous.headline] : [])],
    blocks: previous?.blocks,
    ownUrl: previous?.ownUrl,
    publishedAt: previous?.publishedAt ?? stored.publishedAt,
  }
}
