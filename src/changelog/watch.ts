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
  readonly #pollTimer: NodeJS.Timeout
  #unlisten: () => Promise<void> = async () => {}
  #stopWatchingHistory: () => void = () => {}
  #head: ChangeHead
  #isPolling = false

  private constructor(deps: ChangeWatchDeps, head: ChangeHead) {
    this.#deps = deps
    this.#head = head
    this.#pollTimer = setInterval(() => void this.poll(), deps.pollMs)
    this.#pollTimer.unref()
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
  async poll(): Promise<void> {
    // A slow database must not be asked again before it has answered.
    if (this.#isPolling) return
    this.#isPolling = true
    try {
      const known = this.#head
      const found = await readChangeHead(this.#deps.prisma)
      if (found.history !== known.history) this.#setHead(found)
      else if (found.position < known.position) await this.#deps.history.endHistory(found.history)
      else this.#onPosition(found.position)
    } catch (error) {
      this.#deps.onFailure(error)
    } finally {
      this.#isPolling = false
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#pollTimer)
    this.#stopWatchingHistory()
    await this.#unlisten()
    this.#watchers.clear()
  }

  #onPosition(position: number): void {
    if (position > this.#head.position) this.#setHead({ ...this.#head, position })
  }

  #setHead(head: ChangeHead): void {
    this.#head = head
    for (const onGrowth of [...this.#watchers]) onGrowth()
  }
}
