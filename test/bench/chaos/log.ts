/** An entry of the feed as the database has it. Times are ms since the epoch, all of one machine's clock. */
export interface Entry {
  position: number
  kind: 'APPROVED' | 'RETRACTED'
  /** The comment's global id. */
  comment: string
  /** When it was decided; it was committed a little later. */
  at: number
}

/** A story as the database has it in the end. */
export interface Story {
  /** The global id. */
  id: string
  slug: string
  /** `entries[i]` should stand at position i + 1. */
  entries: Entry[]
  /** The comments that readers should see, newest approval first, with the position of their approval. */
  shown: { comment: string; position: number }[]
  /** What the story's own columns say. */
  feedPosition: number
  commentCount: number
}

/** What a primary had when it was lost, and when its standby took over. */
export interface Past {
  /** The history that cursors of that time belong to. */
  history: string
  stories: Story[]
  from: number
  back: number
}

/** A page as a reader loaded it. */
export interface Page {
  /** The history of its `feedCursor`. */
  history: string
  requestedAt: number
  loadedAt: number
  /** The position behind its `feedCursor`. */
  position: number
  /** The comments on it, newest approval first. */
  comments: string[]
  /** Whether there are older comments that are not on it. */
  more: boolean
}

/** An event as a reader got it. */
export interface Received {
  position: number
  kind: 'APPROVED' | 'RETRACTED'
  comment: string
  at: number
  /** When the reader asked for the feed on the connection that brought it. */
  subscribedAt: number
}

/** What a reader did between loading a page and loading it again. */
export interface Reading {
  page: Page
  events: Received[]
  /** Why the feed told it to load the page again; null where it did not. */
  resetBy: string | null
}

/** A time without a connection; `back` is when the next one was acknowledged. */
export interface Loss {
  from: number
  back: number | null
}

/** A time in which something was broken. */
export interface Outage {
  from: number
  back: number
}

/** All that a reader wrote down. */
export interface ReaderLog {
  /** The story's global id. */
  story: string
  readings: Reading[]
  losses: Loss[]
  /** Times in which its connection was open but carried nothing. */
  stalls: Outage[]
  /** Messages after which a client as documented would wait for ever: errors, and ends of a feed that goes on. */
  ends: string[]
}
