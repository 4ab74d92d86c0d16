import { readTopicPaths } from '../articles/topics/paths.ts'
import type { PrismaClient } from '../db/client/client.ts'
import type { Audience } from '../licensing/audience.ts'
import { lapsesAt } from '../licensing/terms.ts'
import type { DeliveryRecord } from '../syndication/ledger.ts'
import type { LicensedArticle } from '../syndication/licensed-article.ts'
import { loadArticles } from '../syndication/load.ts'
import { project } from '../syndication/project.ts'
import type { FeedAddress } from './address.ts'
import { articleFormats, feedFormats, writeArticle, writeFeed } from './formats/formats.ts'
import { MAX_SITEMAP_AGE_MS, MAX_SITEMAP_URLS } from './formats/news-sitemap.ts'
import { findRemovals, REMOVALS_MAX_AGE_MS, type RecordedRemoval } from './removals.ts'
import { type ExpiringRendering, renderingOf } from './rendering.ts'
import { findScope } from './scope.ts'
import { selectArticles } from './select.ts'
import { toFeed } from './to-feed.ts'
import { validUntil } from './valid-until.ts'

/** The number of articles per page. */
export const PAGE = 50

export interface RenderDeps {
  prisma: PrismaClient
  publicUrl: string
  /** The name of the outlet. */
  outlet: string
  /** The feed token of the partner for links; null for the public. */
  token: string | null
}

type Rendered<Kind extends FeedAddress['kind']> = {
  address: Extract<FeedAddress, { kind: Kind }>
  audience: Audience
  now: Date
  deps: RenderDeps
}

/**
 * Renders a feed or article for an audience at a time; null if there is nothing for it. The newsroom gets the
 * public version.
 * @throws InvalidInput for an invalid cursor
 */
export async function render(
  address: FeedAddress,
  audience: Audience,
  now: Date,
  deps: RenderDeps,
): Promise<ExpiringRendering | null> {
  const reader: Audience = audience.kind === 'partner' ? audience : { kind: 'public' }
  if (address.kind === 'article') return renderArticle({ address, audience: reader, now, deps })
  return renderFeed({ address, audience: reader, now, deps })
}

async function renderArticle({
  address,
  audience,
  now,
  deps,
}: Rendered<'article'>): Promise<ExpiringRendering | null> {
  const { prisma, publicUrl, outlet } = deps
  const row = await prisma.article.findUnique({ where: { slug: address.slug }, select: { id: true } })
  const article = row && (await loadArticles(prisma, [row.id], publicUrl)).get(row.id)
  const version = article ? project(article, audience, now) : null
  if (!version) return null
  const rendering = renderingOf(writeArticle(address.format, version, outlet), {
    type: articleFormats[address.format].type,
    deliveries: deliveriesOf({ articles: [version], removals: [], audience }),
    links: null,
  })
  return {
    rendering,
    until: await validUntil(prisma, { articles: [version], audience, now }),
  }
}

async function renderFeed({
  address,
  audience,
  now,
  deps,
}: Rendered<'feed'>): Promise<ExpiringRendering | null> {
  const { prisma, publicUrl, outlet, token } = deps
  const scope = await findScope(prisma, address.scope, () => now)
  if (!scope) return null
  const isSitemap = address.format === 'news-sitemap.xml'
  const topics = await readTopicPaths(prisma)
  const selected = await selectArticles({
    prisma,
    publicUrl,
    audience,
    topics,
    scope,
    now,
    before: address.before,
    ...(isSitemap
      ? { size: MAX_SITEMAP_URLS, since: new Date(now.getTime() - MAX_SITEMAP_AGE_MS) }
      : { size: PAGE }),
  })
  const listsRemovals = address.before === null && feedFormats[address.format].listsRemovals
  const removals = listsRemovals ? await findRemovals({ prisma, audience, topics, now }) : []
  const feed = toFeed({ address, scope, selected, removals, publicUrl, outlet, token })
  const rendering = renderingOf(await writeFeed(address.format, feed), {
    type: feedFormats[address.format].type,
    deliveries: deliveriesOf({ articles: selected.articles, removals, audience }),
    links: { self: feed.links.self, hub: feed.links.hub },
  })
  const leaveAt = [
    ...removals.map(({ at }) => later(at, REMOVALS_MAX_AGE_MS)),
    ...(isSitemap ? selected.articles.map(({ publishedAt }) => later(publishedAt, MAX_SITEMAP_AGE_MS)) : []),
  ]
  const until = await validUntil(prisma, { articles: selected.articles, audience, now, leaveAt })
  return { rendering, until }
}

function deliveriesOf({
  articles,
  removals,
  audience,
}: {
  articles: readonly LicensedArticle[]
  removals: readonly RecordedRemoval[]
  audience: Audience
}): DeliveryRecord[] {
  if (audience.kind !== 'partner') return []
  return [
    ...articles.map((article): DeliveryRecord => {
      const { id: articleId, version } = article
      return { articleId, version, kind: 'ARTICLE', lapsesAt: lapsesAt(article, audience.terms) }
    }),
    ...removals.map(({ id: articleId, version }): DeliveryRecord => {
      return { articleId, version, kind: 'REMOVAL', lapsesAt: null }
    }),
  ]
}

function later(moment: Date, ms: number): Date {
  return new Date(moment.getTime() + ms)
}
