import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** A PostgreSQL server that is lost as soon as a gateway has found it usable. */
export interface DyingPostgres extends AsyncDisposable {
  readonly port: number
  /** Statements that it did not answer. */
  readonly unanswered: number
}

/**
 * Accepts every connection, answers the two statements by which a gateway finds out what it is connected to, and
 * resets the connection at any other. Its messages are those of PostgreSQL's frontend/backend protocol 3.0
 * ("Message Formats").
 */
export async function startDyingPostgres(): Promise<DyingPostgres> {
  let unanswered = 0
  const server = createServer((socket) => {
    let isStarted = false
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      if (!isStarted) {
        isStarted = true
        return void socket.write(LOGGED_IN)
      }
      const known = ANSWERS.find(({ to }) => bytes.includes(to))
      if (known) return void socket.write(known.answer)
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

function answer(columns: Buffer[], values: Buffer[]): Buffer {
  return Buffer.concat([
    message('T', int16(columns.length), ...columns),
    message('D', int16(values.length), ...values),
    message('C', Buffer.from('SELECT 1\0')),
    READY,
  ])
}

/** The type int4 by its number in pg_type. */
const INT4 = 23
const TEXT = 25
const PROCESS_ID = 4711

const READY = message('Z', Buffer.from('I'))
const LOGGED_IN = Buffer.concat([message('R', int32(0)), message('K', int32(PROCESS_ID), int32(1)), READY])
const ANSWERS = [
  {
    to: 'server_version_num',
    answer: answer([column('version', INT4), column('encoding', TEXT)], [value('160004'), value('UTF8')]),
  },
  { to: 'pg_backend_pid', answer: answer([column('pid', INT4)], [value(`${PROCESS_ID}`)]) },
]
