import type { FeedRow } from './event.ts'

/** What a hub counts as it works. */
export interface FeedMetrics {
  /** An event was executed for a group. */
  executed(): void
  /** A feed was read from the database. */
  read(): void
  /** So many entries went to a subscriber that catches up. */
  replayed(entries: number): void
  /** An entry went to so many sockets. */
  delivered(row: NonNullable<FeedRow>, sockets: number): void
}
