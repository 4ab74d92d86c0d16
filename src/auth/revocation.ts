import { Forbidden, TemporarilyUnavailable } from '../base/errors.ts'
import type { Bus } from '../bus/bus.ts'
import type { Viewer } from './viewer.ts'

/** A reason why signed-in viewers may lose access: a ban, a revoked key. */
export interface RevocationSource {
  /** The bus channel that announces changes; the payload is an identity. */
  channel: string
  /** The viewer's identity for this source; null for viewers that it can't concern. */
  identityOf(viewer: Viewer): string | null
  /** Returns those of the identities that are revoked, from the database. */
  findRevoked(identities: string[]): Promise<Set<string>>
  /** The error for revoked viewers; a close frame holds at most 123 bytes. */
  message: string
}

export interface WatchDeps {
  listen: Bus['listen']
  /** How often all connected viewers are checked, in case a hint was lost, in ms. */
  pollMs: number
  onFailure: (error: unknown) => void
}

/**
 * Checks new connections, and notifies open ones when their viewer is revoked, on any gateway.
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
   * Resolves for a viewer who is not revoked.
   * @throws Forbidden, or TemporarilyUnavailable when it can't be checked
   */
  async check(viewer: Viewer): Promise<void> {
    for (const source of this.#sources) await source.check(viewer)
  }

  /**
   * Whether a viewer is revoked, at most a few seconds ago.
   * @throws TemporarilyUnavailable when it can't be checked
   */
  async isRevoked(viewer: Viewer): Promise<boolean> {
    for (const source of this.#sources) if (await source.isRevoked(viewer)) return true
    return false
  }

  /** The number of watched identities. */
  get watched(): number {
    return this.#sources.reduce((sum, source) => sum + source.watched, 0)
  }

  /** Calls `onRevoked` with the reason when the viewer is revoked. Returns a function that stops watching. */
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

/** How long an identity found valid is not checked again, in ms. A ban must take effect within 5 s. */
const VALID_TTL_MS = 2_000

/** The number of valid identities that are remembered. */
const MAX_VALID_IDENTITIES = 20_000

/** The number of identities per query. */
const MAX_IDENTITIES_PER_QUERY = 5_000

/** Watches the viewers that one source can concern. */
class SourceWatch {
  readonly #source: RevocationSource
  readonly #deps: WatchDeps
  readonly #watched = new Map<string, Set<() => void>>()
  /** Valid identities, and when their check began, on the process's monotonic clock. */
  readonly #valid = new Map<string, number>()
  readonly #pollTimer: NodeJS.Timeout
  #unlisten: () => Promise<void> = async () => {}
  /** The identities of the next read. */
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
    // The oldest is first.
    if (this.#valid.size > MAX_VALID_IDENTITIES) this.#valid.delete(this.#valid.keys().next().value as string)
    return false
  }

  /** Whether an identity is revoked. Calls during a read share the next one. */
  async #isListed(identity: string): Promise<boolean> {
    this.#pending.add(identity)
    this.#next ??= this.#readNext()
    try {
      return (await this.#next).has(identity)
    } catch (error) {
      throw new TemporarilyUnavailable(
        "Your access can't be checked at the moment. Try again in a few seconds.",
        {
          cause: error,
        },
      )
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
