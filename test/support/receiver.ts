import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a receiver was sent. */
export interface Received {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: string
}

export interface Reply {
  status: number
  headers?: Record<string, string>
  body?: string
}

/** Says what to answer; a promise keeps the sender waiting. */
export type Reaction = (received: Received) => Reply | Promise<Reply>

/** A partner's server on a loopback port. */
export interface Receiver extends AsyncDisposable {
  readonly url: string
  readonly received: Received[]
  /** From now on it reacts so. */
  reaction: Reaction
  /** Settles with the next thing it is sent that nobody has taken yet. */
  next(): Promise<Received>
  /** Settles when it has been sent so many things. */
  until(count: number): Promise<void>
}

export async function startReceiver(reaction: Reaction = () => ({ status: 204 })): Promise<Receiver> {
  const received: Received[] = []
  let taken = 0
  let tell = Promise.withResolvers<void>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const item: Received = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    }
    received.push(item)
    tell.resolve()
    tell = Promise.withResolvers()
    const { status, headers, body } = await receiver.reaction(item)
    response.writeHead(status, headers).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const until = async (count: number) => {
    while (received.length < count) await tell.promise
  }
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    reaction,
    async next() {
      await until(taken + 1)
      return received[taken++] as Received
    },
    until,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return receiver
}
