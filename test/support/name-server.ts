import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'

export interface NameServer extends AsyncDisposable {
  /** Its address with its port, as resolvers take it. */
  address: string
  /** The names that it was asked for, each as often as it was. */
  asked: string[]
}

const A = 1
const ANSWER = 0x8180

/**
 * A name server on this machine, over UDP (RFC 1035): says 127.0.0.1 for names that begin with "here", and
 * for all others nothing, ever.
 */
export async function startNameServer(): Promise<NameServer> {
  const socket = createSocket('udp4')
  const asked: string[] = []
  socket.on('message', (query: Buffer, { port, address }: RemoteInfo) => {
    const { name, type, end } = questionOf(query)
    asked.push(name)
    if (!name.startsWith('here')) return
    const records = type === A ? 1 : 0
    const header = Buffer.from(query.subarray(0, 12))
    header.writeUInt16BE(ANSWER, 2)
    header.writeUInt16BE(records, 6)
    // No other records, of which the query may have brought some.
    header.fill(0, 8)
    // The name is where the question has it; class IN, for 1 s, four bytes of address.
    const record = Buffer.from([0xc0, 12, 0, A, 0, 1, 0, 0, 0, 1, 0, 4, 127, 0, 0, 1])
    const parts = [header, query.subarray(12, end), ...(records ? [record] : [])]
    socket.send(Buffer.concat(parts), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => socket.close(() => resolve()))
    },
  }
}

/** The name and the type that a query asks for, and where its question ends. */
function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}
