import { readTopicPaths } from '../articles/topics/paths.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { type Audience, termsOf } from '../licensing/audience.ts'
import { withFeedToken } from '../licensing/feed-path.ts'
import { nextBoundary, publicTerms } from '../licensing/terms.ts'
import type { DeliveryRecord } from '../syndication/ledger.ts'
import type { LicensedArticle } from '../syndication/licensed-article.ts'
import { loadArticles } from '../syndication/load.ts'
import { lapsesAt, project } from '../syndication/project.ts'
import { type FeedAddress, writeFeedAddress } from './address.ts'
import type { Feed } from './feed.ts'
import { articleFormats, feedFormats, writeArticle, writeFeed } from './formats/formats.ts'
import { MAX_SITEMAP_AGE_MS, MAX_SITEMAP_URLS } from './formats/news-sitemap.ts'
import { findRemovals, REMOVALS_MAX_AGE_MS, type RecordedRemoval } from './removals.ts'
import { type ExpiringRendering, renderingOf } from './rendering.ts'
import { findScope, type ResolvedScope } from './scope.ts'
import { type Selected, selectArticles } from './select.ts'

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
    until: earliest([
      ...ends([version], audience, now),
      await nextDue(prisma, now),
      await aheadOf(prisma, now),
    ]),
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
  const until = earliest([
    ...ends(selected.articles, audience, now),
    ...removals.map(({ at }) => new Date(at.getTime() + REMOVALS_MAX_AGE_MS)),
    ...(isSitemap ? selected.articles.map(({ publishedAt }) => later(publishedAt, MAX_SITEMAP_AGE_MS)) : []),
    await nextDue(prisma, now),
    await aheadOf(prisma, now),
  ])
  return { rendering, until }
}

function toFeed({
  address,
  scope,
  selected,
  removals,
  publicUrl,
  outlet,
  token,
}: {
  address: Extract<FeedAddress, { kind: 'feed' }>
  scope: ResolvedScope
  selected: Selected
  removals: readonly RecordedRemoval[]
  publicUrl: string
  outlet: string
  token: string | null
}): Feed {
  const { articles, older } = selected
  const at = (before: string | null) => publicUrl + writeFeedAddress({ ...address, before }, token)
  const moments = [...articles.map(({ updatedAt }) => updatedAt), ...removals.map((removal) => removal.at)]
  const languages = new Set(articles.map(({ language }) => language))
  return {
    outlet,
    title: scope.label === null ? outlet : `${outlet}: ${scope.label}`,
    description: scope.label === null ? `News from ${outlet}` : `News from ${outlet}: ${scope.label}`,
    language: scope.language ?? (languages.size === 1 ? (articles[0]?.language ?? null) : null),
    links: {
      home: publicUrl + (token === null ? '/feeds/' : withFeedToken('/feeds/', token)),
      self: at(address.before),
      current: at(null),
      older: older === null ? null : at(older),
      hub: `${publicUrl}/websub`,
    },
    updated: new Date(Math.max(0, ...moments.map((moment) => moment.getTime()))),
    articles,
    removals,
  }
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
      return { articleId, version, kind: 'STORY', lapsesAt: lapsesAt(article, audience.terms) }
    }),
    ...removals.map(({ id: articleId, version }): DeliveryRecord => {
      return { articleId, version, kind: 'REMOVAL', lapsesAt: null }
    }),
  ]
}

/** When the right of the audience to any article ends by the clock, or the licence starts or ends. */
function ends(articles: readonly LicensedArticle[], audience: Audience, now: Date): (Date | null)[] {
  const terms = audience.kind === 'partner' ? termsOf(audience) : publicTerms
  return [nextBoundary(terms, now), ...articles.map((article) => lapsesAt(article, terms))]
}

/** When the next article becomes visible by the clock. */
async function nextDue(prisma: PrismaClient, now: Date): Promise<Date | null> {
  const { _min } = await prisma.article.aggregate({ where: { dueAt: { gt: now } }, _min: { dueAt: true } })
  return _min.dueAt
}

/**
 * The time of the newest change if it is ahead of our clock: another gateway with a fast clock has recorded the
 * end of an embargo.
 */
async function aheadOf(prisma: PrismaClient, now: Date): Promise<Date | null> {
  const newest = await prisma.articleChange.findFirst({
    orderBy: { position: 'desc' },
    select: { at: true },
  })
  return newest && newest.at > now ? newest.at : null
}

function earliest(moments: readonly (Date | null)[]): Date | null {
  return moments.reduce((first, moment) => (first && (!moment || first <= moment) ? first : moment), null)
}

function later(moment: Date, ms: number): Date {
  return new Date(moment.getTime() + ms)
}
