import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Random } from './random.ts'

/**
 * The network between the readers and the gateways: a TCP proxy on loopback that can cut, stall and refuse.
 * It hands each connection to any gateway, and as load balancers do to another one where that is refused.
 */
export class LossyProxy implements AsyncDisposable {
  readonly port: number
  readonly #server: Server
  readonly #lines: Set<Line>
  refusing = false

  private constructor(server: Server, lines: Set<Line>) {
    this.#server = server
    this.#lines = lines
    this.port = (server.address() as AddressInfo).port
  }

  /** @param ports those of the gateways */
  static async start(ports: readonly number[], random: Random): Promise<LossyProxy> {
    const lines = new Set<Line>()
    const server = createServer({ noDelay: true, pauseOnConnect: true })
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 })
    await once(server, 'listening')
    const proxy = new LossyProxy(server, lines)
    server.on('connection', async (reader) => {
      reader.on('error', () => {})
      const gateway = proxy.refusing ? null : await dial(ports, random)
      if (!gateway || reader.destroyed) {
        gateway?.destroy()
        reader.resetAndDestroy()
        return
      }
      const line = new Line(reader, gateway)
      lines.add(line)
      reader.once('close', () => lines.delete(line))
    })
    return proxy
  }

  /** The connections that go through it now. */
  get lines(): Line[] {
    return [...this.#lines]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const line of this.#lines) line.cut()
    this.#server.close()
  }
}

/** A connection to any of the gateways that takes it; null when none does. */
async function dial(ports: readonly number[], random: Random): Promise<Socket | null> {
  const first = Math.floor(random() * ports.length)
  for (let i = 0; i < ports.length; i++) {
    const port = ports[(first + i) % ports.length] as number
    const gateway = connect({ port, host: '127.0.0.1', noDelay: true })
    const taken = await once(gateway, 'connect').then(
      () => true,
      () => false,
    )
    if (taken) return gateway
  }
  return null
}

/** One reader's connection to one gateway. */
export class Line {
  /** The port at the reader's end, by which its reader knows it. */
  readonly readerPort: number
  readonly #ends: readonly [Socket, Socket]
  #stalled = false
  /** One end went away during a stall; the other has not heard of it. */
  #broken = false

  constructor(reader: Socket, gateway: Socket) {
    this.readerPort = reader.remotePort ?? 0
    this.#ends = [reader, gateway]
    this.#forward(reader, gateway)
    this.#forward(gateway, reader)
    this.resume()
  }

  get stalled(): boolean {
    return this.#stalled
  }

  /** Both ends see the connection reset. */
  cut(): void {
    for (const end of this.#ends) end.resetAndDestroy()
  }

  /** Nothing is forwarded any more, and nobody is told, until it resumes. */
  stall(): void {
    this.#stalled = true
    for (const end of this.#ends) end.pause()
  }

  resume(): void {
    this.#stalled = false
    if (this.#broken) this.cut()
    else for (const end of this.#ends) end.resume()
  }

  #forward(from: Socket, to: Socket): void {
    from.on('data', (chunk) => {
      if (!to.write(chunk)) from.pause()
    })
    to.on('drain', () => {
      if (!this.#stalled) from.resume()
    })
    from.on('error', () => {})
    from.on('end', () => to.end())
    from.on('close', () => {
      if (this.#stalled) this.#broken = true
      else to.destroy()
    })
  }
}
