/** When which approvals were acknowledged, by the index of the story: what a read must show at least. */
export class Ledger {
  readonly #initial: number
  readonly #times = new Map<number, number[]>()

  /** @param initial the comments of each story before */
  constructor(initial: number) {
    this.#initial = initial
  }

  /** An approval on a story was acknowledged now. Returns the least number of comments from now on. */
  acknowledge(story: number): number {
    const times = this.#times.get(story) ?? []
    times.push(performance.now())
    this.#times.set(story, times)
    return this.#initial + times.length
  }

  /** The least number of comments that a read that is sent now must show. Newer approvals may be missing. */
  leastCount(story: number, mayLagMs: number): number {
    const until = performance.now() - mayLagMs
    const times = this.#times.get(story) ?? []
    return this.#initial + times.filter((time) => time <= until).length
  }
}
