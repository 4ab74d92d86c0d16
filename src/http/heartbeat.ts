import type { WebSocket } from 'ws'
import { runEvery } from '../base/clock.ts'

/** The number of groups in which sockets are pinged. */
const SLICES = 30

/**
 * Pings each socket at an interval, and terminates those that did not answer the last ping. One timer pings
 * one slice of the sockets at a time, so that ten thousand sockets are not pinged at once.
 */
export class Heartbeat {
  /** The sockets of each slice, with whether each has answered. */
  readonly #slices = Array.from({ length: SLICES }, () => new Map<WebSocket, boolean>())
  readonly #stop: () => Promise<void>
  #current = 0
  #next = 0

  /** @param intervalMs between two pings of a socket, in ms */
  constructor(intervalMs: number) {
    this.#stop = runEvery(intervalMs / SLICES, () => this.#pingSlice())
  }

  /** @returns a function that removes the socket */
  watch(socket: WebSocket): () => void {
    // New sockets are assigned to the slices in turn, so that all have the same size.
    this.#next = (this.#next + 1) % SLICES
    const slice = this.#slices[this.#next] as Map<WebSocket, boolean>
    slice.set(socket, true)
    socket.on('pong', () => slice.set(socket, true))
    return () => slice.delete(socket)
  }

  stop(): void {
    void this.#stop()
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
