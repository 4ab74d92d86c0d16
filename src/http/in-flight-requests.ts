import { setTimeout as after } from 'node:timers/promises'

/** Counts the queries and mutations that run on sockets, so that closing can wait for their responses. */
export class InFlightRequests {
  isFinishing = false
  #running = 0
  #idle = Promise.withResolvers<void>()

  async track<T>(operation: () => Promise<T> | T): Promise<T> {
    this.#running += 1
    try {
      return await operation()
    } finally {
      this.#running -= 1
      if (this.#running === 0) {
        this.#idle.resolve()
        this.#idle = Promise.withResolvers()
      }
    }
  }

  async finish(graceMs: number): Promise<void> {
    this.isFinishing = true
    let late = false
    const end = after(graceMs, undefined, { ref: false }).then(() => {
      late = true
    })
    do {
      if (this.#running > 0) await Promise.race([this.#idle.promise, end])
      // Operations accepted a moment ago start now, and the last response is written right after its
      // operation.
      await after(0)
    } while (this.#running > 0 && !late)
  }
}
