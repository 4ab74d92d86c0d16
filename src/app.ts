import { join } from 'node:path'
import type { Logger } from 'pino'
import { createVerifier } from './auth/verify.ts'
import { atPort, type Config } from './config.ts'
import type { Database } from './db/database.ts'
import { FeedHub } from './feed/hub.ts'
import type { Services } from './graphql/context.ts'
import { createGate } from './http/gate.ts'
import { watchHealth } from './http/health.ts'
import { type SocketLimits, socketLimits } from './http/limits.ts'
import { createMetrics, FeedCounters } from './http/metrics.ts'
import { picturesIn } from './http/pictures.ts'
import { closeHttpServer, createHttpServer, listen } from './http/server.ts'
import { serveWebSockets } from './http/websocket.ts'

export interface AppDeps {
  config: Config
  /** Opened and migrated. The app does not close it. */
  database: Database
  log: Pick<Logger, 'error' | 'warn' | 'info'>
  now?: () => Date
  /** How often watched feeds are looked at although no hint came, in ms. */
  pollMs?: number
  /** Other limits than the usual ones, for tests. */
  limits?: Partial<SocketLimits>
}

export interface App {
  /** The configuration with the port and the address that the app really has. */
  config: Config
  services: Services
  /** Lets nobody new in, finishes what is under way, and closes within `graceMs`. */
  close(graceMs?: number): Promise<void>
}

/** Wires the rooms, from the database to the doors, and listens. */
export async function startApp(deps: AppDeps): Promise<App> {
  const { database, log, now = () => new Date(), pollMs = 5_000 } = deps
  const { prisma } = database

  const feedMetrics = new FeedCounters()
  const feed = await FeedHub.open({
    prisma,
    listen: database.listen,
    now,
    pollMs,
    onFailure: (error) => log.warn({ err: error }, 'a feed could not be read; it will be tried again'),
    metrics: feedMetrics,
  })
  const verify = await createVerifier(deps.config.auth, deps.config.dataDir, { now })
  const services: Services = { prisma, feed, now, publicUrl: deps.config.publicUrl }

  const gate = createGate(deps.config, services, verify, log)
  const health = watchHealth(prisma)
  const metrics = createMetrics({ sockets: () => sockets.load(), feeds: () => feed.size }, feedMetrics)
  const pictures = picturesIn(join(import.meta.dirname, 'sample/pictures'))
  const server = createHttpServer({ gate, health, metrics, pictures })
  const sockets = serveWebSockets(server, {
    gate,
    verify,
    log,
    config: deps.config,
    limits: {
      ...socketLimits,
      sockets: deps.config.maxSockets,
      socketsPerAddress: deps.config.maxSocketsPerAddress,
      ...deps.limits,
    },
  })

  const config = atPort(deps.config, await listen(server, deps.config))
  services.publicUrl = config.publicUrl

  return {
    config,
    services,
    async close(graceMs = 10_000) {
      health.drain()
      await Promise.all([closeHttpServer(server, graceMs), sockets.close(graceMs)])
      await feed.close()
      await gate.dispose()
    },
  }
}
