import { type RevocationDeps, type RevocationSource, SourceWatch } from './source-watch.ts'
import type { Viewer } from './viewer.ts'

/**
 * Checks new connections, and notifies open ones when their viewer is revoked, on any gateway.
 */
export class RevocationWatch {
  readonly #sources: readonly SourceWatch[]

  private constructor(sources: readonly SourceWatch[]) {
    this.#sources = sources
  }

  static async open(sources: readonly RevocationSource[], deps: RevocationDeps): Promise<RevocationWatch> {
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
