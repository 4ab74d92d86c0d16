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
  /** Bytes of the answer's body that are read; the rest is dropped. 0 by default. */
  read?: number
  /** How they become text: `latin1` keeps each byte as one character. UTF-8 by default. */
  encoding?: 'utf8' | 'latin1'
  signal?: AbortSignal
}

export interface OutboundResponse {
  status: number
  headers: IncomingMessage['headers']
  /** What was read of the body. */
  body: string
}

/** Sends a outbound and gives back what was answered. Redirects are not followed. */
export type SendRequest = (outbound: OutboundRequest) => Promise<OutboundResponse>

/** The address was not dialled: it is not one that we send anything to. */
export class ForbiddenAddress extends Error {}

export interface HttpClientOptions {
  /** Whether this machine itself may be dialled: in development. */
  allowLoopback: boolean
  /** From the beginning to the end of the answer, in ms. */
  timeoutMs?: number
  /** Finds the addresses of a name; by default the name servers do, and in development the machine. */
  resolve?: Resolve
}

/** The longest that anybody may take to answer, in ms. */
export const OUTBOUND_TIMEOUT_MS = 15_000

/**
 * A way out into the Internet for addresses that strangers gave us. The name is looked up when it is dialled,
 * every address that it has is judged, and the one that was judged is the one that is dialled: a name whose
 * address changes in between, or that means a machine of our own network, gains nothing by it.
 */
export function createHttpClient(options: HttpClientOptions): SendRequest {
  const { allowLoopback, timeoutMs = OUTBOUND_TIMEOUT_MS } = options
  const { resolve = allowLoopback ? resolveBySystem : resolveByNameServers() } = options
  const lookup = guardedLookup(resolve, allowLoopback)
  // A connection is made for each outbound: one that the other side is just closing would lose it.
  const agents = {
    'http:': new HttpAgent({ keepAlive: false }),
    'https:': new HttpsAgent({ keepAlive: false }),
  }
  return (outbound) => {
    const url = new URL(outbound.url)
    assertAllowedAddress(url, allowLoopback)
    const timeout = AbortSignal.timeout(timeoutMs)
    const signal = outbound.signal ? AbortSignal.any([outbound.signal, timeout]) : timeout
    const agent = agents[url.protocol as keyof typeof agents]
    return exchange(url, outbound, { lookup, signal, agent })
  }
}

/** @throws ForbiddenAddress for what is no http(s) address, names somebody, or is written as an address of our own network */
export function assertAllowedAddress(url: URL, allowLoopback: boolean): void {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new ForbiddenAddress('only http and https are dialled')
  if (url.username || url.password) throw new ForbiddenAddress('an address with a user name is not dialled')
  // Node does not look up what is an address already.
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
  // Of a 101 that nobody asked for Node tells nothing but this, and no time limit holds from then on.
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

/** The beginning of a body. Who answers without end is cut off. */
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
