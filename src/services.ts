import type { IncomingMessage, Server } from 'node:http'
import type { RevocationWatch } from './auth/revocation.ts'
import { createVerifier, type Verify } from './auth/verify.ts'
import { withRevocation } from './auth/with-revocation.ts'
import type { Bus } from './bus/bus.ts'
import { openBus } from './bus/open.ts'
import { type OpenPurgesDeps, openPurges } from './cdn/open.ts'
import { HeadReader, readChangeHead } from './changelog/head.ts'
import type { Config } from './config/config.ts'
import { type Clock, clockOf, DatabaseClock } from './db/clock.ts'
import { type CompiledReadOptions, withCompiledReads } from './db/compiled-reads/client.ts'
import type { HistoryWatch } from './db/history-watch.ts'
import { withoutBatches } from './db/unbatched.ts'
import { RenderingCache } from './feeds/cache.ts'
import { type RenderFeedDeps, renderFeed } from './feeds/render-feed.ts'
import type { Services } from './graphql/context.ts'
import type { PersistedDocuments } from './graphql/persisted-documents.ts'
import { cdnPolicyOf } from './http/cdn-headers.ts'
import { ConnectionLimiter } from './http/connection-limiter.ts'
import { type SocketLimits, socketLimits } from './http/limits.ts'
import { openRateLimits } from './http/open-limits.ts'
import { publicUrlOf } from './http/server.ts'
import { partnerWithKey } from './licensing/authenticate.ts'
import { openPush, type PushDeps } from './push/open.ts'
import { ReadCacheWatch } from './read-cache/change-watch.ts'
import { ResponseCache } from './read-cache/response-cache.ts'
import { FALLBACK_POLL_MS, openWatchers, type WatcherDeps } from './watchers.ts'

// Everything between the database and the handlers of requests, in the order of its construction.

export interface AppDeps extends WatcherDeps {
  config: Config
  /** The documents that `config.persistedDocuments` names, if they have been read already. */
  persisted?: PersistedDocuments
  /** A clock other than the database's, for tests. */
  now?: () => Date
  /** Other limits, for tests. */
  limits?: Partial<SocketLimits>
  /** How often the read cache looks for changes, in ms, for tests. */
  readCachePollMs?: number
  /** Another limit of automatic persisted documents, for tests. */
  maxAutomaticBytes?: number
  /** Called for each read of an operation that is not compiled, for tests. */
  onReadLeft?: CompiledReadOptions['onLeft']
  /** Another backoff and resolver, for tests. */
  push?: Pick<PushDeps, 'backoff' | 'resolve'>
  /** Other times of the purges of a CDN, for tests. */
  purges?: OpenPurgesDeps['purges']
}

/** How often the database's clock is measured, in ms. */
const CLOCK_INTERVAL_MS = 10_000
/** The longest delay of a retried delivery, in ms. */
const PUSH_POLL_MS = 1_000

/**
 * Opens the services of a gateway.
 * @param server the server that will listen: links contain its port
 * @param limits see `socketLimitsOf`
 */
export async function openServices(deps: AppDeps, server: Server, limits: SocketLimits) {
  const { config, database, log, changePollMs } = deps
  const prisma = withCompiledReads(database, { onLeft: deps.onReadLeft })
  const clock = await openClock(deps)
  const { now, timeIn } = clock
  const bus = await openBus(config, database, log)
  const watchers = await openWatchers(deps, bus, now)
  const { history, commentFeeds, revocation, changes, articleChanges, queueEvents, feedMetrics } = watchers
  const readCache = await openReadCache(deps, { bus, history, now })
  const purges = await openPurges(deps, { bus, now })
  const access = await openAccess(deps, { limits, now, revocation })
  const publicUrl = publicUrlOf(server, config)
  const newsfeeds: RenderFeedDeps = {
    services: {
      prisma,
      now,
      get publicUrl() {
        return publicUrl()
      },
    },
    outlet: config.outlet,
    cache: new RenderingCache(),
    head: new HeadReader(() => readChangeHead(prisma)),
  }
  const push = openPush({
    database,
    changes,
    history,
    render: (path, audience) => renderFeed({ path, audience, deps: newsfeeds }),
    log,
    now,
    publicUrl,
    allowLoopback: config.development,
    pollMs: changePollMs ?? PUSH_POLL_MS,
    planMs: changePollMs ?? FALLBACK_POLL_MS,
    clients: access.clients,
    ...deps.push,
  })
  const { submissions, removalRequests } = access
  const services: Services = {
    prisma,
    reads: withoutBatches(prisma),
    bus: readCache ? readCache.watch.publisher(bus) : bus,
    commentFeeds,
    changes,
    articleChanges,
    queueEvents,
    push,
    submissions,
    removalRequests,
    now,
    timeIn,
    outlet: config.outlet,
    get publicUrl() {
      return publicUrl()
    },
  }
  return {
    ...access,
    services,
    newsfeeds,
    push,
    revocation,
    feedMetrics,
    readCache,
    purges,
    /** Starts the messages that the gateway sends by itself. */
    startSending() {
      push.start()
      purges?.start()
    },
    async stopSending(graceMs: number) {
      await Promise.all([push.close(graceMs), purges?.close(graceMs)])
    },
    async close() {
      await Promise.all([watchers.close(), clock.close(), readCache?.watch.close()])
      await bus.close()
    },
  }
}

/** Opens the cache of responses, and what drops them; null if it is switched off. */
async function openReadCache(
  { config, database, log, readCachePollMs }: AppDeps,
  { bus, history, now }: { bus: Bus; history: HistoryWatch; now: () => Date },
) {
  if (config.readCacheMb === 0) return null
  const cache = new ResponseCache({ capacity: config.readCacheMb * 1024 * 1024, now })
  const watch = await ReadCacheWatch.open(cache, {
    database: { rows: database.pollRows },
    history,
    listen: bus.listen,
    now,
    pollMs: readCachePollMs,
    onFailure: (error) =>
      log.warn(
        { err: error },
        'the changes could not be read; the read cache is not used until they can be read',
      ),
  })
  return { cache, watch, cdn: cdnPolicyOf(config, now) }
}

/** Opens what decides who may connect, and how often: limits, credentials, revocations. */
async function openAccess(
  deps: AppDeps,
  { limits, now, revocation }: { limits: SocketLimits; now: () => Date; revocation: RevocationWatch },
) {
  const { log } = deps
  const { prisma } = deps.database
  const { submissions, removalRequests, signIns } = openRateLimits(deps.config, {
    prisma,
    now,
    onFailure: (error) =>
      log.warn(
        { err: error },
        'attempts could not be counted across gateways for rate limits; this gateway counts its own only',
      ),
  })
  const connectionLimiter = new ConnectionLimiter(limits, deps.config.trustedProxies)
  const clients = { signIns, networkOf: (request: IncomingMessage) => connectionLimiter.networkOf(request) }
  const verifyCredentials = await createVerifier(deps.config.auth, deps.config.dataDir, {
    now,
    partnerWithKey: (key) => partnerWithKey(key, 'FULL', { prisma, now }),
    signIns,
  })
  const verify: Verify = withRevocation(verifyCredentials, revocation)
  return { connectionLimiter, clients, verify, submissions, removalRequests }
}

/** The limits on connections, with those of the settings. */
export function socketLimitsOf({ config, limits }: Pick<AppDeps, 'config' | 'limits'>): SocketLimits {
  const { maxSockets, maxSocketsPerAddress } = config
  return { ...socketLimits, maxSockets, maxSocketsPerAddress, ...limits }
}

async function openClock({ database, log, now }: AppDeps): Promise<Clock & { close(): Promise<void> }> {
  if (now) return { ...clockOf(now), close: async () => {} }
  return DatabaseClock.open({
    database,
    measureMs: CLOCK_INTERVAL_MS,
    onFailure: (error) => log.warn({ err: error }, "the database's clock could not be measured; retrying"),
  })
}
