import type { CommentFeedEvent } from '../../src/comment-feed/event.ts'
import type { Payload, Sink } from '../../src/comment-feed/payload.ts'
import { FeedSubscriber } from '../../src/comment-feed/subscriber.ts'
import type { SubscriberGroup } from '../../src/comment-feed/subscriber-group.ts'

/** A sink that writes down what it is sent, and can be made to have no room. */
export class Recorder implements Sink {
  readonly heard: string[] = []
  onSend = () => {}
  #room: PromiseWithResolvers<void> | null = null

  send(payloads: readonly Payload[]): void {
    for (const { json } of payloads) this.heard.push(JSON.parse(String(json)).said)
    this.onSend()
  }

  whenWritable(): Promise<void> | null {
    return this.#room?.promise ?? null
  }

  stopReading(): void {
    this.#room = Promise.withResolvers()
  }

  readOn(): void {
    this.#room?.resolve()
    this.#room = null
  }

  end(): void {
    this.heard.push('end')
  }

  cut(): void {
    this.heard.push('cut')
  }
}

/** What an event is called in what is heard and executed. */
export const nameOf = (event: CommentFeedEvent) =>
  event.kind === 'APPROVED'
    ? event.cursor
    : `${event.kind === 'RESET' ? event.reason : event.kind} ${event.cursor}`

export interface Joined {
  sink: Recorder
  member: FeedSubscriber
  /** How often it has told that it left. */
  left: number
}

export function join(
  group: SubscriberGroup,
  position: number,
  first: CommentFeedEvent | null = null,
  sink = new Recorder(),
): Joined {
  const joined = { sink, left: 0 } as Joined
  joined.member = new FeedSubscriber(group, position, sink, () => {
    joined.left += 1
  })
  group.add(joined.member)
  group.startSubscriber(joined.member, first)
  return joined
}

/** Waits until something is so; a test that waits in vain fails by its time. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate)
}

export const heard = (joined: Joined, count: number) => until(() => joined.sink.heard.length >= count)
export const isCarried = ({ member }: Joined) => member.slot >= 0
