import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { SetupError } from '../base/errors.ts'
import { atPort, type Config } from '../config/config.ts'
import type { SettingName } from '../config/settings.ts'
import type { FeedHandler } from './feeds.ts'
import type { GraphiQLHandler } from './graphiql.ts'
import type { GraphQLHandler } from './graphql/handler.ts'
import type { Health } from './health.ts'
import type { Images } from './images.ts'
import { answerInOrder, destroyUnread } from './unread.ts'

export interface Handlers {
  graphqlHandler: GraphQLHandler
  health: Health
  metrics: Handler
  images: Images
  /** GraphiQL's page and assets; null when it is disabled. */
  graphiql: GraphiQLHandler | null
  /** The target of the redirect from /. */
  home: () => string
  /** Everything under /feeds/. */
  feeds: FeedHandler
  /** Everything under /syndication/. */
  rest: Handler
  /** The WebSub hub. */
  hub: Handler
  /** The clock. */
  now: () => Date
}

export type Handler = (request: IncomingMessage, response: ServerResponse, path: string) => unknown

/** Matches one path, or all paths with a prefix. */
type Route = [kind: 'exact' | 'under', at: string, handle: Handler]

/** How long a whole request may take to arrive, in ms. */
const REQUEST_TIMEOUT_MS = 30_000

/**
 * How long an idle connection stays open, in ms. Longer than proxies keep theirs (most 60 s): if the server
 * closed first, a proxy's next request could meet a closed connection.
 */
const KEEP_ALIVE_TIMEOUT_MS = 75_000

/** The longest Accept header, in bytes; a browser's has about 200. */
const MAX_ACCEPT_BYTES = 1_024

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

/** Attaches the routes to a server. */
export function serveHttp(server: Server, handlers: Handlers): void {
  const routes: Route[] = [
    ['exact', '/graphql', (request, response) => graphql(handlers, request, response)],
    [
      'under',
      '/graphiql/',
      (request, response, path) =>
        handlers.graphiql?.asset(request, response, path) ?? respondNotFound(response),
    ],
    ['exact', '/health/live', (_request, response) => respond(response, 200, 'text/plain', 'live\n')],
    ['exact', '/health/ready', (_request, response) => ready(handlers.health, response)],
    ['exact', '/metrics', handlers.metrics],
    ['under', '/syndication/', handlers.rest],
    ['exact', '/websub', handlers.hub],
    ['under', '/pictures/', (_request, response, path) => image(handlers.images, response, path)],
    ['exact', '/feeds', (request, response) => handlers.feeds(request, response)],
    ['under', '/feeds/', (request, response) => handlers.feeds(request, response)],
    ['exact', '/', (_request, response) => response.writeHead(302, { location: handlers.home() }).end()],
  ]
  server.on('request', (request, response) => {
    response.setHeader('x-content-type-options', 'nosniff')
    // A busy keep-alive connection would keep a closing server open.
    if (!server.listening) response.setHeader('connection', 'close')
    if (!isHost(request.headers.host))
      return respond(response, 400, 'text/plain', 'The Host header is not valid.\n')
    if ((request.headers.accept?.length ?? 0) > MAX_ACCEPT_BYTES) {
      return respond(
        response,
        431,
        'text/plain',
        `The Accept header is longer than ${MAX_ACCEPT_BYTES} bytes.\n`,
      )
    }
    const path = (request.url ?? '/').split('?', 1)[0] as string
    const route = routes.find(([kind, at]) => (kind === 'exact' ? path === at : path.startsWith(at)))
    if (!route) return respondNotFound(response)
    answerInOrder(request, response, () => {
      Promise.resolve(route[2](request, response, path)).catch(() => response.destroy())
    })
  })
  destroyUnread(server)
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
      throw new SetupError(`HOST ${host} is not an address of this machine: set HOST to one that is.`)
    }
    throw error
  }
  return (server.address() as AddressInfo).port
}

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
  const sweep = setInterval(() => {
    for (const { socket } of streams) socket.destroy()
    server.closeIdleConnections()
  }, 50)
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearInterval(sweep)
  clearTimeout(cut)
}

/** Whether a Host header is valid (RFC 9110, 7.2). HTTP/1.0 has none, and it may be empty. */
function isHost(host: string | undefined): boolean {
  return !host || (!/[\s/?#@\\]/.test(host) && URL.canParse(`http://${host}`))
}

function respond(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` }).end(body)
}

async function ready(health: Health, response: ServerResponse): Promise<void> {
  const problem = await health.problem()
  respond(response, problem ? 503 : 200, 'text/plain', `${problem ?? 'ready'}\n`)
}

/** Serves GraphiQL to browsers that navigate to /graphql; all other requests are operations. */
function graphql(handlers: Handlers, request: IncomingMessage, response: ServerResponse): unknown {
  const wantsPage = request.method === 'GET' && request.headers.accept?.includes('text/html')
  if (wantsPage && handlers.graphiql) return handlers.graphiql.page(request, response)
  return handlers.graphqlHandler(request, response, { receivedAt: handlers.now() })
}

function respondNotFound(response: ServerResponse): void {
  respond(response, 404, 'text/plain', 'This path does not exist. Try /graphql.\n')
}

async function image(images: Images, response: ServerResponse, path: string): Promise<void> {
  const body = await images.read(path.slice('/pictures/'.length))
  if (!body) return respond(response, 404, 'text/plain', 'This image does not exist.\n')
  response.setHeader('cache-control', 'public, max-age=86400')
  // An image is not a page: no script in it may run.
  response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
  response.setHeader('access-control-allow-origin', '*')
  respond(response, 200, 'image/svg+xml', body)
}
