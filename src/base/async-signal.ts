/** A signal for one waiter. A notification that comes before the wait is not lost. */
export class AsyncSignal {
  isStopped = false
  #isNotified = false
  #failure: Error | null = null
  #wake: () => void = () => {}

  /** Clears earlier notifications; a failure or stop remains. */
  reset(): void {
    this.#isNotified = false
  }

  notify(): void {
    this.#isNotified = true
    this.#wake()
  }

  /** Makes the current and every later wait fail. */
  fail(failure: Error): void {
    this.#failure = failure
    this.#wake()
  }

  /** Ends the current and every later wait. */
  stop(): void {
    this.isStopped = true
    this.#wake()
  }

  /** Resolves after a notification since `reset`, or a stop. */
  async wait(): Promise<void> {
    if (!this.#isNotified && !this.isStopped && !this.#failure) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    if (this.#failure) throw this.#failure
  }
}
