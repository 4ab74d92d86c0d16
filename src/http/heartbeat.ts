import type { WebSocket } from 'ws'

/** Turns of the clock in which intervalMs socket has been pinged once. */
const SLICES = 30

/**
 * Pings intervalMs socket at an interval, and cuts off who did not answer the last ping. One timer does it for all
 * of them, a part at each slice, so that ten thousand sockets are not pinged in one instant.
 */
export class Heartbeat {
  /** The sockets by slice, each with whether it has answered. */
  readonly #slices = Array.from({ length: SLICES }, () => new Map<WebSocket, boolean>())
  readonly #timer: NodeJS.Timeout
  #current = 0
  #next = 0

  /** @param intervalMs between two pings of a socket, in ms */
  constructor(intervalMs: number) {
    this.#timer = setInterval(() => this.#pingSlice(), intervalMs / SLICES)
    this.#timer.unref()
  }

  /** @returns a function that forgets the socket */
  watch(socket: WebSocket): () => void {
    // One after the other, so that the turns are alike however many come at once.
    this.#next = (this.#next + 1) % SLICES
    const slice = this.#slices[this.#next] as Map<WebSocket, boolean>
    slice.set(socket, true)
    socket.on('pong', () => slice.set(socket, true))
    return () => slice.delete(socket)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #pingSlice(): void {
    this.#current = (this.#current + 1) % SLICES
    const slice = this.#slices[this.#current] as Map<WebSocket, boolean>
    for (const [socket, answered] of slice) {
      if (!answered) socket.terminate()
      else {
        slice.set(socket, false)
        socket.ping()
      }
    }
  }
}
