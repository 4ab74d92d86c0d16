import { runEvery } from '../base/clock.ts'
import { Coalescer } from '../base/coalesce.ts'
import type { Database, OnPayload } from './database.ts'
import { readHistory, startNewHistory } from './history.ts'

/** The bus channel that announces a possible change of history. */
export const HISTORY_CHANNEL = 'dateline_history'

export interface HistoryWatchDeps {
  database: Pick<Database, 'prisma' | 'rows'>
  /** Listens to a channel of the bus; see Bus.listen. */
  listen: (channel: string, onPayload: OnPayload, onReconnect: () => void) => Promise<() => Promise<void>>
  /** The interval of checks without a hint, in ms. */
  pollMs: number
  onFailure: (error: unknown) => void
  /** Called when the history has changed. */
  onChange?: (history: string) => void
}

/** Data was read from another history than the current one and must be read again. */
export class HistoryChanged extends Error {
  constructor() {
    super('The history of the database changed during a read. The data must be read again.')
  }
}

/**
 * Knows the current history of the database and notifies listeners when it changes: after a failover to a
 * standby that missed commits, or after a restore. Data that this process holds in memory is then invalid.
 */
export class HistoryWatch {
  readonly #deps: HistoryWatchDeps
  readonly #listeners = new Set<() => void>()
  readonly #checks = new Coalescer(() => this.#check())
  readonly #stopPolling: () => Promise<void>
  #current: string
  #walPosition: number
  #unlisten: () => Promise<void> = async () => {}

  private constructor(
    deps: HistoryWatchDeps,
    { history, walPosition }: { history: string; walPosition: number },
  ) {
    this.#deps = deps
    this.#current = history
    this.#walPosition = walPosition
    this.#stopPolling = runEvery(deps.pollMs, () => this.check(), deps.onFailure)
  }

  static async open(deps: HistoryWatchDeps): Promise<HistoryWatch> {
    const watch = new HistoryWatch(deps, await readHistory(deps.database))
    const check = () => watch.#checkInBackground()
    watch.#unlisten = await deps.listen(HISTORY_CHANNEL, check, check)
    return watch
  }

  /** The history as last read. */
  get current(): string {
    return this.#current
  }

  /** Calls a listener when the history has changed. Returns a function that removes it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Checks with a read that begins after the call. Concurrent calls share a read. */
  check(): Promise<void> {
    return this.#checks.run()
  }

  /**
   * Ends a history in which rows are missing that this process has read: for every gateway, and for all
   * cursors.
   * @param history the one in which they are missing
   */
  async endHistory(history: string): Promise<void> {
    await startNewHistory(this.#deps.database, history)
    await this.check()
  }

  async close(): Promise<void> {
    void this.#stopPolling()
    await this.#unlisten()
    this.#listeners.clear()
  }

  #checkInBackground(): void {
    this.check().catch(this.#deps.onFailure)
  }

  async #check(): Promise<void> {
    let point = await readHistory(this.#deps.database)
    if (point.history === this.#current && point.walPosition < this.#walPosition) {
      // An older copy of the same files can't be distinguished in any other way.
      await startNewHistory(this.#deps.database, point.history)
      point = await readHistory(this.#deps.database)
    }
    this.#walPosition = point.walPosition
    if (point.history === this.#current) return
    this.#current = point.history
    this.#deps.onChange?.(point.history)
    for (const listener of [...this.#listeners]) listener()
  }
}
