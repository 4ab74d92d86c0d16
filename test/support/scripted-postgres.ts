import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import {
  columnsOf,
  dataOf,
  failure,
  int32,
  loggedIn,
  message,
  READY,
  type Row,
  text,
} from './postgres-messages.ts'

/** What a statement comes to: rows, a failure with its code, or nothing at all. */
export type Reply = readonly Row[] | { code: string } | 'silence'

/** A statement as the server got it. */
export interface Sent {
  sql: string
  /** The number of its session, from 1; a connection that only cancels is none. */
  session: number
  /** The name under which it was prepared, and its values; none in a simple query. */
  name?: string
  values: string[]
}

/** A server of PostgreSQL's protocol that answers as the test says, and keeps what it was sent. */
export interface ScriptedPostgres extends AsyncDisposable {
  readonly port: number
  readonly url: string
  readonly sent: Sent[]
  /** The parameters with which each session began. */
  readonly sessions: Record<string, string>[]
  /** The processes whose statements were to be cancelled. */
  readonly cancels: number[]
  /** Whether sessions are refused, by closing them at once or with a code. */
  refusal: 'closed' | { code: string } | null
  notify(channel: string, payload: string): void
  /** Cuts all connections. */
  drop(): void
}

const STARTUP = 196_608
const CANCEL_REQUEST = 80_877_102

/** The process of a session, as the server names it to the client. */
export const processOf = (session: number) => 1_000 + session

/** What a server says of itself that nothing stands before. */
export function direct({ sql, session }: Sent): Reply {
  if (sql.includes('server_version_num')) return [{ version: 160_004, encoding: 'UTF8' }]
  if (sql.includes('pg_backend_pid')) return [{ pid: processOf(session) }]
  return []
}

export async function startScriptedPostgres(
  reply: (sent: Sent) => Reply = direct,
): Promise<ScriptedPostgres> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    serve(socket)
  })
  const scripted: Omit<ScriptedPostgres, 'port' | 'url' | typeof Symbol.asyncDispose> = {
    sent: [],
    sessions: [],
    cancels: [],
    refusal: null,
    notify(channel, payload) {
      for (const socket of sockets) socket.write(message('A', int32(1), text(channel), text(payload)))
    },
    drop() {
      for (const socket of sockets) socket.destroy()
    },
  }

  function serve(socket: Socket) {
    let rest = Buffer.alloc(0)
    let session = 0
    let sql = ''
    let name: string | undefined
    let answer: Reply = []
    const prepared = new Map<string, string>()
    const begin = (body: Buffer) => {
      if (body.readInt32BE(0) === CANCEL_REQUEST) scripted.cancels.push(body.readInt32BE(4))
      if (body.readInt32BE(0) !== STARTUP) return
      const words = body.toString('utf8', 4).split('\0')
      const pairs = Array.from({ length: words.length >> 1 }, (_, i) => [words[2 * i], words[2 * i + 1]])
      session = scripted.sessions.push(Object.fromEntries(pairs.filter(([key]) => key)))
      const { refusal } = scripted
      if (refusal === 'closed') socket.destroy()
      else if (refusal) socket.end(failure(refusal.code, 'no entry'))
      else socket.write(loggedIn(processOf(session)))
    }
    const run = (values: string[]) => {
      const statement = { sql, session, name: name || undefined, values }
      scripted.sent.push(statement)
      answer = reply(statement)
      return answer
    }
    const result = () => {
      if (answer === 'silence') return Buffer.alloc(0)
      return 'code' in answer ? failure(answer.code, 'it failed') : dataOf(answer as Row[])
    }
    const handle = (type: string, body: Buffer) => {
      const words = body.toString('utf8').split('\0')
      if (type === 'Q') {
        ;[sql, name] = [words[0] as string, undefined]
        const outcome = run([])
        if (outcome === 'silence') return
        const columns = Array.isArray(outcome) && outcome.length > 0 ? columnsOf(outcome) : Buffer.alloc(0)
        socket.write(Buffer.concat([columns, result(), READY]))
      } else if (type === 'P') {
        prepared.set(words[0] as string, words[1] as string)
        socket.write(message('1'))
      } else if (type === 'B') {
        name = words[1]
        sql = prepared.get(name as string) ?? ''
        run(valuesIn(body, (words[0] as string).length + (name as string).length + 2))
        socket.write(message('2'))
      } else if (type === 'D') {
        if (Array.isArray(answer)) socket.write(answer.length > 0 ? columnsOf(answer) : message('n'))
      } else if (type === 'E') socket.write(result())
      else if (type === 'S' && answer !== 'silence') socket.write(READY)
      else if (type === 'X') socket.end()
    }
    socket.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes])
      for (;;) {
        const head = session === 0 ? 0 : 1
        if (rest.length < head + 4) return
        const end = head + rest.readInt32BE(head)
        if (rest.length < end) return
        const type = rest.toString('latin1', 0, head)
        const body = rest.subarray(head + 4, end)
        rest = rest.subarray(end)
        if (head === 0) begin(body)
        else handle(type, body)
      }
    })
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return Object.assign(scripted, {
    port,
    url: `postgres://ada@127.0.0.1:${port}/news`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  })
}

/** The values in a Bind message, behind the names of portal and statement. */
function valuesIn(body: Buffer, from: number): string[] {
  let at = from + 2 + 2 * body.readInt16BE(from)
  const count = body.readInt16BE(at)
  at += 2
  return Array.from({ length: count }, () => {
    const length = body.readInt32BE(at)
    at += 4 + Math.max(0, length)
    return length < 0 ? 'NULL' : body.toString('utf8', at - length, at)
  })
}
