import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import type { Logger } from 'pino'
import { RevocationWatch } from './auth/revocation.ts'
import { createVerifier } from './auth/verify.ts'
import { withRevocation } from './auth/with-revocation.ts'
import { runEvery } from './base/clock.ts'
import { openBus } from './bus/open.ts'
import { HeadReader, readChangeHead } from './changelog/head.ts'
import { ChangeWatch } from './changelog/watch.ts'
import { CommentFeedHub } from './comment-feed/hub.ts'
import { readerBans } from './comments/readers/bans.ts'
import { atPort, type Config } from './config/config.ts'
import { type Clock, clockOf, DatabaseClock } from './db/clock.ts'
import type { Database } from './db/database.ts'
import { HistoryWatch } from './db/history-watch.ts'
import { RenderingCache } from './feeds/cache.ts'
import { type RenderFeedDeps, renderFeed } from './feeds/render-feed.ts'
import type { Services } from './graphql/context.ts'
import { ConnectionLimiter } from './http/connection-limiter.ts'
import { createFeedHandler } from './http/feeds.ts'
import { serveGraphiQL } from './http/graphiql.ts'
import { createGraphQLHandler } from './http/graphql/handler.ts'
import { watchHealth } from './http/health.ts'
import { imagesIn } from './http/images.ts'
import { type SocketLimits, socketLimits } from './http/limits.ts'
import { CommentFeedCounters, createMetrics } from './http/metrics.ts'
import { listenForMetrics, openMetrics } from './http/metrics-access.ts'
import { openRateLimits } from './http/open-limits.ts'
import { serveRest } from './http/rest.ts'
import { closeHttpServer, createHttpServer, listen } from './http/server.ts'
import { serveWebSockets } from './http/websocket.ts'
import { partnerWithKey } from './licensing/authenticate.ts'
import { announceDue } from './licensing/due-changes.ts'
import { keyRevocations } from './licensing/key-revocation.ts'
import { deleteOldUsage } from './licensing/quota.ts'
import { openPush, type PushDeps } from './push/open.ts'
import { deleteOldAttempts } from './rate-limits/counts.ts'

export interface AppDeps {
  config: Config
  /** Opened and migrated. The app does not close it. */
  database: Database
  log: Pick<Logger, 'error' | 'warn' | 'info'>
  /** A clock other than the database's, for tests. */
  now?: () => Date
  /** How often watched feeds and connected readers are polled, in ms, for tests. */
  pollMs?: number
  /** How often the change sequence and scheduled changes are polled, in ms, for tests. */
  changePollMs?: number
  /** Other limits, for tests. */
  limits?: Partial<SocketLimits>
  /** Another backoff and resolver, for tests. */
  push?: Pick<PushDeps, 'backoff' | 'resolve'>
}

export interface App {
  /** The configuration with the actual port and URL. */
  config: Config
  services: Services
  /** What is needed to render feeds. */
  newsfeeds: RenderFeedDeps
  /** Reports on /health/ready that the gateway is shutting down, and keeps serving for a time, in ms. */
  drain(delayMs: number): Promise<void>
  /** Stops accepting connections, waits for running requests, and closes within `graceMs`. */
  close(graceMs?: number): Promise<void>
}

/** The poll intervals for lost hints, in ms. A ban must take effect within 5 s. */
const FALLBACK_POLL_MS = 5_000
const REVOCATION_POLL_MS = 3_000
/** The longest delay after an embargo ends until partners are notified, in ms. */
const DUE_POLL_MS = 1_000
/** How often old counts of requests are deleted, in ms. */
const CLEANUP_INTERVAL_MS = 15 * 60_000
/** How often the database's clock is measured, in ms. */
const CLOCK_INTERVAL_MS = 10_000
/** The longest delay of a retried delivery, in ms. */
const PUSH_POLL_MS = 1_000

/** Creates all services and handlers, from the database to the HTTP server, and listens. */
export async function startApp(deps: AppDeps): Promise<App> {
  const { database, log, pollMs, changePollMs } = deps
  const { prisma } = database
  const clock = await openClock(deps)
  const { now, timeIn } = clock

  const bus = await openBus(deps.config, database, log)
  const history = await HistoryWatch.open({
    database,
    listen: bus.listen,
    pollMs: pollMs ?? FALLBACK_POLL_MS,
    onFailure: (error) =>
      log.warn({ err: error }, 'the history of the database could not be checked; retrying'),
    onChange: (id) =>
      log.warn(
        { history: id },
        'the database was restored or failed over: every comment feed is reset, and earlier cursors are refused',
      ),
  })
  const feedMetrics = new CommentFeedCounters(now)
  const commentFeeds = await CommentFeedHub.open({
    database,
    history,
    listen: bus.listen,
    now,
    pollMs: pollMs ?? FALLBACK_POLL_MS,
    onFailure: (error) => log.warn({ err: error }, 'a comment feed could not be read; retrying'),
    metrics: feedMetrics,
  })
  const revocation = await RevocationWatch.open([readerBans(prisma), keyRevocations({ prisma, now })], {
    listen: bus.listen,
    pollMs: pollMs ?? REVOCATION_POLL_MS,
    onFailure: (error) =>
      log.warn({ err: error }, 'connected viewers could not be checked for revocation; retrying'),
  })
  const changes = await ChangeWatch.open({
    prisma,
    history,
    listen: bus.listen,
    pollMs: changePollMs ?? FALLBACK_POLL_MS,
    onFailure: (error) => log.warn({ err: error }, 'the change sequence could not be read; retrying'),
  })
  const stopDueClock = runEvery(
    changePollMs ?? DUE_POLL_MS,
    () => announceDue({ prisma, bus, now }),
    (error) => log.warn({ err: error }, 'scheduled changes could not be published; retrying'),
  )
  const stopCleanup = runEvery(
    changePollMs ?? CLEANUP_INTERVAL_MS,
    async () => {
      await deleteOldUsage(prisma, now())
      await deleteOldAttempts(prisma, now())
    },
    (error) => log.warn({ err: error }, 'old counts of requests could not be deleted; retrying'),
  )
  const { submissions, removalRequests, signIns } = openRateLimits(deps.config, {
    prisma,
    now,
    onFailure: (error) =>
      log.warn(
        { err: error },
        'attempts could not be counted across gateways; this gateway counts on its own',
      ),
  })
  const limits = {
    ...socketLimits,
    maxSockets: deps.config.maxSockets,
    maxSocketsPerAddress: deps.config.maxSocketsPerAddress,
    ...deps.limits,
  }
  const connectionLimiter = new ConnectionLimiter(limits, deps.config.trustedProxies)
  const clients = { signIns, networkOf: (request: IncomingMessage) => connectionLimiter.networkOf(request) }
  const verifyCredentials = await createVerifier(deps.config.auth, deps.config.dataDir, {
    now,
    partnerWithKey: (key) => partnerWithKey(key, 'FULL', { prisma, now }),
    signIns,
  })
  const verify = withRevocation(verifyCredentials, revocation)
  const push = openPush({
    database,
    changes,
    history,
    render: (path, audience) => renderFeed({ path, audience, deps: newsfeeds }),
    log,
    now,
    publicUrl: () => services.publicUrl,
    allowLoopback: deps.config.development,
    pollMs: changePollMs ?? PUSH_POLL_MS,
    planMs: changePollMs ?? FALLBACK_POLL_MS,
    clients,
    ...deps.push,
  })
  const services: Services = {
    prisma,
    bus,
    commentFeeds,
    changes,
    push,
    submissions,
    removalRequests,
    now,
    timeIn,
    outlet: deps.config.outlet,
    publicUrl: deps.config.publicUrl,
  }
  const newsfeeds: RenderFeedDeps = {
    services,
    outlet: deps.config.outlet,
    cache: new RenderingCache(),
    head: new HeadReader(() => readChangeHead(prisma)),
  }

  const streams = new Set<IncomingMessage>()
  const admission = { connectionLimiter, revocation, streams }
  const graphqlHandler = createGraphQLHandler({ config: deps.config, services, verify, log, admission })
  const health = watchHealth(database)
  const metrics = createMetrics(
    { sockets: () => sockets.load(), feeds: () => commentFeeds.size, revocation, push },
    feedMetrics,
  )
  const images = imagesIn(join(import.meta.dirname, 'sample/pictures'))
  const rest = serveRest({ services, verify, clients, log })
  const feeds = createFeedHandler({ newsfeeds, verify, clients, log })
  const server = createHttpServer(
    {
      graphqlHandler,
      health,
      metrics: openMetrics(deps.config, metrics),
      images,
      graphiql: deps.config.graphiql ? serveGraphiQL(deps.config, services) : null,
      home: () => `${new URL(services.publicUrl).pathname.replace(/\/$/, '')}/graphql`,
      rest,
      feeds,
      hub: push.hub,
      now,
    },
    limits.headersTimeoutMs,
  )
  const sockets = serveWebSockets(server, {
    graphqlHandler,
    verify,
    log,
    config: deps.config,
    limits,
    connectionLimiter,
    revocation,
    now,
  })

  const config = atPort(deps.config, await listen(server, deps.config))
  services.publicUrl = config.publicUrl
  const stopMetrics = await listenForMetrics(deps.config, metrics)

  push.start()

  return {
    config,
    services,
    newsfeeds,
    async drain(delayMs) {
      health.drain()
      if (delayMs > 0) await after(delayMs)
    },
    async close(graceMs = 10_000) {
      health.drain()
      await Promise.all([
        closeHttpServer(server, streams, graceMs),
        stopMetrics(),
        sockets.close(graceMs),
        push.close(graceMs),
      ])
      await Promise.all([
        commentFeeds.close(),
        revocation.close(),
        changes.close(),
        history.close(),
        stopDueClock(),
        stopCleanup(),
        clock.close(),
      ])
      await bus.close()
      await graphqlHandler.dispose()
    },
  }
}

async function openClock({ database, log, now }: AppDeps): Promise<Clock & { close(): Promise<void> }> {
  if (now) return { ...clockOf(now), close: async () => {} }
  return DatabaseClock.open({
    database,
    measureMs: CLOCK_INTERVAL_MS,
    onFailure: (error) => log.warn({ err: error }, "the database's clock could not be measured; retrying"),
  })
}
