/**
 * The operations of one socket, from the message that starts them until they are over: also those that the
 * client has given up, and that graphql-ws has forgotten, while they still cost something.
 */
export class SocketOperations {
  readonly #live = new Set<SocketOperation>()

  get size(): number {
    return this.#live.size
  }

  /** Whether some have not been answered yet. Feeds that have begun wait for no answer. */
  get areAwaited(): boolean {
    return [...this.#live].some(({ goesOn }) => !goesOn)
  }

  /**
   * Notes that an operation begins. graphql-ws lets an id come again only when the client has completed its
   * last use, but can't tell the two apart: whatever still runs under it has been given up.
   * @param isKnown whether graphql-ws still knows the id
   */
  begin(id: string, isKnown: () => boolean): SocketOperation {
    for (const earlier of this.#live) if (earlier.id === id) earlier.leave()
    const operation = new SocketOperation(id, isKnown, () => this.#live.delete(operation))
    this.#live.add(operation)
    return operation
  }

  /** Gives all up: the socket is gone. */
  leaveAll(): void {
    for (const operation of this.#live) operation.leave()
  }
}

/** One operation of a socket. */
export class SocketOperation {
  readonly id: string
  /** Null until its document has been read. */
  kind: 'query' | 'mutation' | 'subscription' | null = null
  readonly #isKnown: () => boolean
  readonly #onOver: () => void
  #left = false
  #stop: (() => void) | null = null

  constructor(id: string, isKnown: () => boolean, onOver: () => void) {
    this.id = id
    this.#isKnown = isKnown
    this.#onOver = onOver
  }

  /** Whether the client still waits for what comes of it. */
  get isWanted(): boolean {
    return !this.#left && this.#isKnown()
  }

  /** Whether it has become a stream. */
  get goesOn(): boolean {
    return this.#stop !== null
  }

  /** It has become a stream, which `stop` ends. */
  goOn(stop: () => void): void {
    this.#stop = stop
  }

  /** The client has had enough. What has not come to a stream yet can't be stopped: it counts until it is over. */
  leave(): void {
    this.#left = true
    if (this.#stop === null) return
    this.#stop()
    this.over()
  }

  /** It costs nothing any more. */
  over(): void {
    this.#onOver()
  }

  /**
   * What graphql-ws is told of it. When nobody waits for it that is nothing, ever: whatever graphql-ws does at
   * the end of an operation, it would do to the next one of the same id.
   */
  answer<Outcome>(outcome: Outcome): Outcome | Promise<never> {
    if (this.isWanted) return outcome
    this.over()
    return silence()
  }
}

/** A promise that never settles. What waits for it is forgotten together with it. */
export function silence(): Promise<never> {
  return new Promise(() => {})
}
