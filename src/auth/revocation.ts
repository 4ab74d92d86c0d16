import { Forbidden, TemporarilyUnavailable } from '../base/errors.ts'
import type { Bus } from '../bus/bus.ts'
import type { Viewer } from './viewer.ts'

/** A reason for which somebody who was let in is not served any more. */
export interface Bar {
  /** The channel of the bus that tells whom to look at; the payload is their name there. */
  channel: string
  /** What the viewer is called in it; null for those whom it can't concern. */
  nameOf(viewer: Viewer): string | null
  /** Who among them is barred, by the database. */
  barredAmong(names: string[]): Promise<Set<string>>
  /** What they are told; a close frame holds no more than 123 bytes. */
  words: string
}

export interface WatchDeps {
  listen: Bus['listen']
  /** How often everybody connected is looked at although no hint came, in ms. */
  pollMs: number
  onFailure: (error: unknown) => void
}

/**
 * Keeps out of this process who may not be connected: those who come are checked, and those who are here are
 * told the moment that they are barred, on whichever gateway that was decided.
 */
export class StandingWatch {
  readonly #bars: readonly BarWatch[]

  private constructor(bars: readonly BarWatch[]) {
    this.#bars = bars
  }

  static async open(bars: readonly Bar[], deps: WatchDeps): Promise<StandingWatch> {
    return new StandingWatch(await Promise.all(bars.map((bar) => BarWatch.open(bar, deps))))
  }

  /**
   * Lets pass who is not barred.
   * @throws Forbidden, or TemporarilyUnavailable when that can't be found out now
   */
  async check(viewer: Viewer): Promise<void> {
    for (const bar of this.#bars) await bar.check(viewer)
  }

  /**
   * Whether a viewer who is signed in is barred, by a read no older than a few seconds.
   * @throws TemporarilyUnavailable when that can't be found out now
   */
  async isBarred(viewer: Viewer): Promise<boolean> {
    for (const bar of this.#bars) if (await bar.isBarred(viewer)) return true
    return false
  }

  /** How many identities are watched now. */
  get watched(): number {
    return this.#bars.reduce((sum, bar) => sum + bar.watched, 0)
  }

  /** Calls `onBarred` with the reason once the viewer is barred. Returns a function that stops watching. */
  watch(viewer: Viewer, onBarred: (words: string) => void): () => void {
    const unwatch = this.#bars.map((bar) => bar.watch(viewer, onBarred))
    return () => {
      for (const stop of unwatch) stop()
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#bars.map((bar) => bar.close()))
  }
}

/** For how long a name that was found good is not looked up again, in ms. A ban must be felt within 5 s. */
const GOOD_FOR_MS = 2_000

/** Names found good that are remembered. */
const MAX_GOOD_NAMES = 20_000

/** Names looked at in one query. */
const MOST_AT_ONCE = 5_000

/** Watches over everybody whom one bar can concern. */
class BarWatch {
  readonly #bar: Bar
  readonly #deps: WatchDeps
  readonly #watched = new Map<string, Set<() => void>>()
  /** Names found good, and when that read began, in ms of the process's own clock. */
  readonly #good = new Map<string, number>()
  readonly #poll: NodeJS.Timeout
  #unlisten: () => Promise<void> = async () => {}
  /** Names that the next read is about. */
  #due = new Set<string>()
  #next: Promise<Set<string>> | null = null
  #reading: Promise<unknown> = Promise.resolve()
  #polling = false

  private constructor(bar: Bar, deps: WatchDeps) {
    this.#bar = bar
    this.#deps = deps
    this.#poll = setInterval(() => void this.#lookAtAll(), deps.pollMs)
    this.#poll.unref()
  }

  static async open(bar: Bar, deps: WatchDeps): Promise<BarWatch> {
    const watch = new BarWatch(bar, deps)
    watch.#unlisten = await deps.listen(
      bar.channel,
      (name) => void watch.#hear(name),
      () => {
        watch.#good.clear()
        void watch.#lookAtAll()
      },
    )
    return watch
  }

  get watched(): number {
    return this.#watched.size
  }

  async check(viewer: Viewer): Promise<void> {
    const name = this.#bar.nameOf(viewer)
    if (name !== null && (await this.#lookUp(name))) throw new Forbidden(this.#bar.words)
  }

  async isBarred(viewer: Viewer): Promise<boolean> {
    const name = this.#bar.nameOf(viewer)
    if (name === null) return false
    const began = performance.now()
    if (began - (this.#good.get(name) ?? Number.NEGATIVE_INFINITY) < GOOD_FOR_MS) return false
    if (await this.#lookUp(name)) return true
    this.#good.delete(name)
    this.#good.set(name, began)
    // The oldest stands first.
    if (this.#good.size > MAX_GOOD_NAMES) this.#good.delete(this.#good.keys().next().value as string)
    return false
  }

  /** Whether a name is barred. All who ask while a read is under way share the next. */
  async #lookUp(name: string): Promise<boolean> {
    this.#due.add(name)
    this.#next ??= this.#readNext()
    try {
      return (await this.#next).has(name)
    } catch (error) {
      throw new TemporarilyUnavailable('Your standing can not be looked up just now. Try again shortly.', {
        cause: error,
      })
    }
  }

  watch(viewer: Viewer, onBarred: (words: string) => void): () => void {
    const name = this.#bar.nameOf(viewer)
    if (name === null) return () => {}
    const watchers = this.#watched.get(name) ?? new Set()
    const tell = () => onBarred(this.#bar.words)
    this.#watched.set(name, watchers.add(tell))
    return () => {
      watchers.delete(tell)
      if (watchers.size === 0 && this.#watched.get(name) === watchers) this.#watched.delete(name)
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#poll)
    await this.#unlisten()
  }

  async #readNext(): Promise<Set<string>> {
    await this.#reading
    const names = [...this.#due]
    this.#due = new Set()
    this.#next = null
    const reading = this.#bar.barredAmong(names)
    this.#reading = reading.catch(() => {})
    return reading
  }

  async #hear(name: string): Promise<void> {
    this.#good.delete(name)
    if (!this.#watched.has(name)) return
    try {
      this.#tell(await this.#bar.barredAmong([name]))
    } catch (error) {
      this.#deps.onFailure(error)
    }
  }

  async #lookAtAll(): Promise<void> {
    if (this.#polling) return
    this.#polling = true
    try {
      const names = [...this.#watched.keys()]
      for (let i = 0; i < names.length; i += MOST_AT_ONCE) {
        this.#tell(await this.#bar.barredAmong(names.slice(i, i + MOST_AT_ONCE)))
      }
    } catch (error) {
      this.#deps.onFailure(error)
    } finally {
      this.#polling = false
    }
  }

  #tell(barred: Set<string>): void {
    for (const name of barred) for (const tell of [...(this.#watched.get(name) ?? [])]) tell()
  }
}
