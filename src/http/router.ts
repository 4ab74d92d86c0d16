import type { IncomingMessage, ServerResponse } from 'node:http'
import { respondText } from './respond.ts'

/** Handles a request. @param path the path of the URL, without the query */
export type Handler = (request: IncomingMessage, response: ServerResponse, path: string) => unknown

export interface Route {
  /** `/feeds` is exactly this path, `/feeds/*` every path that begins with `/feeds/`. */
  paths: readonly string[]
  /** The allowed methods; all when absent. GET includes HEAD. */
  methods?: readonly string[]
  /** The text for other methods. */
  otherMethods?: string
  handle: Handler
}

/**
 * Passes requests to the first route that fits the path: 405 if it does not allow the method, 404 if there is
 * none. A router is a handler, so that it can be a route of another one.
 * @param notFound the text for paths without a route, or their handler
 */
export function createRouter(routes: readonly Route[], notFound: string | Handler): Handler {
  return (request, response, path) => {
    const route = routes.find(({ paths }) => paths.some((pattern) => matches(pattern, path)))
    if (!route) {
      if (typeof notFound === 'function') return notFound(request, response, path)
      return respondText(response, 404, notFound, NO_STORE)
    }
    const { methods, otherMethods, handle } = route
    if (!methods || methods.includes(methodOf(request))) return handle(request, response, path)
    const text = otherMethods ?? `Use ${methods.join(' or ')} for this path.`
    respondText(response, 405, text, { ...NO_STORE, allow: methods.join(', ') })
  }
}

/** The path of a request, without the query. */
export function pathOf({ url = '/' }: IncomingMessage): string {
  const end = url.indexOf('?')
  return end < 0 ? url : url.slice(0, end)
}

/** Whether the client is a browser that navigates to a page. */
export function wantsPage({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && Boolean(headers.accept?.includes('text/html'))
}

/** A path that does not exist today may exist after the next update. */
export const NO_STORE = { 'cache-control': 'no-store' }

function matches(pattern: string, path: string): boolean {
  return pattern.endsWith('/*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
}

function methodOf({ method = '' }: IncomingMessage): string {
  return method === 'HEAD' ? 'GET' : method
}
