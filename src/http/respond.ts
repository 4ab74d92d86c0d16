import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

// Every whole response is written here, except kept ones (send-cached.ts) and those that GraphQL Yoga writes.

/** Each response has this header: browsers must not guess the type of a body. */
export const NO_SNIFFING = ['x-content-type-options', 'nosniff'] as const

interface Content {
  /** The value of Content-Type; none for a response without a body. */
  type?: string
  body?: string | Buffer
  headers?: OutgoingHttpHeaders
}

/** Sends a response. Node leaves out the body where a request must not get one (HEAD, 304). */
export function respond(response: ServerResponse, status: number, content: Content = {}): void {
  const { type, body, headers } = content
  const length = body !== undefined && status !== 304 ? { 'content-length': Buffer.byteLength(body) } : {}
  // With the length, Node sends the head and the body with one write, and not in chunks.
  const [name, value] = NO_SNIFFING
  const own = { ...headers, [name]: value, ...(type ? { 'content-type': type } : {}), ...length }
  response.writeHead(status, own).end(body)
}

/** Sends one line of text for a person. */
export function respondText(
  response: ServerResponse,
  status: number,
  text: string,
  headers?: OutgoingHttpHeaders,
): void {
  respond(response, status, { type: 'text/plain; charset=utf-8', body: `${text}\n`, headers })
}

export function respondHtml(response: ServerResponse, html: string, headers?: OutgoingHttpHeaders): void {
  respond(response, 200, { type: 'text/html; charset=utf-8', body: html, headers })
}

/**
 * Sends JSON that is made for this client and moment, so that nobody may cache it.
 * @param value a buffer is JSON text with its line end already
 */
export function respondJson(
  response: ServerResponse,
  status: number,
  value: object,
  headers?: OutgoingHttpHeaders,
): void {
  const type = 'application/json; charset=utf-8'
  const body = Buffer.isBuffer(value) ? value : `${JSON.stringify(value)}\n`
  respond(response, status, { type, body, headers: { 'cache-control': 'no-store', ...headers } })
}

export function redirect(response: ServerResponse, status: 302 | 308, location: string): void {
  respond(response, status, { headers: { location } })
}
