import type { Payload, Sink } from './payload.ts'

/** Results queued for a slow consumer. Beyond that the stream ends; the client resumes with its cursor. */
const MAX_QUEUED_RESULTS = 256

/** A sink whose results are read one after another. */
export class PayloadQueue implements Sink {
  readonly #waiting: Payload[] = []
  readonly #leave: () => void
  #over = false
  #wake: (() => void) | null = null
  #onWritable: () => void = () => {}

  /** @param deliver starts sending to the queue; returns a function that stops it */
  constructor(deliver: (sink: Sink) => () => void) {
    this.#leave = deliver(this)
  }

  send(payloads: readonly Payload[]): void {
    if (this.#over) return
    this.#waiting.push(...payloads)
    if (this.#waiting.length > MAX_QUEUED_RESULTS) this.stop()
    this.#wake?.()
  }

  end(): void {
    this.#over = true
    this.#wake?.()
    this.#onWritable()
  }

  whenWritable(): Promise<void> | null {
    if (this.#over || this.#waiting.length < MAX_QUEUED_RESULTS / 2) return null
    return new Promise((resolve) => {
      this.#onWritable = resolve
    })
  }

  cut(): void {
    this.end()
  }

  /** Stops receiving; queued results can still be read. */
  stop(): void {
    this.#leave()
    this.end()
  }

  /** Stops receiving and discards queued results. */
  discard(): void {
    this.stop()
    this.#waiting.length = 0
  }

  /** The next result; null when the stream is over. */
  async next(): Promise<Payload | null> {
    while (this.#waiting.length === 0 && !this.#over) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const payload = this.#waiting.shift() ?? null
    if (this.#waiting.length < MAX_QUEUED_RESULTS / 2) this.#onWritable()
    return payload
  }
}
