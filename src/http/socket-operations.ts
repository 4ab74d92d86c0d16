/**
 * The operations of one socket, from their first message until they use no more resources. That includes
 * operations that the client has cancelled and graphql-ws has forgotten.
 */
export class SocketOperations {
  readonly #live = new Set<SocketOperation>()

  get size(): number {
    return this.#live.size
  }

  /** Whether some operations have not been answered yet. Running feeds are not counted. */
  get hasPending(): boolean {
    return [...this.#live].some(({ isStreaming }) => !isStreaming)
  }

  /**
   * Registers an operation. graphql-ws accepts an id again after the client has completed its last use, but
   * can't distinguish the two operations: an earlier one with the same id is cancelled.
   * @param isKnown whether graphql-ws still knows the id
   */
  begin(id: string, isKnown: () => boolean): SocketOperation {
    for (const earlier of this.#live) if (earlier.id === id) earlier.cancel()
    const operation = new SocketOperation(id, isKnown, () => this.#live.delete(operation))
    this.#live.add(operation)
    return operation
  }

  /** Cancels all operations: the socket is closed. */
  cancelAll(): void {
    for (const operation of this.#live) operation.cancel()
  }
}

/** One operation of a socket. */
export class SocketOperation {
  readonly id: string
  /** Null until its document is parsed. */
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

  /** Whether the client still expects results. */
  get isActive(): boolean {
    return !this.#isCancelled && this.#isKnown()
  }

  /** Whether it has become a stream. */
  get isStreaming(): boolean {
    return this.#stop !== null
  }

  /** Marks it as a stream, which `stop` ends. */
  startStreaming(stop: () => void): void {
    this.#stop = stop
  }

  /**
   * The client has cancelled it. Before it is a stream it can't be stopped, so it counts until it is
   * complete.
   */
  cancel(): void {
    this.#isCancelled = true
    if (this.#stop === null) return
    this.#stop()
    this.complete()
  }

  /** It uses no more resources. */
  complete(): void {
    this.#onComplete()
  }

  /**
   * The outcome for graphql-ws. For a cancelled operation that is a promise that never settles: at the end of
   * an operation, graphql-ws would act on the next one with the same id.
   */
  respond<Outcome>(outcome: Outcome): Outcome | Promise<never> {
    if (this.isActive) return outcome
    this.complete()
    return never()
  }
}

/** A promise that never settles. Whatever waits for it is garbage-collected with it. */
export function never(): Promise<never> {
  return new Promise(() => {})
}
