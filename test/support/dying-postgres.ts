import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { columnsOf, dataOf, loggedIn, READY, type Row } from './postgres-messages.ts'

/** A PostgreSQL server that is lost as soon as a gateway has found it usable. */
export interface DyingPostgres extends AsyncDisposable {
  readonly port: number
  /** Statements that it did not answer. */
  readonly unanswered: number
}

/**
 * Accepts every connection, answers the two statements by which a gateway finds out what it is connected to, and
 * resets the connection at any other.
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

const PROCESS_ID = 4711

const LOGGED_IN = loggedIn(PROCESS_ID)

const answer = (row: Row) => Buffer.concat([columnsOf([row]), dataOf([row]), READY])

const ANSWERS = [
  { to: 'server_version_num', answer: answer({ version: 160_004, encoding: 'UTF8' }) },
  { to: 'pg_backend_pid', answer: answer({ pid: PROCESS_ID }) },
]
