import type { Duplex } from 'node:stream'
import type { Payload, Sink } from '../feed/payload.ts'
import { MAX_QUEUED } from './limits.ts'

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
 * Writes a feed's results to one websocket as the `next` messages of one operation, each in one piece and
 * without a copy of its own: the frames of all sockets differ in the operation's id only.
 */
export class SocketSink implements Sink {
  readonly #deps: SocketSinkDeps
  /** The operation's id as JSON, quotation marks included. */
  readonly #id: Buffer

  constructor(operationId: string, deps: SocketSinkDeps) {
    this.#deps = deps
    this.#id = Buffer.from(JSON.stringify(operationId))
  }

  send(payload: Payload): void {
    const { stream, isOpen, onTooSlow } = this.#deps
    if (!isOpen()) return
    if (stream.writableLength > MAX_QUEUED) {
      onTooSlow()
      return
    }
    const mould = mouldOf(payload, this.#id.length)
    this.#id.copy(mould.frame, mould.idAt)
    stream.write(mould.frame)
    // What the kernel did not take at once, the stream still holds: the next socket needs another mould.
    if (stream.writableLength > 0) moulds.get(payload)?.delete(this.#id.length)
  }

  end(): void {
    this.#deps.onEnd()
  }
}

/** A whole frame in which the id is written over for each socket. */
interface Mould {
  frame: Buffer
  idAt: number
}

/** For each result, a frame for each length of ids. */
const moulds = new WeakMap<Payload, Map<number, Mould>>()

function mouldOf(payload: Payload, idLength: number): Mould {
  const ofPayload = moulds.get(payload) ?? new Map<number, Mould>()
  moulds.set(payload, ofPayload)
  const mould = ofPayload.get(idLength) ?? cast(payload.json, idLength)
  ofPayload.set(idLength, mould)
  return mould
}

const BEFORE_ID = Buffer.from('{"id":')
const AFTER_ID = Buffer.from(',"type":"next","payload":')
const END = Buffer.from('}')

function cast(json: Buffer, idLength: number): Mould {
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
  return { frame, idAt }
}

/** The header of a final, unmasked text frame (RFC 6455, section 5.2). */
function frameHeader(length: number): Buffer {
  if (length < 126) return Buffer.from([0x81, length])
  if (length < 65_536) return Buffer.from([0x81, 126, length >> 8, length & 0xff])
  const header = Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 0, 0, 0])
  header.writeBigUInt64BE(BigInt(length), 2)
  return header
}
