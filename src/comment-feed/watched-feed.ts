import type { FeedChannel } from './article-feed.ts'
import { AudienceLimits } from './audience-limits.ts'
import type { FeedGroup } from './group.ts'

/** An article's comment feed with its subscribers in this process. */
export class WatchedFeed {
  readonly feed: FeedChannel
  /** The subscriptions that keep it, those without a group yet included. */
  subscriptions = 0
  /** The groups of subscribers, by the key of their audience. */
  readonly groups = new Map<string, FeedGroup>()
  /** Counts the selections that each client watches. */
  readonly audiences = new AudienceLimits()
  /** Groups of an earlier history, whose subscribers wait for the first read of this one. */
  readonly retired: FeedGroup[] = []

  constructor(feed: FeedChannel) {
    this.feed = feed
  }

  /**
   * Starts again in another history of the database. The groups are retired; the caller moves their subscribers
   * after a read has returned the new head.
   */
  restart(): void {
    this.feed.restart()
    for (const group of this.groups.values()) group.retire()
    this.retired.push(...this.groups.values())
    this.groups.clear()
  }
}
