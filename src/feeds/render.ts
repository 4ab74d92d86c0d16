import { readTopicPaths } from '../articles/topics/paths.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { type Audience, termsOf } from '../licensing/audience.ts'
import { withFeedToken } from '../licensing/feed-path.ts'
import { nextBoundary, publicTerms } from '../licensing/terms.ts'
import type { Handed } from '../syndication/ledger.ts'
import type { SyndicatedStory } from '../syndication/licensed-article.ts'
import { loadStories } from '../syndication/load.ts'
import { lapsesAt, project } from '../syndication/project.ts'
import { type FeedAddress, writeFeedAddress } from './address.ts'
import type { Newsfeed } from './feed.ts'
import { feedFormats, storyFormats, writeFeed, writeStory } from './formats/formats.ts'
import { SITEMAP_AGE, SITEMAP_SIZE } from './formats/news-sitemap.ts'
import { findRemovals, type KnownRemoval, REMOVALS_AGE } from './removals.ts'
import { renderingOf, type Timed } from './rendering.ts'
import { findScope, type KnownScope } from './scope.ts'
import { type Selected, selectStories } from './select.ts'

/** Stories on a page. */
export const PAGE = 50

export interface RenderDeps {
  prisma: PrismaClient
  publicUrl: string
  /** What the outlet is called. */
  outlet: string
  /** What stands for a partner's key in the links of its feeds; null for the public. */
  token: string | null
}

type Rendered<Kind extends FeedAddress['kind']> = {
  address: Extract<FeedAddress, { kind: Kind }>
  audience: Audience
  now: Date
  deps: RenderDeps
}

/**
 * Renders what an address names, as an audience may have it at a moment; null when there is no such thing for
 * it. Newsroom and public are given the same.
 * @throws InvalidInput when the address has a cursor that is none
 */
export async function render(
  address: FeedAddress,
  audience: Audience,
  now: Date,
  deps: RenderDeps,
): Promise<Timed | null> {
  const reader: Audience = audience.kind === 'partner' ? audience : { kind: 'public' }
  if (address.kind === 'story') return renderStory({ address, audience: reader, now, deps })
  return renderFeed({ address, audience: reader, now, deps })
}

async function renderStory({ address, audience, now, deps }: Rendered<'story'>): Promise<Timed | null> {
  const { prisma, publicUrl, outlet } = deps
  const row = await prisma.article.findUnique({ where: { slug: address.slug }, select: { id: true } })
  const story = row && (await loadStories(prisma, [row.id], publicUrl)).get(row.id)
  const version = story ? project(story, audience, now) : null
  if (!version) return null
  const rendering = renderingOf(writeStory(address.format, version, outlet), {
    type: storyFormats[address.format].type,
    handed: handedOf({ stories: [version], removals: [], audience }),
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

async function renderFeed({ address, audience, now, deps }: Rendered<'feed'>): Promise<Timed | null> {
  const { prisma, publicUrl, outlet, token } = deps
  const scope = await findScope(prisma, address.scope, () => now)
  if (!scope) return null
  const isSitemap = address.format === 'news-sitemap.xml'
  const topics = await readTopicPaths(prisma)
  const selected = await selectStories({
    prisma,
    publicUrl,
    audience,
    topics,
    scope,
    now,
    before: address.before,
    ...(isSitemap ? { size: SITEMAP_SIZE, since: new Date(now.getTime() - SITEMAP_AGE) } : { size: PAGE }),
  })
  const tellsRemovals = address.before === null && feedFormats[address.format].tellsRemovals
  const removals = tellsRemovals ? await findRemovals({ prisma, audience, topics, now }) : []
  const feed = newsfeedOf({ address, scope, selected, removals, publicUrl, outlet, token })
  const rendering = renderingOf(await writeFeed(address.format, feed), {
    type: feedFormats[address.format].type,
    handed: handedOf({ stories: selected.stories, removals, audience }),
    links: { self: feed.links.self, hub: feed.links.hub },
  })
  const until = earliest([
    ...ends(selected.stories, audience, now),
    ...removals.map(({ at }) => new Date(at.getTime() + REMOVALS_AGE)),
    ...(isSitemap ? selected.stories.map(({ publishedAt }) => later(publishedAt, SITEMAP_AGE)) : []),
    await nextDue(prisma, now),
    await aheadOf(prisma, now),
  ])
  return { rendering, until }
}

function newsfeedOf({
  address,
  scope,
  selected,
  removals,
  publicUrl,
  outlet,
  token,
}: {
  address: Extract<FeedAddress, { kind: 'feed' }>
  scope: KnownScope
  selected: Selected
  removals: readonly KnownRemoval[]
  publicUrl: string
  outlet: string
  token: string | null
}): Newsfeed {
  const { stories, older } = selected
  const at = (before: string | null) => publicUrl + writeFeedAddress({ ...address, before }, token)
  const moments = [...stories.map(({ updatedAt }) => updatedAt), ...removals.map((removal) => removal.at)]
  const languages = new Set(stories.map(({ language }) => language))
  return {
    outlet,
    title: scope.label === null ? outlet : `${outlet}: ${scope.label}`,
    description: scope.label === null ? `News from ${outlet}` : `News from ${outlet}: ${scope.label}`,
    language: scope.language ?? (languages.size === 1 ? (stories[0]?.language ?? null) : null),
    links: {
      home: publicUrl + (token === null ? '/feeds/' : withFeedToken('/feeds/', token)),
      self: at(address.before),
      current: at(null),
      older: older === null ? null : at(older),
      hub: `${publicUrl}/websub`,
    },
    updated: new Date(Math.max(0, ...moments.map((moment) => moment.getTime()))),
    stories,
    removals,
  }
}

function handedOf({
  stories,
  removals,
  audience,
}: {
  stories: readonly SyndicatedStory[]
  removals: readonly KnownRemoval[]
  audience: Audience
}): Handed[] {
  if (audience.kind !== 'partner') return []
  return [
    ...stories.map((story): Handed => {
      const { id: articleId, version } = story
      return { articleId, version, kind: 'STORY', lapsesAt: lapsesAt(story, audience.terms) }
    }),
    ...removals.map(({ id: articleId, version }): Handed => {
      return { articleId, version, kind: 'REMOVAL', lapsesAt: null }
    }),
  ]
}

/** When the audience's right to any of this ends by the clock, or to anything else begins. */
function ends(stories: readonly SyndicatedStory[], audience: Audience, now: Date): (Date | null)[] {
  const terms = audience.kind === 'partner' ? termsOf(audience) : publicTerms
  return [nextBoundary(terms, now), ...stories.map((story) => lapsesAt(story, terms))]
}

/** When a story next comes into view by itself. */
async function nextDue(prisma: PrismaClient, now: Date): Promise<Date | null> {
  const { _min } = await prisma.article.aggregate({ where: { dueAt: { gt: now } }, _min: { dueAt: true } })
  return _min.dueAt
}

/**
 * The moment of the newest change, where our clock has not come to it: a gateway whose clock is ahead has written
 * that an embargo has lifted, and no other change need follow once we agree.
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
