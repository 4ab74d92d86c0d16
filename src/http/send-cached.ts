import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { LruCache } from '../base/lru-cache.ts'
import { type CachedResponse, ENCODINGS, type Encoding } from '../read-cache/cached-response.ts'
import { acceptedEncoding } from './accept-encoding.ts'
import { hasTag } from './entity-tag.ts'

/**
 * Sends a kept response, compressed if the client accepts it, or 304 if the client has it already.
 * @param headers those that all responses of the audience have
 * @param own those of this request
 */
export async function sendCached(
  kept: CachedResponse,
  request: IncomingMessage,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  own?: OutgoingHttpHeaders,
): Promise<void> {
  const encoding = kept.isCompressed ? encodingFor(request.headers['accept-encoding']) : null
  const body = encoding ? (kept.known(encoding) ?? (await kept.encode(encoding))) : kept.body
  const isGet = request.method !== 'POST'
  const tags = request.headers['if-none-match']
  const isUnchanged = isGet && tags !== undefined && hasTag(tags, kept.tag)
  const head: OutgoingHttpHeaders = { ...headers, ...kept.headers }
  // A post is not cached by its URL (RFC 9110, 9.3.3).
  if (isGet) head.etag = encoding ? `"${kept.tag}-${encoding}"` : `"${kept.tag}"`
  else delete head['cache-control']
  if (own) Object.assign(head, own, own.vary ? { vary: `${headers.vary}, ${own.vary}` } : {})
  if (isUnchanged) {
    response.writeHead(304, head).end()
    return
  }
  if (encoding) head['content-encoding'] = encoding
  head['content-type'] = kept.type
  head['content-length'] = body.length
  response.writeHead(200, head).end(body)
}

/** Headers of Accept-Encoding that were read before: clients send few different ones. */
const known = new LruCache<string, { encoding: Encoding | null }>(100)

function encodingFor(header: string | undefined): Encoding | null {
  if (header === undefined) return null
  const found = known.get(header)
  if (found) return found.encoding
  const encoding = acceptedEncoding(header, ENCODINGS)
  if (header.length <= 200) known.set(header, { encoding })
  return encoding
}
