/** Numbers that a seed decides, so that a run can be repeated (mulberry32). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** At least 0 and below 1. */
  number(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number below this. */
  below(limit: number): number {
    return Math.floor(this.number() * limit)
  }

  /** A whole number up to the limit; small ones are as likely as large ones. */
  size(limit: number): number {
    return Math.floor((limit + 1) ** this.number())
  }

  chance(probability: number): boolean {
    return this.number() < probability
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }
}
