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
import type { Config, SettingName } from '../config/config.ts'
import type { FeedDoor } from './feeds.ts'
import type { GraphiQLHandler } from './graphiql.ts'
import type { Gate } from './graphql/handler.ts'
import type { Health } from './health.ts'
import type { Pictures } from './images.ts'
import { giveUpUnread, inTurn } from './unread.ts'

export interface Doors {
  gate: Gate
  health: Health
  metrics: Handler
  pictures: Pictures
  /** GraphiQL's page and its assets; null where it is not served. */
  graphiql: GraphiQLHandler | null
  /** Where / leads to. */
  home: () => string
  /** Everything under /feeds/. */
  feeds: FeedDoor
  /** Everything under /syndication/. */
  rest: Handler
  /** The WebSub hub. */
  hub: Handler
  /** The clock. */
  now: () => Date
}

export type Handler = (request: IncomingMessage, response: ServerResponse, path: string) => unknown

/** A path by itself, or everything whose path begins with it. */
type Route = [kind: 'exact' | 'under', at: string, handle: Handler]

/** For a whole request to arrive, in ms. */
const REQUEST_WAIT = 30_000

/**
 * How long a connection without a request stays, in ms. Longer than proxies keep theirs (most 60 s): the one
 * that closes first must be the one that sends, or its next request meets a closed connection.
 */
const IDLE_WAIT = 75_000

/** The longest list of media types that a client may send, in bytes; a browser's has about 200. */
const MAX_ACCEPT_LENGTH = 1_024

/**
 * Slow senders are cut off. Node looks for them every 30 s unless told otherwise, which would add as much to
 * each limit.
 */
function timeouts(headersWait: number): ServerOptions {
  return {
    headersTimeout: headersWait,
    keepAliveTimeout: IDLE_WAIT,
    requestTimeout: Math.max(REQUEST_WAIT, headersWait),
    connectionsCheckingInterval: Math.min(2_000, headersWait / 4),
  }
}

/**
 * The HTTP server and its list of routes.
 * @param headersWait for a client to send a request's headers, in ms
 */
export function createHttpServer(doors: Doors, headersWait: number): Server {
  const routes: Route[] = [
    ['exact', '/graphql', (request, response) => graphql(doors, request, response)],
    [
      'under',
      '/graphiql/',
      (request, response, path) => doors.graphiql?.asset(request, response, path) ?? nothing(response),
    ],
    ['exact', '/health/live', (_request, response) => answer(response, 200, 'text/plain', 'live\n')],
    ['exact', '/health/ready', (_request, response) => ready(doors.health, response)],
    ['exact', '/metrics', doors.metrics],
    ['under', '/syndication/', doors.rest],
    ['exact', '/websub', doors.hub],
    ['under', '/pictures/', (_request, response, path) => picture(doors.pictures, response, path)],
    ['exact', '/feeds', (request, response) => doors.feeds(request, response)],
    ['under', '/feeds/', (request, response) => doors.feeds(request, response)],
    ['exact', '/', (_request, response) => response.writeHead(302, { location: doors.home() }).end()],
  ]
  const server = createServer(timeouts(headersWait), (request, response) => {
    response.setHeader('x-content-type-options', 'nosniff')
    // A connection that is kept busy would keep a server that closes from closing.
    if (!server.listening) response.setHeader('connection', 'close')
    if (!isHost(request.headers.host))
      return answer(response, 400, 'text/plain', 'The Host header is no host.\n')
    if ((request.headers.accept?.length ?? 0) > MAX_ACCEPT_LENGTH) {
      return answer(
        response,
        431,
        'text/plain',
        `The Accept header is longer than ${MAX_ACCEPT_LENGTH} bytes.\n`,
      )
    }
    const path = (request.url ?? '/').split('?', 1)[0] as string
    const route = routes.find(([kind, at]) => (kind === 'exact' ? path === at : path.startsWith(at)))
    if (!route) return nothing(response)
    inTurn(request, response, () => {
      Promise.resolve(route[2](request, response, path)).catch(() => response.destroy())
    })
  })
  giveUpUnread(server)
  return server
}

/**
 * Listens where the configuration says.
 * @param setting which names the port
 * @returns the port
 * @throws SetupError when the address can't be had
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
        `${setting} ${port} is in use on ${host}: stop what uses it, or set ${setting} to another one.`,
      )
    }
    if (code === 'EACCES')
      throw new SetupError(`${setting} ${port} may not be used by this user: set ${setting} above 1023.`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new SetupError(`HOST ${host} is no address of this machine: set HOST to one that is.`)
    }
    throw error
  }
  return (server.address() as AddressInfo).port
}

/**
 * Lets no new connection in, answers what was asked, and cuts off who is not done in time. Event streams
 * are cut: a client that sees its stream cut comes back, one that sees it completed does not.
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

/** Whether a Host header is one (RFC 9110, 7.2). HTTP/1.0 has none, and it may be empty. */
function isHost(host: string | undefined): boolean {
  return !host || (!/[\s/?#@\\]/.test(host) && URL.canParse(`http://${host}`))
}

function answer(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` }).end(body)
}

async function ready(health: Health, response: ServerResponse): Promise<void> {
  const trouble = await health.trouble()
  answer(response, trouble ? 503 : 200, 'text/plain', `${trouble ?? 'ready'}\n`)
}

/** Browsers that ask for a page are shown GraphiQL; everything else is an operation. */
function graphql(doors: Doors, request: IncomingMessage, response: ServerResponse): unknown {
  const asksForPage = request.method === 'GET' && request.headers.accept?.includes('text/html')
  if (asksForPage && doors.graphiql) return doors.graphiql.page(request, response)
  return doors.gate(request, response, { askedAt: doors.now() })
}

function nothing(response: ServerResponse): void {
  answer(response, 404, 'text/plain', 'There is nothing at this address; try /graphql\n')
}

async function picture(pictures: Pictures, response: ServerResponse, path: string): Promise<void> {
  const body = await pictures.read(path.slice('/pictures/'.length))
  if (!body) return answer(response, 404, 'text/plain', 'There is no such picture.\n')
  response.setHeader('cache-control', 'public, max-age=86400')
  // A picture is not a page: nothing in it may run.
  response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
  response.setHeader('access-control-allow-origin', '*')
  answer(response, 200, 'image/svg+xml', body)
}
