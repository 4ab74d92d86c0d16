import type { Payload } from '../comment-feed/payload.ts'

// The frames of `next` messages (RFC 6455 and graphql-transport-ws). All sockets get the same bytes, except for
// the operation's id.

/** Complete frames, in which the id is replaced for each socket. */
export interface FrameTemplate {
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

/** The frames of some payloads, for ids of a length. They are valid until the next call. */
export function templateFor(payloads: readonly Payload[], idLength: number): FrameTemplate {
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

/** The next call gets other bytes: these are still referenced. */
export function discardTemplate(template: FrameTemplate): void {
  templates.delete(template.idLength)
  lastTemplate = null
}

/** Writes an id, as JSON, into all frames. */
export function writeIds({ frames, idsAt, idLength }: FrameTemplate, id: string): void {
  for (let i = 0; i < idsAt.length; i++) writeId(frames, id, idsAt[i] as number, idLength)
}

/** For a few characters a loop is faster than a call to Node's buffers. */
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

/** One frame in parts, so that the payload is not copied. */
export function frameInParts({ json }: Payload, id: string): readonly [Buffer, Buffer, Buffer] {
  const idBytes = Buffer.from(id)
  const header = frameHeader(lengthOf(json, idBytes.length))
  return [Buffer.concat([header, BEFORE_ID, idBytes, AFTER_ID]), json, END]
}

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
