import { draftOf } from '../articles/snapshot.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { absolute, spellingsOf, storyKey, withoutTracking } from './addresses.ts'
import type { ReadStory } from './draft.ts'
import { resembles } from './headline.ts'
import { PageError } from './page.ts'
import { hasMostlySameText } from './same-text.ts'
import { digest, slugOf } from './slug.ts'

/**
 * The address under which an article is stored: the spelling that is already stored. If a page gives the address
 * of another article (neither its headline nor its text is similar), the address from which it was read is used.
 * @throws PageError when there is none
 */
export async function storedAddressOf(
  db: PrismaClient,
  { canonicalUrl, slug, headline, blocks }: ReadStory['article'],
  readFrom: string | null,
): Promise<{ canonicalUrl: string; slug: string; publishedAt?: Date }> {
  const stored = await storedAt(db, canonicalUrl)
  if (!stored) return { canonicalUrl, slug }
  const own = absolute(readFrom ?? undefined)
  const isThere = own !== undefined && storyKey(own) === storyKey(new URL(stored.canonicalUrl))
  const [imported] = stored.revisions
  const previous = imported && draftOf(imported.snapshot)
  const isSame =
    isThere ||
    resembles(headline, stored.headline) ||
    (previous !== undefined &&
      (resembles(headline, previous.headline) || hasMostlySameText(blocks, previous.blocks)))
  if (isSame) {
    const { publishedAt } = previous ?? stored
    return { canonicalUrl: stored.canonicalUrl, slug, publishedAt }
  }
  if (!own) {
    throw new PageError(
      `The page gives ${canonicalUrl} as its canonical URL, but another article is stored there. Read the page from its own URL.`,
    )
  }
  const url = withoutTracking(own)
  const known = await storedAt(db, url)
  return { canonicalUrl: known?.canonicalUrl ?? url, slug: slugOf(url, headline) }
}

/** The stored slug of the article, or the wanted one; with a digest of the address if another article has it. */
export async function freeSlug(db: PrismaClient, slug: string, canonicalUrl: string): Promise<string> {
  const stored = await db.article.findUnique({ where: { canonicalUrl }, select: { slug: true } })
  if (stored) return stored.slug
  const taken = await db.article.findUnique({ where: { slug }, select: { id: true } })
  return taken ? `${slug}-${digest(canonicalUrl)}` : slug
}

async function storedAt(db: PrismaClient, address: string) {
  return db.article.findFirst({
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
}
