import type { Payload, Sink } from './payload.ts'

/** Results that wait for one that reads slowly; past it the stream ends, and the reader's cursor brings it back. */
const LONGEST = 256

/** A sink that is read one result after the other. */
export class PayloadQueue implements Sink {
  readonly #waiting: Payload[] = []
  readonly #leave: () => void
  #over = false
  #wake: (() => void) | null = null
  #onRoom: () => void = () => {}

  /** @param deliver sends everything to the queue from now on, and returns how to end that */
  constructor(deliver: (sink: Sink) => () => void) {
    this.#leave = deliver(this)
  }

  send(payloads: readonly Payload[]): void {
    if (this.#over) return
    this.#waiting.push(...payloads)
    if (this.#waiting.length > LONGEST) this.stop()
    this.#wake?.()
  }

  end(): void {
    this.#over = true
    this.#wake?.()
    this.#onRoom()
  }

  room(): Promise<void> | null {
    if (this.#over || this.#waiting.length < LONGEST / 2) return null
    return new Promise((resolve) => {
      this.#onRoom = resolve
    })
  }

  cut(): void {
    this.end()
  }

  /** Receives nothing more; what waits can still be read. */
  stop(): void {
    this.#leave()
    this.end()
  }

  /** The same, for one that wants no more of it. */
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
    if (this.#waiting.length < LONGEST / 2) this.#onRoom()
    return payload
  }
}
