import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Payload, Sink } from '../comment-feed/payload.ts'
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
    const { frames, idsAt } = template
    for (let i = 0; i < idsAt.length; i++) writeId(frames, this.#id, idsAt[i] as number, this.#idLength)
    stream.write(frames)
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
  #enqueue({ json }: Payload): void {
    if (this.#socket.readyState !== OPEN) return
    const stream = this.#stream
    if (stream.writableLength > MAX_QUEUED_BYTES) {
      this.#onTooSlow()
      return
    }
    stream.cork()
    const id = Buffer.from(this.#id)
    stream.write(Buffer.concat([frameHeader(lengthOf(json, id.length)), BEFORE_ID, id, AFTER_ID]))
    stream.write(json)
    stream.write(END)
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

/** Complete frames, in which the id is replaced for each socket. */
interface FrameTemplate {
  idLength: number
  frames: Buffer
  idsAt: readonly number[]
}

/**
 * The last payloads and their frames, by length of the id: the subscribers of a group are served one after
 * another.
 */
let lastSent: readonly Payload[] = []
const templates = new Map<number, FrameTemplate>()
const MAX_TEMPLATES = 8
/** The template used last: most ids have the same length. */
let lastTemplate: FrameTemplate | null = null

function templateFor(payloads: readonly Payload[], idLength: number): FrameTemplate {
  if (lastTemplate?.idLength === idLength && lastSent === payloads) return lastTemplate
  if (!isSame(lastSent, payloads)) {
    lastSent = payloads
    templates.clear()
  }
  lastTemplate = templates.get(idLength) ?? null
  if (lastTemplate) return lastTemplate
  // Limits the number of copies when ids have many lengths.
  if (templates.size === MAX_TEMPLATES) templates.clear()
  lastTemplate = buildTemplate(payloads, idLength)
  templates.set(idLength, lastTemplate)
  return lastTemplate
}

function discardTemplate(template: FrameTemplate): void {
  templates.delete(template.idLength)
  lastTemplate = null
}

/** Writes an id into frames. For a few characters a loop is faster than a call to Node's buffers. */
function writeId(frames: Buffer, id: string, at: number, length: number): void {
  if (length !== id.length) return void frames.write(id, at, length)
  for (let i = 0; i < length; i++) frames[at + i] = id.charCodeAt(i)
}

function isSame(a: readonly Payload[], b: readonly Payload[]): boolean {
  return a === b || (a.length === b.length && a.every((payload, i) => payload === b[i]))
}

const BEFORE_ID = Buffer.from('{"id":')
const AFTER_ID = Buffer.from(',"type":"next","payload":')
const END = Buffer.from('}')

/** The length of a message, in bytes. */
function lengthOf(json: Buffer, idLength: number): number {
  return BEFORE_ID.length + idLength + AFTER_ID.length + json.length + END.length
}

function buildTemplate(payloads: readonly Payload[], idLength: number): FrameTemplate {
  const headers = payloads.map(({ json }) => frameHeader(lengthOf(json, idLength)))
  const size = payloads.reduce((sum, { json }, i) => {
    return sum + (headers[i] as Buffer).length + lengthOf(json, idLength)
  }, 0)
  // allocUnsafeSlow: a frame from the pool would keep the whole pool in memory while it is queued.
  const frames = Buffer.allocUnsafeSlow(size)
  const idsAt: number[] = []
  let at = 0
  const put = (bytes: Buffer) => {
    at += bytes.copy(frames, at)
  }
  for (const [i, { json }] of payloads.entries()) {
    put(headers[i] as Buffer)
    put(BEFORE_ID)
    idsAt.push(at)
    at += idLength
    put(AFTER_ID)
    put(json)
    put(END)
  }
  return { idLength, frames, idsAt }
}

/** The header of a final, unmasked text frame (RFC 6455, section 5.2). */
function frameHeader(length: number): Buffer {
  if (length < 126) return Buffer.from([0x81, length])
  if (length < 65_536) return Buffer.from([0x81, 126, length >> 8, length & 0xff])
  const header = Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 0, 0, 0])
  header.writeBigUInt64BE(BigInt(length), 2)
  return header
}
