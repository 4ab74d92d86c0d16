import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A wire between a client and a gateway that a test can cut. */
export interface Proxy extends AsyncDisposable {
  readonly port: number
  /** Cuts every connection, without a word to either side, and lets none through until `mend`. */
  cut(): void
  mend(): void
  /** Passes connections on to another port from now on. */
  redirect(target: number): void
  /** Settles when the next connection comes in, let through or not. */
  knocked(): Promise<void>
}

/** A proxy on a port of its own, which passes bytes on to a port of this machine. */
export async function openProxy(port: number): Promise<Proxy> {
  let target = port
  const sockets = new Set<Socket>()
  let whole = true
  let knock = Promise.withResolvers<void>()

  const server = createServer((near) => {
    knock.resolve()
    knock = Promise.withResolvers()
    if (!whole) return void near.resetAndDestroy()
    const far = connect(target, '127.0.0.1')
    for (const [socket, other] of [[near, far] as const, [far, near] as const]) {
      sockets.add(socket)
      socket.setNoDelay(true).on('error', () => {})
      socket.once('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const cut = () => {
    whole = false
    for (const socket of sockets) socket.resetAndDestroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    mend() {
      whole = true
    },
    redirect(to) {
      target = to
    },
    knocked: () => knock.promise,
    async [Symbol.asyncDispose]() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
