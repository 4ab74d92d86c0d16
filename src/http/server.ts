import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import { runEvery } from '../base/clock.ts'
import { SetupError } from '../base/errors.ts'
import { atPort, type Config } from '../config/config.ts'
import type { SettingName } from '../config/settings.ts'

/** How long a whole request may take to arrive, in ms. */
const REQUEST_TIMEOUT_MS = 30_000

/**
 * How long an idle connection stays open, in ms. Longer than proxies keep theirs (most 60 s): if the server
 * closed first, a proxy's next request could meet a closed connection.
 */
const KEEP_ALIVE_TIMEOUT_MS = 75_000

/** Disconnects slow senders. By default Node checks every 30 s, which would add that much to each limit. */
function timeouts(headersTimeoutMs: number): ServerOptions {
  return {
    headersTimeout: headersTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    requestTimeout: Math.max(REQUEST_TIMEOUT_MS, headersTimeoutMs),
    connectionsCheckingInterval: Math.min(2_000, headersTimeoutMs / 4),
  }
}

/**
 * Creates the HTTP server, without handlers.
 * @param headersTimeoutMs how long a client may take to send a request's headers
 */
export function createHttpServer(headersTimeoutMs: number): Server {
  return createServer(timeouts(headersTimeoutMs))
}

/**
 * Returns a function for the public URL of a gateway: of one on any free port, with the port that the server
 * listens on.
 */
export function publicUrlOf(server: Server, config: Config): () => string {
  let known: string | undefined
  return () => {
    const address = server.address() as AddressInfo | null
    if (!address) return known ?? config.publicUrl
    known ??= atPort(config, address.port).publicUrl
    return known
  }
}

/**
 * Listens on the configured address.
 * @param setting the name of the setting of the port
 * @returns the port
 * @throws SetupError when the address can't be used
 */
export async function listen(
  server: Server,
  { port, host }: Pick<Config, 'port' | 'host'>,
  setting: SettingName = 'PORT',
): Promise<number> {
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EADDRINUSE') {
      throw new SetupError(
        `${setting} ${port} is in use on ${host}: stop the other program, or set ${setting} to another port.`,
      )
    }
    if (code === 'EACCES')
      throw new SetupError(`${setting} ${port} is not permitted for this user: set ${setting} above 1023.`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new SetupError(
        `HOST ${host} is not an address of this machine: set HOST to one of its addresses.`,
      )
    }
    throw error
  }
  return (server.address() as AddressInfo).port
}

/** How often idle connections are closed during a shutdown, in ms. */
const SWEEP_INTERVAL_MS = 50

/**
 * Stops accepting connections, waits for running requests, and disconnects the rest after the grace period.
 * Event streams are cut: clients reconnect after a cut stream, and do not after a completed one.
 */
export async function closeHttpServer(
  server: Server,
  streams: Iterable<IncomingMessage>,
  graceMs: number,
): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  const stopSweeping = runEvery(SWEEP_INTERVAL_MS, () => {
    for (const { socket } of streams) socket.destroy()
    server.closeIdleConnections()
  })
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  await stopSweeping()
  clearTimeout(cut)
}
