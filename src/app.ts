import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { atPort, type Config } from './config/config.ts'
import type { RenderFeedDeps } from './feeds/render-feed.ts'
import type { Services } from './graphql/context.ts'
import { createFeedHandler } from './http/feeds.ts'
import { serveGraphiQL } from './http/graphiql.ts'
import { createGraphQLHandler } from './http/graphql/handler.ts'
import { openPersistedDocuments } from './http/graphql/open-persisted-documents.ts'
import { RequestedDocuments } from './http/graphql/requested-documents.ts'
import { watchHealth } from './http/health.ts'
import { imagesIn } from './http/images.ts'
import { createMetrics } from './http/metrics.ts'
import { listenForMetrics, openMetrics } from './http/metrics-access.ts'
import { serveRest } from './http/rest.ts'
import { serveHttp } from './http/routes.ts'
import { closeHttpServer, createHttpServer, listen } from './http/server.ts'
import { serveWebSockets } from './http/websocket.ts'
import { serveWebSub } from './http/websub.ts'
import type { ReadCacheWatch } from './read-cache/change-watch.ts'
import type { ResponseCache } from './read-cache/response-cache.ts'
import { type AppDeps, openServices, socketLimitsOf } from './services.ts'
import { createWebHandler, WEB_PATHS } from './web/server/routes.ts'

export type { AppDeps } from './services.ts'

export interface App {
  /** The configuration with the actual port and URL. */
  config: Config
  services: Services
  /** What is needed to render feeds. */
  newsfeeds: RenderFeedDeps
  /** The responses that are kept, and what drops them; null if there are none. */
  readCache: { cache: ResponseCache; watch: ReadCacheWatch } | null
  /** Bundles the code of the screens, so that the first request need not wait for it. */
  prepareScreens(): Promise<void>
  /** Reports on /health/ready that the gateway is shutting down, and keeps serving for a time, in ms. */
  drain(delayMs: number): Promise<void>
  /** Stops accepting connections, waits for running requests, and closes within `graceMs`. */
  close(graceMs?: number): Promise<void>
}

/** Opens the services, attaches the handlers of requests to the HTTP server, and listens. */
export async function startApp(deps: AppDeps): Promise<App> {
  const { config: settings, database, log } = deps
  const limits = socketLimitsOf(deps)
  const server = createHttpServer(limits.headersTimeoutMs)
  const opened = await openServices(deps, server, limits)
  const { services, newsfeeds, push, verify, clients, connectionLimiter, revocation, readCache } = opened
  const { now, commentFeeds } = services

  const streams = new Set<IncomingMessage>()
  const admission = { connectionLimiter, revocation, streams }
  const graphqlHandler = createGraphQLHandler({
    config: settings,
    services,
    verify,
    log,
    documents: documentsOf(deps),
    admission,
    readCache,
  })
  const health = watchHealth(database)
  const sockets = serveWebSockets(server, {
    graphqlHandler,
    verify,
    log,
    config: settings,
    limits,
    connectionLimiter,
    revocation,
    now,
  })
  const metrics = createMetrics(
    {
      sockets: () => sockets.load(),
      feeds: () => commentFeeds.size,
      live: services,
      revocation,
      push,
      readCache: readCache?.cache ?? null,
      purges: opened.purges,
    },
    opened.feedMetrics,
  )
  const web = createWebHandler({ config: settings, services, graphqlHandler, readCache, log })
  serveHttp(server, {
    graphqlHandler,
    health,
    metrics: openMetrics(settings, metrics),
    images: imagesIn(join(import.meta.dirname, 'sample/pictures')),
    graphiql: settings.graphiql ? serveGraphiQL(settings, services) : null,
    web: { paths: WEB_PATHS, handle: web.handle, notFound: web.notFound },
    rest: serveRest({ services, verify, clients, log }),
    feeds: createFeedHandler({ newsfeeds, readCache, verify, clients, log }),
    hub: serveWebSub(push, clients),
    now,
  })

  let stopMetrics = async () => {}
  const close = async (graceMs: number) => {
    health.drain()
    await Promise.all([
      closeHttpServer(server, streams, graceMs),
      stopMetrics(),
      sockets.close(graceMs),
      opened.stopSending(graceMs),
    ])
    await opened.close()
    await graphqlHandler.yoga.dispose()
  }
  let config: Config
  try {
    // First, because nobody may connect to a gateway that can't start.
    stopMetrics = await listenForMetrics(settings, metrics)
    config = atPort(settings, await listen(server, settings))
  } catch (error) {
    await close(0)
    throw error
  }
  opened.startSending()

  return {
    config,
    services,
    newsfeeds,
    readCache,
    prepareScreens: () => web.prepare(),
    async drain(delayMs) {
      health.drain()
      if (delayMs > 0) await after(delayMs)
    },
    close: (graceMs = 10_000) => close(graceMs),
  }
}

function documentsOf({ config, persisted, maxAutomaticBytes }: AppDeps): RequestedDocuments {
  const known = persisted ?? openPersistedDocuments(config.persistedDocuments)
  return new RequestedDocuments(known, config.documents, maxAutomaticBytes)
}
