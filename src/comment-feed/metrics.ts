import type { CommentFeedRow } from './event.ts'

/** Counters of the hub. */
export interface CommentFeedMetrics {
  /** An event was executed for a group. */
  executed(): void
  /** A feed was read from the database. */
  read(): void
  /** Entries were sent to a subscriber that catches up. */
  replayed(entries: number): void
  /** An entry was sent to this number of sockets. */
  delivered(row: NonNullable<CommentFeedRow>, sockets: number): void
}
