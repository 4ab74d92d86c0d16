/**
 * The operations of one socket, from the message that starts them until they are complete: also those that the
 * client has given up, and that graphql-ws has forgotten, while they still cost something.
 */
export class SocketOperations {
  readonly #live = new Set<SocketOperation>()

  get size(): number {
    return this.#live.size
  }

  /** Whether some have not been answered yet. Feeds that have begun wait for no respond. */
  get hasPending(): boolean {
    return [...this.#live].some(({ isStreaming }) => !isStreaming)
  }

  /**
   * Notes that an operation begins. graphql-ws lets an id come again only when the client has completed its
   * last use, but can't tell the two apart: whatever still runs under it has been given up.
   * @param isKnown whether graphql-ws still knows the id
   */
  begin(id: string, isKnown: () => boolean): SocketOperation {
    for (const earlier of this.#live) if (earlier.id === id) earlier.cancel()
    const operation = new SocketOperation(id, isKnown, () => this.#live.delete(operation))
    this.#live.add(operation)
    return operation
  }

  /** Gives all up: the socket is gone. */
  cancelAll(): void {
    for (const operation of this.#live) operation.cancel()
  }
}

/** One operation of a socket. */
export class SocketOperation {
  readonly id: string
  /** Null until its document has been read. */
  kind: 'query' | 'mutation' | 'subscription' | null = null
  readonly #isKnown: () => boolean
  readonly #onComplete: () => void
  #isCancelled = false
  #stop: (() => void) | null = null

  constructor(id: string, isKnown: () => boolean, onComplete: () => void) {
    this.id = id
    this.#isKnown = isKnown
    this.#onComplete = onComplete
  }

  /** Whether the client still waits for what comes of it. */
  get isActive(): boolean {
    return !this.#isCancelled && this.#isKnown()
  }

  /** Whether it has become a stream. */
  get isStreaming(): boolean {
    return this.#stop !== null
  }

  /** It has become a stream, which `stop` ends. */
  startStreaming(stop: () => void): void {
    this.#stop = stop
  }

  /** The client has had enough. What has not come to a stream yet can't be stopped: it counts until it is complete. */
  cancel(): void {
    this.#isCancelled = true
    if (this.#stop === null) return
    this.#stop()
    this.complete()
  }

  /** It costs nothing any more. */
  complete(): void {
    this.#onComplete()
  }

  /**
   * What graphql-ws is told of it. When nobody waits for it that is nothing, ever: whatever graphql-ws does at
   * the end of an operation, it would do to the next one of the same id.
   */
  respond<Outcome>(outcome: Outcome): Outcome | Promise<never> {
    if (this.isActive) return outcome
    this.complete()
    return never()
  }
}

/** A promise that never settles. What waits for it is forgotten together with it. */
export function never(): Promise<never> {
  return new Promise(() => {})
}
