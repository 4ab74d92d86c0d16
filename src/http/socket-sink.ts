import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Payload, Sink } from '../feed/payload.ts'
import { MAX_QUEUED } from './limits.ts'

/**
 * Writes a feed's results to one websocket as the `next` messages of one operation, each in one piece and
 * without a copy of its own: the frames of all sockets differ in the operation's id only.
 *
 * Ten thousand of these are called in a row for each event, so `send` touches as little memory as it can.
 */
export class SocketSink implements Sink {
  readonly #socket: WebSocket
  readonly #stream: Duplex
  /** The operation's id as JSON, quotation marks included. */
  readonly #id: Buffer
  readonly #onEnd: () => void
  readonly #onTooSlow: () => void

  /**
   * @param stream the TCP or TLS stream under the websocket
   * @param on what to do when the reader is too far behind, and when the subscription is over
   */
  constructor(
    operationId: string,
    socket: WebSocket,
    stream: Duplex,
    on: { tooSlow: () => void; end: () => void },
  ) {
    this.#socket = socket
    this.#stream = stream
    this.#id = Buffer.from(JSON.stringify(operationId))
    this.#onTooSlow = on.tooSlow
    this.#onEnd = on.end
  }

  send(payload: Payload): void {
    // Once the websocket is closing, its close frame must stay the last.
    if (this.#socket.readyState !== OPEN) return
    const stream = this.#stream
    if (stream.writableLength > MAX_QUEUED) {
      this.#onTooSlow()
      return
    }
    if (stream.writableLength > 0) {
      this.#sendBehind(payload)
      return
    }
    const id = this.#id
    const { frame, idAt } = mouldOf(payload, id.length)
    frame.set(id, idAt)
    stream.write(frame)
    // What the kernel did not take at once, the stream still holds: the next socket needs another mould.
    if (stream.writableLength > 0) mould = null
  }

  end(): void {
    this.#onEnd()
  }

  /** Adds to what waits for a slow reader: in pieces, of which the large one is everybody's. */
  #sendBehind({ json }: Payload): void {
    const stream = this.#stream
    const length = BEFORE_ID.length + this.#id.length + AFTER_ID.length + json.length + END.length
    stream.cork()
    stream.write(Buffer.concat([frameHeader(length), BEFORE_ID, this.#id, AFTER_ID]))
    stream.write(json)
    stream.write(END)
    stream.uncork()
  }
}

/** The state of a websocket that messages can be sent on. */
const OPEN = 1

/** A whole frame, in which the id is written over for each socket. */
interface Mould {
  payload: Payload
  idLength: number
  frame: Buffer
  idAt: number
}

/** The frame sent last: a group's members come one after the other, and most ids are of one length. */
let mould: Mould | null = null

function mouldOf(payload: Payload, idLength: number): Mould {
  if (mould?.payload !== payload || mould.idLength !== idLength) mould = cast(payload, idLength)
  return mould
}

const BEFORE_ID = Buffer.from('{"id":')
const AFTER_ID = Buffer.from(',"type":"next","payload":')
const END = Buffer.from('}')

function cast(payload: Payload, idLength: number): Mould {
  const { json } = payload
  const length = BEFORE_ID.length + idLength + AFTER_ID.length + json.length + END.length
  const header = frameHeader(length)
  // allocUnsafeSlow: a frame cut from the pool would keep the whole pool in memory while it waits.
  const frame = Buffer.allocUnsafeSlow(header.length + length)
  const idAt = header.length + BEFORE_ID.length
  header.copy(frame)
  BEFORE_ID.copy(frame, header.length)
  AFTER_ID.copy(frame, idAt + idLength)
  json.copy(frame, idAt + idLength + AFTER_ID.length)
  END.copy(frame, frame.length - END.length)
  return { payload, idLength, frame, idAt }
}

/** The header of a final, unmasked text frame (RFC 6455, section 5.2). */
function frameHeader(length: number): Buffer {
  if (length < 126) return Buffer.from([0x81, length])
  if (length < 65_536) return Buffer.from([0x81, 126, length >> 8, length & 0xff])
  const header = Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 0, 0, 0])
  header.writeBigUInt64BE(BigInt(length), 2)
  return header
}
