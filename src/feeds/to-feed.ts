import { withFeedToken } from '../licensing/feed-path.ts'
import { type FeedAddress, writeFeedAddress } from './address.ts'
import type { Feed } from './feed.ts'
import type { RecordedRemoval } from './removals.ts'
import type { ResolvedScope } from './scope.ts'
import type { Selected } from './select.ts'

/** One page of a feed with its title and links, from the articles and removals that were selected for it. */
export function toFeed({
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
