import type { Bus } from '../bus/bus.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { CHANGE_CHANNEL } from './record.ts'

export interface ChangeWatchDeps {
  prisma: PrismaClient
  listen: Bus['listen']
  /** How often the sequence is looked at although no hint came, in ms. */
  pollMs: number
  onFailure: (error: unknown) => void
}

/**
 * Wakes whoever works on the change sequence in this process when it has grown. It may wake once too often;
 * it never fails to wake for longer than the poll. Where the sequence ends, each looks for itself.
 */
export class ChangeWatch {
  readonly #deps: ChangeWatchDeps
  readonly #watchers = new Set<() => void>()
  readonly #poll: NodeJS.Timeout
  #unlisten: () => Promise<void> = async () => {}
  #head = 0
  #looking = false

  private constructor(deps: ChangeWatchDeps) {
    this.#deps = deps
    this.#poll = setInterval(() => void this.look(), deps.pollMs)
    this.#poll.unref()
  }

  static async open(deps: ChangeWatchDeps): Promise<ChangeWatch> {
    const watch = new ChangeWatch(deps)
    watch.#head = await watch.#readHead()
    watch.#unlisten = await deps.listen(
      CHANGE_CHANNEL,
      (payload) => watch.#learn(Number(payload)),
      () => void watch.look(),
    )
    return watch
  }

  /** Calls `onGrowth` whenever the sequence has grown. Returns a function that stops that. */
  watch(onGrowth: () => void): () => void {
    this.#watchers.add(onGrowth)
    return () => this.#watchers.delete(onGrowth)
  }

  /** Looks whether the sequence has grown without our hearing of it. */
  async look(): Promise<void> {
    // A slow database must not be asked again before it has answered.
    if (this.#looking) return
    this.#looking = true
    try {
      this.#learn(await this.#readHead())
    } catch (error) {
      this.#deps.onFailure(error)
    } finally {
      this.#looking = false
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#poll)
    await this.#unlisten()
    this.#watchers.clear()
  }

  async #readHead(): Promise<number> {
    return (await this.#deps.prisma.changeHead.findUniqueOrThrow({ where: { id: 1 } })).position
  }

  #learn(head: number): void {
    if (!(head > this.#head)) return
    this.#head = head
    for (const onGrowth of [...this.#watchers]) onGrowth()
  }
}
