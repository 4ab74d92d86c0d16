import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Payload, Sink } from '../comment-feed/payload.ts'
import { discardTemplate, frameInParts, templateFor, writeIds } from './frames.ts'
import { MAX_QUEUED_BYTES } from './limits.ts'

/**
 * Writes the results of a comment feed to one websocket as the `next` messages of one operation, in one write
 * and without copies: the frames of all sockets differ only in the operation's id.
 *
 * It runs for ten thousand sockets in a row per event, so `send` touches as little memory as possible.
 */
export class SocketSink implements Sink {
  readonly #socket: WebSocket
  readonly #stream: Duplex
  /** The operation's id as JSON, quotation marks included, and its length in UTF-8. */
  readonly #id: string
  readonly #idLength: number
  readonly #onEnd: () => void
  readonly #onCut: () => void
  readonly #onTooSlow: () => void

  /**
   * @param stream the TCP or TLS stream under the websocket
   * @param on called when the reader is too slow, when the feed can't continue, and when it is complete
   */
  constructor(
    operationId: string,
    socket: WebSocket,
    stream: Duplex,
    on: { tooSlow: () => void; cut: () => void; end: () => void },
  ) {
    this.#socket = socket
    this.#stream = stream
    this.#id = JSON.stringify(operationId)
    this.#idLength = Buffer.byteLength(this.#id)
    this.#onTooSlow = on.tooSlow
    this.#onEnd = on.end
    this.#onCut = on.cut
  }

  send(payloads: readonly Payload[]): void {
    // After the close frame nothing may be sent.
    if (this.#socket.readyState !== OPEN) return
    const stream = this.#stream
    if (stream.writableLength > 0) {
      for (const payload of payloads) this.#enqueue(payload)
      return
    }
    const template = templateFor(payloads, this.#idLength)
    writeIds(template, this.#id)
    stream.write(template.frames)
    // The stream still references bytes that the kernel did not take, so the next socket needs a new
    // template.
    if (stream.writableLength > 0) discardTemplate(template)
  }

  whenWritable(): Promise<void> | null {
    return streamWritable(this.#stream)
  }

  end(): void {
    this.#onEnd()
  }

  cut(): void {
    this.#onCut()
  }

  /** Queues results for a slow reader, in parts; the large part is shared by all sockets. */
  #enqueue(payload: Payload): void {
    if (this.#socket.readyState !== OPEN) return
    const stream = this.#stream
    if (stream.writableLength > MAX_QUEUED_BYTES) {
      this.#onTooSlow()
      return
    }
    stream.cork()
    for (const part of frameInParts(payload, this.#id)) stream.write(part)
    stream.uncork()
  }
}

/** Null while a stream takes more; else a promise that settles when it does, or when it is closed. */
export function streamWritable(stream: Duplex): Promise<void> | null {
  if (stream.writableLength <= MAX_QUEUED_BYTES / 2) return null
  return new Promise((resolve) => {
    const settle = () => {
      stream.off('drain', settle)
      stream.off('close', settle)
      resolve()
    }
    stream.on('drain', settle)
    stream.on('close', settle)
  })
}

/** The state of an open websocket. */
const OPEN = 1
