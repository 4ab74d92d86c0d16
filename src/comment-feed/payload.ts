/**
 * One result of a feed, serialised once for everybody who receives it. Each transport puts its own small
 * envelope round the same bytes.
 */
export class Payload {
  /** The execution result as JSON in UTF-8. */
  readonly json: Buffer
  /** The cursor of the event; null where the result carries none (errors). */
  readonly cursor: string | null
  #eventStream: Buffer | null = null

  constructor(result: object, cursor: string | null) {
    this.json = Buffer.from(JSON.stringify(result))
    this.cursor = cursor
  }

  /** The result as a server-sent event; its id is the cursor, so that browsers resume by themselves. */
  get eventStream(): Buffer {
    if (!this.#eventStream) {
      const id = this.cursor === null ? '' : `id: ${this.cursor}\n`
      this.#eventStream = Buffer.concat([Buffer.from(`${id}event: next\ndata: `), this.json, END_OF_EVENT])
    }
    return this.#eventStream
  }
}

const END_OF_EVENT = Buffer.from('\n\n')

/** Where a subscriber's results go. Neither call may throw or wait. */
export interface Sink {
  /**
   * Sends results, in one piece where it can. A sink that can't take them ends its connection, and with it
   * the subscription.
   */
  send(payloads: readonly Payload[]): void
  /** Null while there is room; else settles when there is, or when nobody reads any more. */
  room(): Promise<void> | null
  /** The feed is over: nothing more will come. */
  end(): void
  /** The feed can't go on now: the connection ends in a way that makes the client come back. */
  cut(): void
}
