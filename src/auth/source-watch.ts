import { runEvery } from '../base/clock.ts'
import { Coalescer } from '../base/coalesce.ts'
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

export interface RevocationDeps {
  listen: Bus['listen']
  /** How often all connected viewers are checked, in case a hint was lost, in ms. */
  pollMs: number
  onFailure: (error: unknown) => void
}

/** How long an identity found valid is not checked again, in ms. A ban must take effect within 5 s. */
const VALID_TTL_MS = 2_000

/** The number of valid identities that are remembered. */
const MAX_VALID_IDENTITIES = 20_000

/** The number of identities per query. */
const MAX_IDENTITIES_PER_QUERY = 5_000

/** Watches the viewers that one source can concern. */
export class SourceWatch {
  readonly #source: RevocationSource
  readonly #deps: RevocationDeps
  readonly #watched = new Map<string, Set<() => void>>()
  /** Valid identities, and when their check began, on the process's monotonic clock. */
  readonly #valid = new Map<string, number>()
  readonly #stopPolling: () => Promise<void>
  #unlisten: () => Promise<void> = async () => {}
  /** The identities of the next check. */
  #pending = new Set<string>()
  readonly #checks = new Coalescer(() => this.#checkPending())
  readonly #polls = new Coalescer(() => this.#poll(), { startsAtOnce: true })

  private constructor(source: RevocationSource, deps: RevocationDeps) {
    this.#source = source
    this.#deps = deps
    this.#stopPolling = runEvery(deps.pollMs, () => this.#polls.run())
  }

  static async open(source: RevocationSource, deps: RevocationDeps): Promise<SourceWatch> {
    const watch = new SourceWatch(source, deps)
    watch.#unlisten = await deps.listen(
      source.channel,
      (identity) => void watch.#onHint(identity),
      () => {
        watch.#valid.clear()
        // A poll that is under way may have read before a revocation that was announced meanwhile.
        void watch.#polls.run()
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

  /** Whether an identity is revoked. Calls during a check share the next one. */
  async #isListed(identity: string): Promise<boolean> {
    this.#pending.add(identity)
    try {
      return (await this.#checks.run()).has(identity)
    } catch (error) {
      throw new TemporarilyUnavailable(
        "Your access can't be checked at the moment. Try again in a few seconds.",
        { cause: error },
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
    void this.#stopPolling()
    await this.#unlisten()
  }

  #checkPending(): Promise<Set<string>> {
    const identities = [...this.#pending]
    this.#pending = new Set()
    return this.#source.findRevoked(identities)
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

  /** Checks all watched viewers. */
  async #poll(): Promise<void> {
    try {
      const identities = [...this.#watched.keys()]
      for (let i = 0; i < identities.length; i += MAX_IDENTITIES_PER_QUERY) {
        this.#notify(await this.#source.findRevoked(identities.slice(i, i + MAX_IDENTITIES_PER_QUERY)))
      }
    } catch (error) {
      this.#deps.onFailure(error)
    }
  }

  #notify(revoked: Set<string>): void {
    for (const identity of revoked) for (const notify of [...(this.#watched.get(identity) ?? [])]) notify()
  }
}
