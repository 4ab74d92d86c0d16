import { TemporarilyUnavailable } from '../base/errors.ts'
import { within } from '../base/within.ts'
import { Semaphore } from './writers.ts'

/** How long work waits for a slot, in ms: as long as a statement waits for a lock. */
const WAIT_TIMEOUT_MS = 10_000

/**
 * Limits the work per key that runs at once in this process. Work that waits here for a locked row holds no
 * connection.
 */
export class KeyedSemaphore {
  readonly #max: number
  /** How long work waits for its slots, in ms. */
  readonly waitTimeoutMs: number
  readonly #slots = new Map<string, { slots: Semaphore; users: number }>()

  constructor(max: number, waitTimeoutMs = WAIT_TIMEOUT_MS) {
    this.#max = max
    this.waitTimeoutMs = waitTimeoutMs
  }

  /** The number of keys in use, for tests. */
  get size(): number {
    return this.#slots.size
  }

  /**
   * Runs `work` when it has a slot of every key.
   * @param work is passed a function that returns how much of the timeout is left, in ms
   * @throws TemporarilyUnavailable after the timeout
   */
  async run<T>(keys: Iterable<string>, work: (leftMs: () => number) => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.waitTimeoutMs
    const held: (() => void)[] = []
    try {
      // In sorted order, so that calls can't deadlock.
      for (const key of [...keys].sort()) held.push(await this.#take(key, deadline))
      return await work(() => Math.max(0, deadline - performance.now()))
    } finally {
      for (const release of held) release()
    }
  }

  async #take(key: string, deadline: number): Promise<() => void> {
    const entry = this.#slots.get(key) ?? { slots: new Semaphore(this.#max), users: 0 }
    this.#slots.set(key, entry)
    entry.users++
    const leave = () => {
      if (--entry.users === 0) this.#slots.delete(key)
    }
    const taking = entry.slots.acquire()
    const release = await within(Math.max(0, deadline - performance.now()), taking, null)
    if (release) {
      return () => {
        release()
        leave()
      }
    }
    // The slot is granted later, and released at once.
    void taking.then((unused) => {
      unused()
      leave()
    })
    throw new TemporarilyUnavailable('Other changes are taking too long. Try again in a few seconds.')
  }
}
