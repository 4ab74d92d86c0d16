import { Forbidden, TemporarilyUnavailable } from '../base/errors.ts'
import type { Bus } from '../bus/bus.ts'
import type { Viewer } from './viewer.ts'

/** A reason for which somebody who was let in is not served any more. */
export interface RevocationSource {
  /** The channel of the bus that tells whom to look at; the payload is their identity there. */
  channel: string
  /** What the viewer is called in it; null for those whom it can't concern. */
  identityOf(viewer: Viewer): string | null
  /** Who among them is revoked, by the database. */
  findRevoked(identities: string[]): Promise<Set<string>>
  /** What they are told; a close frame holds no more than 123 bytes. */
  message: string
}

export interface WatchDeps {
  listen: Bus['listen']
  /** How often everybody connected is looked at although no hint came, in ms. */
  pollMs: number
  onFailure: (error: unknown) => void
}

/**
 * Keeps out of this process who may not be connected: those who come are checked, and those who are here are
 * told the moment that they are revoked, on whichever gateway that was decided.
 */
export class RevocationWatch {
  readonly #sources: readonly SourceWatch[]

  private constructor(sources: readonly SourceWatch[]) {
    this.#sources = sources
  }

  static async open(sources: readonly RevocationSource[], deps: WatchDeps): Promise<RevocationWatch> {
    return new RevocationWatch(await Promise.all(sources.map((source) => SourceWatch.open(source, deps))))
  }

  /**
   * Lets pass who is not revoked.
   * @throws Forbidden, or TemporarilyUnavailable when that can't be found out now
   */
  async check(viewer: Viewer): Promise<void> {
    for (const source of this.#sources) await source.check(viewer)
  }

  /**
   * Whether a viewer who is signed in is revoked, by a read no older than a few seconds.
   * @throws TemporarilyUnavailable when that can't be found out now
   */
  async isRevoked(viewer: Viewer): Promise<boolean> {
    for (const source of this.#sources) if (await source.isRevoked(viewer)) return true
    return false
  }

  /** How many identities are watched now. */
  get watched(): number {
    return this.#sources.reduce((sum, source) => sum + source.watched, 0)
  }

  /** Calls `onRevoked` with the reason once the viewer is revoked. Returns a function that stops watching. */
  watch(viewer: Viewer, onRevoked: (message: string) => void): () => void {
    const unwatch = this.#sources.map((source) => source.watch(viewer, onRevoked))
    return () => {
      for (const stop of unwatch) stop()
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#sources.map((source) => source.close()))
  }
}

/** For how long a identity that was found good is not looked up again, in ms. A ban must be felt within 5 s. */
const VALID_TTL_MS = 2_000

/** Names found good that are remembered. */
const MAX_VALID_IDENTITIES = 20_000

/** Names looked at in one query. */
const MAX_IDENTITIES_PER_QUERY = 5_000

/** Watches over everybody whom one source can concern. */
class SourceWatch {
  readonly #source: RevocationSource
  readonly #deps: WatchDeps
  readonly #watched = new Map<string, Set<() => void>>()
  /** Names found good, and when that read began, in ms of the process's own clock. */
  readonly #valid = new Map<string, number>()
  readonly #pollTimer: NodeJS.Timeout
  #unlisten: () => Promise<void> = async () => {}
  /** Names that the next read is about. */
  #pending = new Set<string>()
  #next: Promise<Set<string>> | null = null
  #reading: Promise<unknown> = Promise.resolve()
  #isPolling = false

  private constructor(source: RevocationSource, deps: WatchDeps) {
    this.#source = source
    this.#deps = deps
    this.#pollTimer = setInterval(() => void this.#pollAll(), deps.pollMs)
    this.#pollTimer.unref()
  }

  static async open(source: RevocationSource, deps: WatchDeps): Promise<SourceWatch> {
    const watch = new SourceWatch(source, deps)
    watch.#unlisten = await deps.listen(
      source.channel,
      (identity) => void watch.#onHint(identity),
      () => {
        watch.#valid.clear()
        void watch.#pollAll()
      },
    )
    return watch
  }

  get watched(): number {
    return this.#watched.size
  }

  async check(viewer: Viewer): Promise<void> {
    const identity = this.#source.identityOf(viewer)
    if (identity !== null && (await this.#isListed(identity))) throw new Forbidden(this.#source.message)
  }

  async isRevoked(viewer: Viewer): Promise<boolean> {
    const identity = this.#source.identityOf(viewer)
    if (identity === null) return false
    const began = performance.now()
    if (began - (this.#valid.get(identity) ?? Number.NEGATIVE_INFINITY) < VALID_TTL_MS) return false
    if (await this.#isListed(identity)) return true
    this.#valid.delete(identity)
    this.#valid.set(identity, began)
    // The oldest stands first.
    if (this.#valid.size > MAX_VALID_IDENTITIES) this.#valid.delete(this.#valid.keys().next().value as string)
    return false
  }

  /** Whether a identity is revoked. All who ask while a read is under way share the next. */
  async #isListed(identity: string): Promise<boolean> {
    this.#pending.add(identity)
    this.#next ??= this.#readNext()
    try {
      return (await this.#next).has(identity)
    } catch (error) {
      throw new TemporarilyUnavailable('Your standing can not be looked up just now. Try again shortly.', {
        cause: error,
      })
    }
  }

  watch(viewer: Viewer, onRevoked: (message: string) => void): () => void {
    const identity = this.#source.identityOf(viewer)
    if (identity === null) return () => {}
    const watchers = this.#watched.get(identity) ?? new Set()
    const notify = () => onRevoked(this.#source.message)
    this.#watched.set(identity, watchers.add(notify))
    return () => {
      watchers.delete(notify)
      if (watchers.size === 0 && this.#watched.get(identity) === watchers) this.#watched.delete(identity)
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#pollTimer)
    await this.#unlisten()
  }

  async #readNext(): Promise<Set<string>> {
    await this.#reading
    const identities = [...this.#pending]
    this.#pending = new Set()
    this.#next = null
    const reading = this.#source.findRevoked(identities)
    this.#reading = reading.catch(() => {})
    return reading
  }

  async #onHint(identity: string): Promise<void> {
    this.#valid.delete(identity)
    if (!this.#watched.has(identity)) return
    try {
      this.#notify(await this.#source.findRevoked([identity]))
    } catch (error) {
      this.#deps.onFailure(error)
    }
  }

  async #pollAll(): Promise<void> {
    if (this.#isPolling) return
    this.#isPolling = true
    try {
      const identities = [...this.#watched.keys()]
      for (let i = 0; i < identities.length; i += MAX_IDENTITIES_PER_QUERY) {
        this.#notify(await this.#source.findRevoked(identities.slice(i, i + MAX_IDENTITIES_PER_QUERY)))
      }
    } catch (error) {
      this.#deps.onFailure(error)
    } finally {
      this.#isPolling = false
    }
  }

  #notify(revoked: Set<string>): void {
    for (const identity of revoked) for (const notify of [...(this.#watched.get(identity) ?? [])]) notify()
  }
}
