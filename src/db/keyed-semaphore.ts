import { TemporarilyUnavailable } from '../base/errors.ts'
import { Semaphore } from './writers.ts'

/** How long work waits for its turn, in ms: as long as a statement waits for a lock. */
const WAIT_TIMEOUT_MS = 10_000

/**
 * Bounds how much work on one key runs at once in this process. Work that waits here for a row that others have
 * locked takes no connection from the rest.
 */
export class KeyedSemaphore {
  readonly #most: number
  readonly #patienceMs: number
  readonly #slots = new Map<string, { slots: Semaphore; users: number }>()

  constructor(most: number, patienceMs = WAIT_TIMEOUT_MS) {
    this.#most = most
    this.#patienceMs = patienceMs
  }

  /** Keys that are in use, for tests. */
  get size(): number {
    return this.#slots.size
  }

  /**
   * Runs `work` when it has its turn on every key.
   * @throws TemporarilyUnavailable when that takes too long
   */
  async run<T>(keys: Iterable<string>, work: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.#patienceMs
    const held: (() => void)[] = []
    try {
      // In one order, so that no two wait for each other.
      for (const key of [...keys].sort()) held.push(await this.#take(key, deadline))
      return await work()
    } finally {
      for (const release of held) release()
    }
  }

  async #take(key: string, deadline: number): Promise<() => void> {
    const entry = this.#slots.get(key) ?? { slots: new Semaphore(this.#most), users: 0 }
    this.#slots.set(key, entry)
    entry.users++
    const leave = () => {
      if (--entry.users === 0) this.#slots.delete(key)
    }
    const taking = entry.slots.acquire()
    const late = Promise.withResolvers<null>()
    const timer = setTimeout(() => late.resolve(null), Math.max(0, deadline - performance.now()))
    const release = await Promise.race([taking, late.promise])
    clearTimeout(timer)
    if (release) {
      return () => {
        release()
        leave()
      }
    }
    // The place comes one day, and goes to the next in line.
    void taking.then((unused) => {
      unused()
      leave()
    })
    throw new TemporarilyUnavailable('Others are at it already. Try again in a few seconds.')
  }
}
