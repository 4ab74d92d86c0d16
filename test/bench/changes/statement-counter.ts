import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Passes connections on to a PostgreSQL server, and counts the statements, BEGIN and COMMIT included. */
export interface StatementCounter {
  /** The URL of the database through the counter. */
  url: string
  readonly statements: number
  close(): void
}

/** @param url of a database on this machine, without TLS */
export async function countStatements(url: string): Promise<StatementCounter> {
  const target = new URL(url)
  let statements = 0
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(target.port || 5432), target.hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
    }
    near.on(
      'data',
      statementsIn(() => statements++),
    )
    near.pipe(far).pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href,
    get statements() {
      return statements
    },
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Calls `onStatement` for each Query and Execute message (PostgreSQL protocol 3.0, "Message Formats"). */
function statementsIn(onStatement: () => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0)
  // The startup message has no type.
  let isStarted = false
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const head = isStarted ? 1 : 0
      if (rest.length < head + 4) return
      const length = head + rest.readInt32BE(head)
      if (rest.length < length) return
      if (isStarted && 'QE'.includes(String.fromCharCode(rest[0] as number))) onStatement()
      isStarted = true
      rest = rest.subarray(length)
    }
  }
}
