import type { Duplex } from 'node:stream'
import type { Payload, Sink } from '../feed/payload.ts'
import { MAX_QUEUED } from './limits.ts'

/** Below this the bytes are copied behind the envelope, above they are written from where they are. */
const COPIED = 4 * 1024

export interface SocketSinkDeps {
  /** The TCP or TLS stream under the websocket. */
  stream: Duplex
  /** False once the websocket is closing: then nothing may be written any more. */
  isOpen: () => boolean
  /** The reader is too far behind. */
  onTooSlow: () => void
  /** The subscription is over. */
  onEnd: () => void
}

/**
 * Writes a feed's results to one websocket as the `next` messages of one operation. The envelope is made
 * once, the bytes inside are everybody's, and the whole frame goes to the stream in one piece.
 */
export class SocketSink implements Sink {
  readonly #deps: SocketSinkDeps
  readonly #prefix: Buffer

  constructor(operationId: string, deps: SocketSinkDeps) {
    this.#deps = deps
    this.#prefix = Buffer.from(`{"id":${JSON.stringify(operationId)},"type":"next","payload":`)
  }

  send({ json }: Payload): void {
    const { stream, isOpen, onTooSlow } = this.#deps
    if (!isOpen()) return
    if (stream.writableLength > MAX_QUEUED) {
      onTooSlow()
      return
    }
    const length = this.#prefix.length + json.length + 1
    if (json.length <= COPIED) {
      const header = headerLength(length)
      const frame = Buffer.allocUnsafe(header + length)
      writeHeader(frame, length)
      this.#prefix.copy(frame, header)
      json.copy(frame, header + this.#prefix.length)
      frame[header + length - 1] = CLOSING_BRACE
      stream.write(frame)
      return
    }
    const head = Buffer.allocUnsafe(headerLength(length) + this.#prefix.length)
    writeHeader(head, length)
    this.#prefix.copy(head, headerLength(length))
    stream.cork()
    stream.write(head)
    stream.write(json)
    stream.write(TAIL)
    stream.uncork()
  }

  end(): void {
    this.#deps.onEnd()
  }
}

const CLOSING_BRACE = 0x7d
const TAIL = Buffer.from('}')

/** Length of an unmasked frame's header (RFC 6455, section 5.2). */
function headerLength(length: number): number {
  if (length < 126) return 2
  return length < 65_536 ? 4 : 10
}

/** Writes the header of a final, unmasked text frame (RFC 6455, section 5.2). */
function writeHeader(frame: Buffer, length: number): void {
  frame[0] = 0x81
  if (length < 126) {
    frame[1] = length
  } else if (length < 65_536) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
}
