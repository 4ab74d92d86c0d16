import { hash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Dependency } from './reads.ts'

export interface ResponseContent {
  /** The value of Content-Type. */
  type: string
  body: Buffer
  /** Other headers of the response. */
  headers?: Readonly<Record<string, string>>
  /** The entity tag without quotation marks; by default a hash of the body. */
  tag?: string
  /** What the response depends on, and when it changes by the clock alone, in ms since the epoch. */
  dependencies?: readonly Dependency[]
  until?: number
}

export const ENCODINGS = ['br', 'gzip'] as const

export type Encoding = (typeof ENCODINGS)[number]

/** The shortest body that is compressed, in bytes: a shorter one fits in one packet anyway. */
const MIN_COMPRESSED_BYTES = 1_024

/** Better compression takes several times as long for a few per cent. */
const compress: Record<Encoding, (body: Buffer) => Promise<Buffer>> = {
  br: (body) =>
    promisify(brotliCompress)(body, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
    }),
  gzip: (body) => promisify(gzip)(body),
}

/** A response, its entity tag, and its compressed forms, each of which is made once. */
export class CachedResponse {
  readonly type: string
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
  /** The entity tag without quotation marks. That of a compressed form has the encoding as a suffix. */
  readonly tag: string
  readonly dependencies: readonly Dependency[]
  readonly until: number
  readonly #encoded = new Map<Encoding, Buffer>()
  readonly #encoding = new Map<Encoding, Promise<Buffer>>()
  readonly #forms = new Map<number, ResponseForm>()
  readonly #onGrowth: (bytes: number) => void

  /** @param onGrowth called with the bytes of each compressed form */
  constructor(
    { type, body, headers = {}, tag, dependencies = [], until = Number.POSITIVE_INFINITY }: ResponseContent,
    onGrowth: (bytes: number) => void = () => {},
  ) {
    this.type = type
    this.body = owned(body)
    this.headers = headers
    this.tag = tag ?? hash('sha256', body, 'base64url').slice(0, 22)
    this.dependencies = dependencies
    this.until = until
    this.#onGrowth = onGrowth
  }

  get isCompressed(): boolean {
    return this.body.length >= MIN_COMPRESSED_BYTES
  }

  /** A form in which the response is sent, which is made once. */
  form(key: number, make: () => string[]): ResponseForm {
    const known = this.#forms.get(key)
    if (known) return known
    const made = new ResponseForm(make(), this.#onGrowth)
    this.#forms.set(key, made)
    return made
  }

  /** A compressed form that was made already. */
  known(encoding: Encoding): Buffer | undefined {
    return this.#encoded.get(encoding)
  }

  /** Makes a compressed form. Concurrent calls share one compression. */
  encode(encoding: Encoding): Promise<Buffer> {
    const running = this.#encoding.get(encoding)
    if (running) return running
    const made = compress[encoding](this.body).then((bytes) => {
      const compressed = owned(bytes)
      this.#encoded.set(encoding, compressed)
      this.#onGrowth(compressed.length)
      return compressed
    })
    made.catch(() => this.#encoding.delete(encoding))
    this.#encoding.set(encoding, made)
    return made
  }
}

/** A form of a response: its headers, and all its bytes if it is sent more than once a second. */
export class ResponseForm {
  /** Names and values in turn. */
  readonly head: string[]
  readonly #onGrowth: (bytes: number) => void
  /** Of the last response, in s since the epoch. */
  #second = 0
  #whole: Buffer | null = null
  #size = 0

  constructor(head: string[], onGrowth: (bytes: number) => void) {
    this.head = head
    this.#onGrowth = onGrowth
  }

  /**
   * All bytes, which are made at most once a second because they contain the date; null for the first response of a
   * second.
   */
  whole(second: number, make: () => Buffer): Buffer | null {
    if (second !== this.#second) {
      this.#second = second
      this.#whole = null
      return null
    }
    this.#whole ??= this.#made(make)
    return this.#whole
  }

  #made(make: () => Buffer): Buffer {
    const whole = make()
    if (whole.length > this.#size) {
      this.#onGrowth(whole.length - this.#size)
      this.#size = whole.length
    }
    return whole
  }
}

/** A copy with memory of its own: a small Buffer of Node is a part of a block of 64 KiB, which it would keep. */
function owned(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  bytes.copy(copy)
  return copy
}
