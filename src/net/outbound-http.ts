import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isAllowedAddress } from './reserved-addresses.ts'
import { type Resolve, resolveByNameServers, resolveBySystem } from './resolver.ts'

export interface OutboundRequest {
  method: 'GET' | 'POST'
  url: string
  headers?: Record<string, string>
  body?: string | Buffer
  /** Bytes of the response body to read; the rest is discarded. 0 by default. */
  read?: number
  /** The encoding of the body: `latin1` keeps each byte as one character. UTF-8 by default. */
  encoding?: 'utf8' | 'latin1'
  signal?: AbortSignal
}

export interface OutboundResponse {
  status: number
  headers: IncomingMessage['headers']
  /** The part of the body that was read. */
  body: string
}

/** Sends a request and returns the response. Redirects are not followed. */
export type SendRequest = (outbound: OutboundRequest) => Promise<OutboundResponse>

/** The request was not sent because its address is not allowed. */
export class ForbiddenAddress extends Error {}

export interface HttpClientOptions {
  /** Whether loopback addresses are allowed, for development. */
  allowLoopback: boolean
  /** Whether each address is allowed: only for a URL that the operator has set. */
  allowAnyAddress?: boolean
  /** The timeout of the whole exchange, in ms. */
  timeoutMs?: number
  /** Resolves host names; by default with name servers, in development like the operating system. */
  resolve?: Resolve
}

/** The default timeout, in ms. */
export const OUTBOUND_TIMEOUT_MS = 15_000

/**
 * An HTTP client for URLs that third parties provide. It resolves the name itself, checks every address, and
 * connects to the checked address, so that a name whose address changes in between (DNS rebinding), or that
 * resolves to our own network, is refused.
 */
export function createHttpClient(options: HttpClientOptions): SendRequest {
  const { allowLoopback, allowAnyAddress = false, timeoutMs = OUTBOUND_TIMEOUT_MS } = options
  const { resolve = allowLoopback ? resolveBySystem : resolveByNameServers() } = options
  // Node resolves names like the operating system.
  const lookup = allowAnyAddress ? undefined : guardedLookup(resolve, allowLoopback)
  // No keep-alive: a request would be lost on a connection that the receiver is just closing.
  const agents = {
    'http:': new HttpAgent({ keepAlive: false }),
    'https:': new HttpsAgent({ keepAlive: false }),
  }
  return (outbound) => {
    const url = new URL(outbound.url)
    if (!allowAnyAddress) assertAllowedAddress(url, allowLoopback)
    const timeout = AbortSignal.timeout(timeoutMs)
    const signal = outbound.signal ? AbortSignal.any([outbound.signal, timeout]) : timeout
    const agent = agents[url.protocol as keyof typeof agents]
    return exchange(url, outbound, { lookup, signal, agent })
  }
}

/**
 * @throws ForbiddenAddress for a URL that is not http(s), contains credentials, or has a reserved IP address
 */
export function assertAllowedAddress(url: URL, allowLoopback: boolean): void {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new ForbiddenAddress('only http and https are allowed')
  if (url.username || url.password) throw new ForbiddenAddress('a URL with a user name is not allowed')
  // Node does not resolve IP addresses, so they are checked here.
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) && !isAllowedAddress(host, { allowLoopback }))
    throw new ForbiddenAddress(`${host} is not a public address`)
}

function guardedLookup(resolve: Resolve, allowLoopback: boolean): LookupFunction {
  return (name, options, callback) => {
    resolve(name).then(
      (found) => {
        const wrong = found.find(({ address }) => !isAllowedAddress(address, { allowLoopback }))
        const first = found[0]
        if (wrong) return callback(new ForbiddenAddress(`${name} has an address that is not public`), '')
        if (!first) return callback(new ForbiddenAddress(`${name} has no address`), '')
        if (options.all) return callback(null, found)
        callback(null, first.address, first.family)
      },
      (error) => callback(error, ''),
    )
  }
}

function exchange(url: URL, outbound: OutboundRequest, options: RequestOptions): Promise<OutboundResponse> {
  const { method, headers, body, read = 0, encoding = 'utf8' } = outbound
  const { promise, resolve, reject } = Promise.withResolvers<OutboundResponse>()
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const request = send(url, {
    ...options,
    method,
    headers: { 'user-agent': 'Dateline', accept: '*/*', ...length, ...headers },
    maxHeaderSize: 16_384,
  })
  request.on('error', (error) => reject(options.signal?.aborted ? options.signal.reason : error))
  let isAnswered = false
  // After an unexpected 101 Node emits only this event, and no timeout applies any more.
  request.on('close', () => {
    if (!isAnswered) reject(new Error('the connection ended without an answer'))
  })
  request.on('response', (response) => {
    isAnswered = true
    response.on('error', () => {})
    readSome(response, read, encoding).then((text) => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text })
      request.destroy()
    }, reject)
  })
  request.end(body)
  return promise
}

/** The beginning of a body. An endless response is cut off. */
async function readSome(
  response: IncomingMessage,
  bytes: number,
  encoding: 'utf8' | 'latin1',
): Promise<string> {
  if (bytes === 0) return ''
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= bytes) break
  }
  return Buffer.concat(chunks).subarray(0, bytes).toString(encoding)
}
