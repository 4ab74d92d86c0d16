/** Something for one to wait for, that may have happened before the wait begins. */
export class Bell {
  isStopped = false
  #hasRung = false
  #failure: Error | null = null
  #wake: () => void = () => {}

  /** Forgets what has rung so far; a failure and a stop stay. */
  listen(): void {
    this.#hasRung = false
  }

  ring(): void {
    this.#hasRung = true
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

  /** Settles when it has rung since `listen`, or is stopped. */
  async rung(): Promise<void> {
    if (!this.#hasRung && !this.isStopped && !this.#failure) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    if (this.#failure) throw this.#failure
  }
}
