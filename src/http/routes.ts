import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { FeedHandler } from './feeds.ts'
import type { GraphiQLHandler } from './graphiql.ts'
import type { GraphQLHandler } from './graphql/handler.ts'
import type { Health } from './health.ts'
import type { Images } from './images.ts'
import { NO_SNIFFING, respond, respondText } from './respond.ts'
import { createRouter, type Handler, NO_STORE, pathOf, wantsPage } from './router.ts'
import { answerInOrder, destroyUnread } from './unread.ts'

export interface WebRoutes {
  paths: readonly string[]
  handle: Handler
  /** The page for browsers at a path that does not exist; null if the reader's pages are off. */
  notFound: Handler | null
}

export interface Handlers {
  graphqlHandler: GraphQLHandler
  health: Health
  metrics: Handler
  images: Images
  /** GraphiQL's page and assets; null when it is disabled. */
  graphiql: GraphiQLHandler | null
  /** The screens: the reader's pages, the widget and the desk. */
  web: WebRoutes
  /** Everything under /feeds/. */
  feeds: FeedHandler
  /** Everything under /syndication/. */
  rest: Handler
  /** The WebSub hub. */
  hub: Handler
  /** The clock. */
  now: () => Date
}

/** Attaches the routes to a server. */
export function serveHttp(server: Server, handlers: Handlers): void {
  const route = routesOf(handlers)
  server.on('request', (request, response) => {
    const path = pathOf(request)
    // Handlers of kept responses set it themselves: these have all their headers in one list.
    if (path !== GRAPHQL && !path.startsWith(FEEDS)) response.setHeader(...NO_SNIFFING)
    // A busy keep-alive connection would keep a closing server open.
    if (!server.listening) response.setHeader('connection', 'close')
    if (!isHost(request.headers.host)) return respondText(response, 400, 'The Host header is not valid.')
    if ((request.headers.accept?.length ?? 0) > MAX_ACCEPT_BYTES) {
      return respondText(response, 431, `The Accept header is longer than ${MAX_ACCEPT_BYTES} bytes.`)
    }
    answerInOrder(request, response, () => {
      const handling = route(request, response, path)
      if (handling instanceof Promise) handling.catch(() => response.destroy())
    })
  })
  destroyUnread(server)
}

const GRAPHQL = '/graphql'
const FEEDS = '/feeds/'

/** The longest Accept header, in bytes; a browser's has about 200. */
const MAX_ACCEPT_BYTES = 1_024

/** All paths of the gateway. Websockets are opened on /graphql, too: see websocket.ts. */
function routesOf(handlers: Handlers): Handler {
  const { graphiql, health, images, web } = handlers
  return createRouter(
    [
      { paths: [GRAPHQL], handle: (request, response) => graphql(handlers, request, response) },
      ...(graphiql ? [{ paths: ['/graphiql/*'], handle: graphiql.asset }] : []),
      { paths: ['/health/live'], handle: (_request, response) => respondText(response, 200, 'live') },
      { paths: ['/health/ready'], handle: (_request, response) => ready(health, response) },
      { paths: ['/metrics'], handle: handlers.metrics },
      { paths: ['/syndication/*'], handle: handlers.rest },
      {
        paths: ['/websub'],
        methods: ['POST'],
        otherMethods: 'This is a WebSub hub. Send a POST request with hub.mode, hub.topic and hub.callback.',
        handle: handlers.hub,
      },
      { paths: ['/pictures/*'], handle: (_request, response, path) => image(images, response, path) },
      {
        paths: ['/feeds', '/feeds/*'],
        methods: ['GET', 'HEAD'],
        otherMethods: 'Feeds support only GET and HEAD.',
        handle: handlers.feeds,
      },
      web,
    ],
    (request, response, path) => {
      if (web.notFound && wantsPage(request)) return web.notFound(request, response, path)
      respondText(response, 404, 'This path does not exist. The API is at /graphql.', NO_STORE)
    },
  )
}

/** Serves GraphiQL to browsers that navigate to /graphql; all other requests are operations. */
function graphql(handlers: Handlers, request: IncomingMessage, response: ServerResponse): unknown {
  if (handlers.graphiql && request.method === 'GET' && wantsPage(request)) {
    response.setHeader(...NO_SNIFFING)
    return handlers.graphiql.page(request, response)
  }
  return handlers.graphqlHandler.handle(request, response, { receivedAt: handlers.now() })
}

async function ready(health: Health, response: ServerResponse): Promise<void> {
  const problem = await health.problem()
  respondText(response, problem ? 503 : 200, problem ?? 'ready')
}

async function image(images: Images, response: ServerResponse, path: string): Promise<void> {
  const body = await images.read(path.slice('/pictures/'.length))
  if (!body) return respondText(response, 404, 'This image does not exist.')
  respond(response, 200, {
    type: 'image/svg+xml; charset=utf-8',
    body,
    headers: {
      'cache-control': 'public, max-age=86400',
      // An image is not a page: no script in it may run.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      'access-control-allow-origin': '*',
    },
  })
}

/** Whether a Host header is valid (RFC 9110, 7.2). HTTP/1.0 has none, and it may be empty. */
function isHost(host: string | undefined): boolean {
  if (!host || host === lastHost) return true
  const isValid = !/[\s/?#@\\]/.test(host) && URL.canParse(`http://${host}`)
  if (isValid) lastHost = host
  return isValid
}

/** The last valid Host header: most requests have the same one. */
let lastHost = ''
