import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** A PostgreSQL server that ends each connection after the first statement on it. */
export interface DyingPostgres extends AsyncDisposable {
  readonly port: number
  /** Statements that it did not answer. */
  readonly unanswered: number
}

/**
 * Lets everybody in, says which version and encoding it has, and resets the connection at the next message. Its
 * messages are those of PostgreSQL's frontend/backend protocol 3.0 ("Message Formats").
 */
export async function startDyingPostgres(): Promise<DyingPostgres> {
  let unanswered = 0
  const server = createServer((socket) => {
    let messages = 0
    socket.on('error', () => {})
    socket.on('data', () => {
      messages += 1
      if (messages === 1) return void socket.write(Buffer.concat([message('R', int32(0)), READY]))
      if (messages === 2) return void socket.write(ANSWER)
      unanswered += 1
      socket.resetAndDestroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    get unanswered() {
      return unanswered
    },
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

function message(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

/** A column of a RowDescription: no table, and the type by its number in pg_type. */
function column(name: string, type: number): Buffer {
  return Buffer.concat([
    Buffer.from(`${name}\0`),
    int32(0),
    int16(0),
    int32(type),
    int16(-1),
    int32(-1),
    int16(0),
  ])
}

function value(text: string): Buffer {
  return Buffer.concat([int32(Buffer.byteLength(text)), Buffer.from(text)])
}

const READY = message('Z', Buffer.from('I'))
const ANSWER = Buffer.concat([
  message('T', int16(2), column('version', 23), column('encoding', 25)),
  message('D', int16(2), value('160004'), value('UTF8')),
  message('C', Buffer.from('SELECT 1\0')),
  READY,
])
