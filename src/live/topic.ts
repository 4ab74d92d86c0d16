import type { Viewer } from '../auth/viewer.ts'
import type { Timer } from '../base/clock.ts'
import type { Audience } from '../comment-feed/audience.ts'
import { AudienceLimits, type Requester } from '../comment-feed/audience-limits.ts'
import { TokenExpired } from '../comment-feed/hub.ts'
import type { Sink } from '../comment-feed/payload.ts'
import { SharedSource, type SharedSourceDeps } from '../comment-feed/shared-source.ts'
import { LiveGroup, type Member } from './group.ts'
import type { LiveCounters } from './metrics.ts'

export interface TopicDeps {
  /** Whether every subscriber gets the results of an anonymous viewer. */
  isPublic: boolean
  now: () => Date
  onFailure: (error: unknown) => void
  counters: LiveCounters
}

/** A subscription to a topic. */
export interface LiveSubscription<Event> {
  viewer: Viewer
  requester: Requester
  /** The subscriber is sent the events after this position. */
  since: number
  /** Sent first. */
  first?: Event | null
  /** Whether the subscriber wants an event; all of them when omitted. */
  accepts?: (event: Event) => boolean
  /** Called once, when the subscription has ended. */
  onEnd: () => void
}

/** A subscription between its start and its delivery, and the events that it is sent then. */
interface Pending<Event> {
  since: number
  events: Event[]
  isCut: boolean
}

/** Events with ascending positions, and the groups of subscribers that are sent them. */
export class LiveTopic<Event extends object> {
  readonly #deps: TopicDeps
  /** By the key of their audience. */
  readonly #groups = new Map<string, LiveGroup<Event>>()
  readonly #pending = new Set<Pending<Event>>()
  readonly #limits = new AudienceLimits()

  constructor(deps: TopicDeps) {
    this.#deps = deps
  }

  get groups(): number {
    return this.#groups.size
  }

  /** Subscribes: events that are announced after this call are sent to the subscriber, each once. */
  subscribe(given: LiveSubscription<Event>): SharedSource<Event> {
    const { viewer, requester, since, first } = given
    const { counters, now, isPublic } = this.#deps
    const pending: Pending<Event> = { since, events: first ? [first] : [], isCut: false }
    this.#pending.add(pending)
    counters.subscriptions += 1
    return new LiveSource<Event>({
      isPublic,
      now,
      expiry: viewer.expiresAt && { at: viewer.expiresAt, failure: new TokenExpired() },
      admit: (audience) => this.#limits.admit(audience, requester),
      join: (audience, sink, onLeave) => {
        this.#pending.delete(pending)
        if (pending.isCut) return null
        return this.#group(audience, given.accepts ?? (() => true)).add(sink, since, pending.events, onLeave)
      },
      release: () => {
        this.#pending.delete(pending)
        counters.subscriptions -= 1
        given.onEnd()
      },
    })
  }

  /**
   * Sends an event to all subscribers that want it.
   * @param from only subscribers that started at this position or later are sent it
   */
  announce(event: Event, position: number, from = 0): void {
    for (const pending of this.#pending) {
      if (pending.since < position && pending.since >= from) pending.events.push(event)
    }
    for (const group of [...this.#groups.values()]) group.announce(event, position, from)
  }

  /** Completes every subscription. */
  end(): void {
    for (const group of [...this.#groups.values()]) group.end()
  }

  /** Ends every connection, so that the clients connect again. */
  cut(): void {
    for (const pending of this.#pending) pending.isCut = true
    for (const group of [...this.#groups.values()]) group.cut()
  }

  #group(audience: Audience<Event>, accepts: (event: Event) => boolean): LiveGroup<Event> {
    const known = this.#groups.get(audience.key)
    if (known) return known
    const { onFailure, counters } = this.#deps
    const group = new LiveGroup<Event>({
      audience,
      accepts,
      onFailure,
      onExecuted: counters.executed,
      onDelivered: counters.delivered,
      onEmpty: (emptied) => {
        if (this.#groups.get(audience.key) === emptied) this.#groups.delete(audience.key)
      },
    })
    this.#groups.set(audience.key, group)
    return group
  }
}

interface LiveSourceDeps<Event extends object> extends SharedSourceDeps {
  isPublic: boolean
  join: (audience: Audience<Event>, sink: Sink, onLeave: () => void) => Member | null
}

class LiveSource<Event extends object> extends SharedSource<Event> {
  override readonly isPublic: boolean
  readonly #join: LiveSourceDeps<Event>['join']

  constructor({ isPublic, join, ...deps }: LiveSourceDeps<Event>) {
    super(deps)
    this.isPublic = isPublic
    this.#join = join
  }

  deliver(audience: Audience<Event>, sink: Sink): () => void {
    let timer: Timer | undefined
    const member = this.#join(audience, sink, () => {
      timer?.cancel()
      this.dispose()
    })
    if (!member) return this.disconnect(sink)
    timer = this.endAtExpiry(member)
    return () => member.leave()
  }
}
