/** Minimum time between two reads made for new subscribers, in ms. */
const SPACING_MS = 50

/** Spaces the reads that new subscribers need: subscribers that arrive within `SPACING_MS` share the next one. */
export class SpacedReads {
  readonly #read: () => Promise<void>
  #next: Promise<void> | null = null
  /** When the last read was requested, on the process's monotonic clock. */
  #requestedAt = Number.NEGATIVE_INFINITY

  /** @param read starts a read after the call */
  constructor(read: () => Promise<void>) {
    this.#read = read
  }

  /** Waits for a read that began after the call. */
  read(): Promise<void> {
    if (this.#next) return this.#next
    const pause = this.#requestedAt + SPACING_MS - performance.now()
    if (pause <= 0) return this.#start()
    this.#next = new Promise((resolve) => setTimeout(resolve, pause)).then(() => this.#start())
    return this.#next
  }

  #start(): Promise<void> {
    // Calls from here on may come after the read has begun, so they need another one.
    this.#next = null
    this.#requestedAt = performance.now()
    return this.#read()
  }
}
