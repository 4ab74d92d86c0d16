import { type Random, zipf } from '../chaos/random.ts'
import type { Ledger } from './ledger.ts'
import type { Reader } from './reader.ts'

/** Reads stories by Zipf's law and compares each page with the approvals acknowledged before it was requested. */
export class Samples {
  count = 0
  /** Pages with fewer comments than had been acknowledged. */
  stale = 0
  bytes = 0
  readonly #reader: Reader
  readonly #ledger: Ledger
  readonly #mayLagMs: number
  readonly #random: Random
  readonly #choose: (random: Random) => number

  /** @param mayLagMs the age from which approvals must be shown */
  constructor(reader: Reader, ledger: Ledger, mayLagMs: number, stories: number, random: Random) {
    this.#reader = reader
    this.#ledger = ledger
    this.#mayLagMs = mayLagMs
    this.#random = random
    this.#choose = zipf(stories)
  }

  async readNext(): Promise<void> {
    const story = this.#choose(this.#random)
    const least = this.#ledger.leastCount(story, this.#mayLagMs)
    const { commentCount, bytes } = await this.#reader.read(story)
    this.count++
    this.bytes += bytes
    if (commentCount < least) this.stale++
  }
}
