import { randomBytes, randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'

// The load generator, in a process of its own: many readers on plain TCP sockets that speak just enough of
// the websocket protocol to subscribe and to count what arrives. Told what to do over IPC.

export type Command =
  | { do: 'connect'; port: number; count: number; subscribe: string | null }
  | { do: 'expect'; messages: number }

export type Report =
  | { event: 'connected' }
  | { event: 'ready' }
  | { event: 'arrived'; latencies: number[] }
  | { event: 'lost'; why: string }

const PARALLEL = 200
const sockets: Reader[] = []
let wanted = 0
let latencies: number[] = []

process.on('message', async (command: Command) => {
  if (command.do === 'connect') {
    const { port, count, subscribe } = command
    for (let begun = 0; begun < count; begun += PARALLEL) {
      const some = Array.from({ length: Math.min(PARALLEL, count - begun) }, () =>
        openReader(port, subscribe),
      )
      sockets.push(...(await Promise.all(some)))
    }
    report({ event: 'connected' })
  } else {
    wanted = command.messages
    latencies = []
    report({ event: 'ready' })
  }
})

function report(message: Report): void {
  process.send?.(message)
}

/** Notes an arrival. Messages carry the moment they were asked for, in ms since the epoch. */
function arrived(payload: Buffer): void {
  const at = payload.indexOf(MARK)
  if (at < 0) return
  const sent = Number(payload.toString('latin1', at + MARK.length, at + MARK.length + 17))
  latencies.push(performance.timeOrigin + performance.now() - sent)
  if (latencies.length === wanted) report({ event: 'arrived', latencies })
}

/** What stands in a message before its moment, which takes 17 characters: 1795357849431.653. */
const MARK = Buffer.from('at=')

class Reader {
  readonly #socket: Socket
  #rest: Buffer = Buffer.alloc(0)

  constructor(socket: Socket) {
    this.#socket = socket
  }

  take(chunk: Buffer, onMessage: (payload: Buffer) => void): void {
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk
    for (;;) {
      const frame = cutFrame(data)
      if (!frame) break
      data = data.subarray(frame.end)
      if (frame.opcode === 0x9) this.send(frame.payload, 0x8a)
      else if (frame.opcode === 0x8) report({ event: 'lost', why: `closed: ${frame.payload.subarray(2)}` })
      else onMessage(frame.payload)
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

/** Connects, upgrades and subscribes; settles when the server has said that it is ready. */
function openReader(port: number, subscribe: string | null): Promise<Reader> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    const reader = new Reader(socket)
    socket.setNoDelay(true)
    socket.on('error', reject)
    socket.on('close', () => report({ event: 'lost', why: 'cut' }))
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
      socket.on('data', (data) => reader.take(data, onMessage))
      if (subscribe) reader.send(Buffer.from('{"type":"connection_init"}'))
      else resolve(reader)
      const rest = Buffer.from(head.slice(end + 4), 'latin1')
      if (rest.length > 0) reader.take(rest, onMessage)
    }
    const onMessage = (payload: Buffer) => {
      if (subscribe && payload.includes('connection_ack')) {
        // Every client has an id of its own, as graphql-ws makes them.
        reader.send(Buffer.from(subscribe.replace('"id":"1"', `"id":"${randomUUID()}"`)))
        resolve(reader)
      } else arrived(payload)
    }
    socket.on('data', onHead)
  })
}
