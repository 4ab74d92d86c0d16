/** Something for one to wait for, that may have happened before the wait begins. */
export class AsyncSignal {
  isStopped = false
  #isNotified = false
  #failure: Error | null = null
  #wake: () => void = () => {}

  /** Forgets what has wait so far; a failure and a stop stay. */
  reset(): void {
    this.#isNotified = false
  }

  notify(): void {
    this.#isNotified = true
    this.#wake()
  }

  /** Ends the wait, and every later one, with a failure. */
  fail(failure: Error): void {
    this.#failure = failure
    this.#wake()
  }

  /** Ends the wait for good. */
  stop(): void {
    this.isStopped = true
    this.#wake()
  }

  /** Settles when it has wait since `reset`, or is stopped. */
  async wait(): Promise<void> {
    if (!this.#isNotified && !this.isStopped && !this.#failure) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    if (this.#failure) throw this.#failure
  }
}
