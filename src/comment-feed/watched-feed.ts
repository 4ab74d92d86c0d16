import type { ArticleCommentFeed } from './article-feed.ts'
import { AudienceLimits } from './audience-limits.ts'
import type { SubscriberGroup } from './subscriber-group.ts'

/** An article's comment feed with its subscribers in this process. */
export class WatchedFeed {
  readonly feed: ArticleCommentFeed
  /** All subscriptions, including those without a group yet. */
  subscriptions = 0
  /** By the key of their audience. */
  readonly groups = new Map<string, SubscriberGroup>()
  /** Limits the selections that each client watches. */
  readonly audiences = new AudienceLimits()
  /** Groups of an earlier history whose subscribers wait for the first read of the new one. */
  readonly retired: SubscriberGroup[] = []

  constructor(feed: ArticleCommentFeed) {
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
