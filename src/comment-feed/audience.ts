import type { CommentFeedEvent } from './event.ts'
import type { Payload } from './payload.ts'

/** What the subscribers of a group have in common. */
export interface Audience<Event = CommentFeedEvent> {
  /** Equal for all subscribers that see the same results. */
  key: string
  /** Executes the operation for an event. */
  execute: (event: Event) => Promise<Payload>
  /** Whether a result can be sent to later subscribers, until a comment is retracted or the article changes. */
  isCacheable: boolean
  /** Whether the audience is a single viewer. */
  isUnshared: boolean
  /** The subject of that viewer. */
  reader?: string | null
  /** Whether the document is one of schema/operations. */
  isKnownDocument?: boolean
  /** Whether it is one of them with the ids of rows as its only variables: such audiences are always admitted. */
  isAlwaysAdmitted?: boolean
}
