import type { DomainError } from '../base/errors.ts'

/**
 * One result of a subscription, serialised once for all subscribers. Each transport adds its own small
 * envelope around the same bytes.
 */
export class Payload {
  /** The execution result as JSON in UTF-8. */
  readonly json: Buffer
  /** The cursor of the event; null for a result without one (errors). */
  readonly cursor: string | null
  #eventStream: Buffer | null = null

  constructor(result: object, cursor: string | null) {
    this.json = Buffer.from(JSON.stringify(result))
    this.cursor = cursor
  }

  /** The result as a server-sent event. Its id is the cursor, so that browsers resume by themselves. */
  get eventStream(): Buffer {
    if (!this.#eventStream) {
      const id = this.cursor === null ? '' : `id: ${this.cursor}\n`
      this.#eventStream = Buffer.concat([Buffer.from(`${id}event: next\ndata: `), this.json, END_OF_EVENT])
    }
    return this.#eventStream
  }
}

/** The result of a subscription that ends with an error. */
export function errorPayload({ message, code }: DomainError): Payload {
  return new Payload({ errors: [{ message, extensions: { code } }] }, null)
}

const END_OF_EVENT = Buffer.from('\n\n')

/** Where the results of a subscription are sent. `send`, `end` and `cut` must neither throw nor wait. */
export interface Sink {
  /**
   * Sends results, in one write where possible. A sink that can't take them ends its connection, and with it
   * the subscription.
   */
  send(payloads: readonly Payload[]): void
  /** Null while the sink takes more; else a promise that settles when it does, or when it is closed. */
  whenWritable(): Promise<void> | null
  /** Completes the subscription: no more results follow. */
  end(): void
  /** Ends the connection without completing the subscription, so that the client reconnects with its cursor. */
  cut(): void
}
