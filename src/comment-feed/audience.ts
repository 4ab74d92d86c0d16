import type { FeedEvent } from './event.ts'
import type { Payload } from './payload.ts'

/** What the members of a group have in common. */
export interface Audience {
  /** The same for all who see the same. */
  key: string
  /** Makes an event the result that they get. */
  execute: (event: FeedEvent) => Promise<Payload>
  /** Whether a result stands for who comes later, as long as nothing is taken back and the story stays as it is. */
  lasting: boolean
  /** Whether it is one viewer, who shares with nobody. */
  alone: boolean
  /** The subject of that viewer. */
  reader?: string | null
  /** Whether it asks by one of the documents in schema/operations, which nobody is refused. */
  isKnown?: boolean
}
