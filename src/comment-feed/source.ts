import type { Timer } from '../base/clock.ts'
import type { Audience } from './audience.ts'
import type { CommentFeedEvent } from './event.ts'
import type { Sink } from './payload.ts'
import { SharedSource, type SharedSourceDeps } from './shared-source.ts'
import type { StartingPoint } from './starting-point.ts'
import { FeedSubscriber } from './subscriber.ts'
import type { SubscriberGroup } from './subscriber-group.ts'

/** What the hub provides to a subscription. */
export interface SourceDeps extends SharedSourceDeps {
  /** The starting point; null while the feed is read again. */
  start: () => StartingPoint | null
  /** Finds or creates the group of an audience. */
  group: (audience: Audience) => SubscriberGroup
  /** Comments that were retracted, and must not be sent as approved. */
  retractedIds: ReadonlySet<string>
}

/** A subscription to a comment feed. */
export class CommentFeedSource extends SharedSource<CommentFeedEvent> {
  readonly #deps: SourceDeps

  constructor(deps: SourceDeps) {
    super(deps)
    this.#deps = deps
  }

  deliver(audience: Audience, sink: Sink): () => void {
    const start = this.#deps.start()
    if (!start) return this.disconnect(sink)
    const { position, reset } = start
    const group = this.#deps.group(audience)
    let timer: Timer | undefined
    const subscriber = new FeedSubscriber(group, position, sink, () => {
      timer?.cancel()
      this.dispose()
    })
    group.add(subscriber)
    timer = this.endAtExpiry(subscriber)
    group.startSubscriber(subscriber, reset)
    return () => subscriber.leave()
  }

  protected override isStale(event: CommentFeedEvent): boolean {
    return event.kind === 'APPROVED' && this.#deps.retractedIds.has(event.comment.id)
  }
}
