import type { WebSocket } from 'ws'

/** Turns of the clock in which every socket has been pinged once. */
const TURNS = 30

/**
 * Pings every socket at an interval, and cuts off who did not answer the last ping. One timer does it for all
 * of them, a part at each turn, so that ten thousand sockets are not pinged in one instant.
 */
export class Heartbeat {
  /** The sockets by turn, each with whether it has answered. */
  readonly #turns = Array.from({ length: TURNS }, () => new Map<WebSocket, boolean>())
  readonly #timer: NodeJS.Timeout
  #turn = 0
  #newcomers = 0

  /** @param every between two pings of a socket, in ms */
  constructor(every: number) {
    this.#timer = setInterval(() => this.#beat(), every / TURNS)
    this.#timer.unref()
  }

  /** @returns a function that forgets the socket */
  watch(socket: WebSocket): () => void {
    // One after the other, so that the turns are alike however many come at once.
    this.#newcomers = (this.#newcomers + 1) % TURNS
    const turn = this.#turns[this.#newcomers] as Map<WebSocket, boolean>
    turn.set(socket, true)
    socket.on('pong', () => turn.set(socket, true))
    return () => turn.delete(socket)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #beat(): void {
    this.#turn = (this.#turn + 1) % TURNS
    const turn = this.#turns[this.#turn] as Map<WebSocket, boolean>
    for (const [socket, answered] of turn) {
      if (!answered) socket.terminate()
      else {
        turn.set(socket, false)
        socket.ping()
      }
    }
  }
}
