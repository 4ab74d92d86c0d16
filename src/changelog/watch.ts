import { runEvery } from '../base/clock.ts'
import { Coalescer } from '../base/coalesce.ts'
import type { Bus } from '../bus/bus.ts'
import type { PrismaClient } from '../db/client/client.ts'
import type { HistoryWatch } from '../db/history-watch.ts'
import { type ChangeHead, readChangeHead } from './head.ts'
import { CHANGE_CHANNEL } from './record.ts'

export interface ChangeWatchDeps {
  prisma: PrismaClient
  history: HistoryWatch
  listen: Bus['listen']
  /** How often the sequence is polled, in case a hint was lost, in ms. */
  pollMs: number
  onFailure: (error: unknown) => void
}

/**
 * Notifies listeners in this process when the change sequence has grown. It may notify once too often, and is
 * late by one poll at most. Listeners read the head themselves.
 */
export class ChangeWatch {
  readonly #deps: ChangeWatchDeps
  readonly #watchers = new Set<() => void>()
  readonly #polls = new Coalescer(() => this.#poll())
  readonly #stopPolling: () => Promise<void>
  #unlisten: () => Promise<void> = async () => {}
  #stopWatchingHistory: () => void = () => {}
  #head: ChangeHead

  private constructor(deps: ChangeWatchDeps, head: ChangeHead) {
    this.#deps = deps
    this.#head = head
    this.#stopPolling = runEvery(deps.pollMs, () => this.poll())
  }

  static async open(deps: ChangeWatchDeps): Promise<ChangeWatch> {
    const watch = new ChangeWatch(deps, await readChangeHead(deps.prisma))
    watch.#stopWatchingHistory = deps.history.onChange(() => void watch.poll())
    watch.#unlisten = await deps.listen(
      CHANGE_CHANNEL,
      (payload) => watch.#onPosition(Number(payload)),
      () => void watch.poll(),
    )
    return watch
  }

  /** Calls `onGrowth` when the sequence has grown. Returns a function that stops it. */
  watch(onGrowth: () => void): () => void {
    this.#watchers.add(onGrowth)
    return () => this.#watchers.delete(onGrowth)
  }

  /** Checks whether the sequence has grown without a hint. */
  poll(): Promise<void> {
    return this.#polls.run()
  }

  async close(): Promise<void> {
    void this.#stopPolling()
    this.#stopWatchingHistory()
    await this.#unlisten()
    this.#watchers.clear()
  }

  async #poll(): Promise<void> {
    try {
      const known = this.#head
      const found = await readChangeHead(this.#deps.prisma)
      if (found.history !== known.history) this.#setHead(found)
      else if (found.position < known.position) await this.#deps.history.endHistory(found.history)
      else this.#onPosition(found.position)
    } catch (error) {
      this.#deps.onFailure(error)
    }
  }

  #onPosition(position: number): void {
    if (position > this.#head.position) this.#setHead({ ...this.#head, position })
  }

  #setHead(head: ChangeHead): void {
    this.#head = head
    for (const onGrowth of [...this.#watchers]) onGrowth()
  }
}
