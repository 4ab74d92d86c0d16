import type { ArticleCommentFeed } from './article-feed.ts'
import type { CommentFeedEvent, CommentFeedRow } from './event.ts'
import { type FeedState, oldestPosition, startingPointAfter } from './starting-point.ts'

/** Events of a feed that were read at once, without a subscription. */
export interface EventPage {
  events: CommentFeedEvent[]
  /** The position up to which the feed was read. Continue after it, also after an empty page. */
  cursor: string
  /** Whether there are entries after it. */
  hasMore: boolean
}

type Event = NonNullable<CommentFeedRow>

/**
 * Reads up to `size` events after a cursor, as they are replayed to a subscriber: approvals of comments that
 * were retracted since are left out. Without a cursor, it starts with the oldest entry that can be replayed.
 * @param state the feed as it was last read; later entries are left to the next page
 * @param isAlone whether the feed has no other readers, so that only the entries of this page are read
 * @returns null when the feed must be read again, because the history of the database has changed
 */
export async function readEventPage(
  feed: ArticleCommentFeed,
  state: FeedState,
  after: string | null,
  size: number,
  isAlone: boolean,
): Promise<EventPage | null> {
  const { articleId, head, generation, cursorAt } = state
  if (feed.generation !== generation) return null
  const { position: start, reset } =
    after === null ? { position: oldestPosition(state), reset: null } : startingPointAfter(after, state)
  if (reset) return { events: [reset], cursor: reset.cursor, hasMore: false }
  const events: Event[] = []
  // Later reads are of whole pages: any number of entries after the first may be left out.
  const read = (from: number) => (isAlone && from === start ? feed.someAfter(from, size) : feed.after(from))
  let position = start
  while (position < head && events.length < size) {
    // The second read does not use a cached page that ends too early.
    const rows = await read(position).then((found) => (found.length > 0 ? found : read(position)))
    if (feed.generation !== generation) return null
    if (rows.length === 0) throw new Error(`the comment feed has no entry after position ${position}`)
    for (const row of rows.slice(0, head - position)) {
      position += 1
      if (row) events.push(row)
      if (events.length === size) break
    }
  }
  return {
    events: withoutRetracted(events, feed.retractedIds),
    cursor: cursorAt(articleId, position),
    hasMore: position < head,
  }
}

/** Entries are read in several statements, so a comment may have been retracted between two of them. */
function withoutRetracted(events: Event[], retractedIds: ReadonlySet<string>): Event[] {
  const later = new Set(events.flatMap((event) => (event.kind === 'RETRACTED' ? event.commentId : [])))
  const isRetracted = (id: string) => later.has(id) || retractedIds.has(id)
  return events.filter((event) => event.kind === 'RETRACTED' || !isRetracted(event.comment.id))
}
