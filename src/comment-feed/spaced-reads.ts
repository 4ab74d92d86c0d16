/** Minimum time between two reads made for new subscribers, in ms. */
const SPACING_MS = 50

/** Spaces the reads that new subscribers need: subscribers that arrive within `SPACING_MS` share the next one. */
export class SpacedReads<T = void> {
  readonly #read: () => Promise<T>
  #next: Promise<T> | null = null
  /** When the last read was requested, on the process's monotonic clock. */
  #requestedAt = Number.NEGATIVE_INFINITY

  /** @param read starts a read after the call */
  constructor(read: () => Promise<T>) {
    this.#read = read
  }

  /** Waits for a read that began after the call. */
  read(): Promise<T> {
    if (this.#next) return this.#next
    const pause = this.#requestedAt + SPACING_MS - performance.now()
    if (pause <= 0) return this.#start()
    this.#next = new Promise<void>((resolve) => setTimeout(resolve, pause)).then(() => this.#start())
    return this.#next
  }

  #start(): Promise<T> {
    // Calls from here on may come after the read has begun, so they need another one.
    this.#next = null
    this.#requestedAt = performance.now()
    return this.#read()
  }
}
