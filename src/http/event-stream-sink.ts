import { Readable } from 'node:stream'
import type { Payload, Sink } from '../comment-feed/payload.ts'
import { MAX_QUEUED_BYTES } from './limits.ts'

/** Writes results as server-sent events. */
export class EventStreamSink implements Sink {
  readonly stream = new Readable({ read: () => this.#onWritable() })
  #over = false
  #onWritable: () => void = () => {}

  constructor() {
    // An error event without a listener would end the process.
    this.stream.on('error', () => {})
    this.stream.on('close', () => this.#onWritable())
  }

  whenWritable(): Promise<void> | null {
    if (this.#over || this.stream.readableLength <= MAX_QUEUED_BYTES / 2) return null
    return new Promise((resolve) => {
      this.#onWritable = resolve
    })
  }

  send(payloads: readonly Payload[]): void {
    for (const payload of payloads) {
      if (this.#over) return
      if (this.stream.readableLength > MAX_QUEUED_BYTES) this.cut()
      else this.stream.push(payload.eventStream)
    }
  }

  /** Sends a comment when nothing else is queued. */
  ping(): void {
    if (this.stream.readableLength === 0) this.stream.push(PING)
  }

  end(): void {
    if (this.#over) return
    this.#over = true
    this.stream.push(COMPLETE)
    this.stream.push(null)
  }

  /** Ends the stream without completing it, so that the client reconnects with its last event id. */
  cut(): void {
    this.#over = true
    this.stream.destroy()
  }
}

const PING = Buffer.from(':\n\n')
const COMPLETE = Buffer.from('event: complete\ndata:\n\n')
