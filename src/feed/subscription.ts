import type { FeedChannel, Watcher } from './channel.ts'
import type { FeedEvent } from './event.ts'

export interface SubscriptionDeps {
  /** Called once, when nothing more will be read. */
  release: () => void
  /** Whether the subscriber may still see the story. */
  mayWatch: () => boolean
  cursorAt: (position: number) => string
  onReadFailure: (error: unknown) => void
}

/** Waits between attempts to read while the database is away, in ms. */
const RETRY_MS = [50, 200, 500, 1_000, 2_000]

/**
 * One subscriber's walk along a feed. It is written out as an iterator, because a generator that
 * sleeps can't be ended from outside until it wakes.
 */
export class FeedSubscription implements AsyncIterableIterator<FeedEvent, undefined> {
  readonly #channel: FeedChannel
  readonly #deps: SubscriptionDeps
  readonly #events: AsyncGenerator<FeedEvent, undefined>
  readonly #watcher: Watcher = { wake: () => this.#wake() }
  #ended = false
  #failure: Error | null = null
  #sleeper: (() => void) | null = null
  #expiry: NodeJS.Timeout | undefined

  /**
   * @param position everything up to here is behind the subscriber
   * @param reset an event to begin with, when the subscriber's own cursor can't be honoured
   */
  constructor(channel: FeedChannel, position: number, reset: FeedEvent | null, deps: SubscriptionDeps) {
    this.#channel = channel
    this.#deps = deps
    this.#events = this.#walk(position, reset)
    channel.watchers.add(this.#watcher)
  }

  next(): Promise<IteratorResult<FeedEvent, undefined>> {
    return this.#events.next()
  }

  async return(): Promise<IteratorResult<FeedEvent, undefined>> {
    this.#end()
    return this.#events.return(undefined)
  }

  throw(error?: unknown): Promise<IteratorResult<FeedEvent, undefined>> {
    this.#end()
    return this.#events.throw(error)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  /** Ends the subscription with a failure at the given moment. */
  failAt(moment: Date, failure: Error): void {
    const wait = Math.max(0, moment.getTime() - Date.now())
    const step = Math.min(wait, LONGEST_TIMER_MS)
    this.#expiry = setTimeout(() => {
      if (wait > step) return this.failAt(moment, failure)
      this.#failure = failure
      this.#wake()
    }, step)
    this.#expiry.unref()
  }

  async *#walk(position: number, reset: FeedEvent | null): AsyncGenerator<FeedEvent, undefined> {
    try {
      if (reset) yield reset
      while (!this.#ended) {
        if (this.#failure) throw this.#failure
        if (!this.#deps.mayWatch()) {
          yield { kind: 'RESET', reason: 'STORY_UNAVAILABLE', cursor: this.#deps.cursorAt(position) }
          return
        }
        if (position >= this.#channel.head) {
          await this.#sleep()
          continue
        }
        const retractions = this.#channel.retractions
        const rows = await this.#read(position)
        if (rows.length === 0) await this.#sleep(RETRY_MS[0])
        for (const row of rows) {
          // What was taken back while this subscriber was busy is read again, so that it is not shown.
          if (this.#interrupted() || this.#channel.retractions !== retractions) break
          position += 1
          if (row) yield row
        }
      }
    } finally {
      this.#end()
    }
  }

  async #read(position: number) {
    for (let attempt = 0; !this.#interrupted(); attempt++) {
      try {
        return await this.#channel.after(position)
      } catch (error) {
        this.#deps.onReadFailure(error)
        await this.#sleep(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)])
      }
    }
    return []
  }

  #interrupted(): boolean {
    return this.#ended || this.#failure !== null || !this.#deps.mayWatch()
  }

  /** Until the feed has more, the subscription ends, or the time (ms) is over. */
  #sleep(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => this.#wake(), ms)
      this.#sleeper = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #wake(): void {
    this.#sleeper?.()
    this.#sleeper = null
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#expiry)
    this.#channel.watchers.delete(this.#watcher)
    this.#deps.release()
    this.#wake()
  }
}

/** Node's timers hold no more than 31 bits of milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1
