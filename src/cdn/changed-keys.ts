import { affectedBy, affectedByReference } from '../read-cache/change-watch.ts'
import { RECENT_MS, type RecentChanges } from '../read-cache/changes-since.ts'
import { COMMENTS, commentsOf } from '../read-cache/reads.ts'
import { ALL, purgedKeys } from './surrogate-keys.ts'

/** Up to where changes are known. */
export interface KnownChanges {
  /** The history of the database; null if nothing is known. */
  history: string | null
  /** The position in the change sequence. */
  position: number
}

/** A gap after which entries may no longer be recent, so that they were never seen, in ms. */
export const MAX_GAP_MS = RECENT_MS / 3

/** Finds the surrogate keys of changes. */
export class ChangedKeys {
  #history: string | null
  #position: number
  /** Feeds and changes of reference data that were seen and are still recent. */
  #feeds: ReadonlyMap<string, number> = new Map()
  #references: ReadonlySet<string> = new Set()

  constructor({ history, position }: KnownChanges) {
    this.#history = history
    this.#position = position
  }

  get position(): number {
    return this.#position
  }

  /**
   * The keys of what has changed since the last call, in the order of the changes; the key of everything if changes
   * may be missing.
   * @param isGap whether the last call is too long ago
   */
  next(found: RecentChanges, isGap: boolean): string[] {
    const { history, head, articles, feeds, references } = found
    const isComplete = articles !== null && references !== null
    const isKnown = !isGap && isComplete && history === this.#history && head >= this.#position
    const keys = isKnown ? this.#keysOf(found) : [ALL]
    this.#history = history
    this.#position = head
    this.#feeds = new Map(feeds.map(({ articleId, position }) => [articleId, position]))
    this.#references = new Set(references?.map(({ id }) => id))
    return keys
  }

  #keysOf({ articles, feeds, references }: RecentChanges): string[] {
    const ofArticles = (articles ?? []).flatMap(({ articleId, kind }) =>
      articleId === null ? [] : affectedBy(articleId, kind),
    )
    const ofFeeds = feeds
      .filter(({ articleId, position }) => position > (this.#feeds.get(articleId) ?? -1))
      .flatMap(({ articleId }) => [commentsOf(articleId), COMMENTS])
    const ofReferences = (references ?? [])
      .filter(({ id }) => !this.#references.has(id))
      .flatMap(affectedByReference)
    return purgedKeys([...ofArticles, ...ofFeeds, ...ofReferences])
  }
}
