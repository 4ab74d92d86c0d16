import { randomBytes, randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'

/** What a light socket tells its owner. */
export interface Ears {
  /** A message came; the bytes are only lent. */
  message: (payload: Buffer) => void
  /** The server closed it, or it was cut. Called once, and not after `cut`. */
  gone: (why: string) => void
}

/**
 * A reader's end of a websocket, for load generators: a plain TCP socket that speaks just enough of the
 * protocol to subscribe and to receive.
 */
export class LightSocket {
  readonly #socket: Socket
  readonly #ears: Ears
  #rest: Buffer = Buffer.alloc(0)
  #over = false

  constructor(socket: Socket, ears: Ears) {
    this.#socket = socket
    this.#ears = ears
    socket.on('close', () => this.#end('cut'))
  }

  /** Ends it as a lost connection would: without a word. */
  cut(): void {
    this.#over = true
    this.#socket.destroy()
  }

  take(chunk: Buffer): void {
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk
    for (;;) {
      const frame = cutFrame(data)
      if (!frame) break
      data = data.subarray(frame.end)
      if (frame.opcode === 0x9) this.send(frame.payload, 0x8a)
      else if (frame.opcode === 0x8) this.#end(`closed: ${frame.payload.subarray(2)}`)
      else this.#ears.message(frame.payload)
    }
    this.#rest = Buffer.from(data)
  }

  /** Sends a small masked frame (RFC 6455); the mask is zero, which leaves the payload as it is. */
  send(payload: Buffer, first = 0x81): void {
    const header = payload.length < 126 ? Buffer.from([first, 0x80 | payload.length]) : Buffer.alloc(4)
    if (payload.length >= 126) {
      header[0] = first
      header[1] = 0x80 | 126
      header.writeUInt16BE(payload.length, 2)
    }
    this.#socket.write(Buffer.concat([header, Buffer.alloc(4), payload]))
  }

  #end(why: string): void {
    if (this.#over) return
    this.cut()
    this.#ears.gone(why)
  }
}

function cutFrame(data: Buffer): { opcode: number; payload: Buffer; end: number } | null {
  if (data.length < 2) return null
  const short = (data[1] as number) & 0x7f
  const start = short < 126 ? 2 : short === 126 ? 4 : 10
  if (data.length < start) return null
  const length = short < 126 ? short : short === 126 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2))
  if (data.length < start + length) return null
  return {
    opcode: (data[0] as number) & 0xf,
    payload: data.subarray(start, start + length),
    end: start + length,
  }
}

/**
 * Connects and upgrades; with a message to subscribe, also subscribes once the server has said that it is
 * ready. Settles when that was sent.
 *
 * @param subscribe a `subscribe` message with the id "1", in whose place every socket gets one of its own
 */
export function openLightSocket(port: number, subscribe: string | null, ears: Ears): Promise<LightSocket> {
  return new Promise((resolve, reject) => {
    let ready = subscribe === null
    const socket = connect(port, '127.0.0.1')
    const light = new LightSocket(socket, {
      message: (payload) => {
        if (ready) return ears.message(payload)
        if (!payload.includes('connection_ack')) return
        ready = true
        // Every client has an id of its own, as graphql-ws makes them.
        light.send(Buffer.from((subscribe as string).replace('"id":"1"', `"id":"${randomUUID()}"`)))
        resolve(light)
      },
      gone: (why) => {
        if (ready) ears.gone(why)
        else reject(new Error(`${why} during the handshake`))
      },
    })
    socket.setNoDelay(true)
    socket.on('error', reject)
    socket.write(
      'GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    )
    let head = ''
    const onHead = (chunk: Buffer) => {
      head += chunk.toString('latin1')
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      if (!head.startsWith('HTTP/1.1 101')) return reject(new Error(head.split('\r\n')[0]))
      socket.off('data', onHead)
      socket.on('data', (data) => light.take(data))
      if (ready) resolve(light)
      else light.send(Buffer.from('{"type":"connection_init"}'))
      const rest = Buffer.from(head.slice(end + 4), 'latin1')
      if (rest.length > 0) light.take(rest)
    }
    socket.on('data', onHead)
  })
}
