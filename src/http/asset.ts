import { createHash } from 'node:crypto'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { hasTag } from '../net/entity-tag.ts'
import { acceptedEncoding } from './accept-encoding.ts'
import { respond } from './respond.ts'

/** A static file in several content encodings. */
export interface Asset {
  type: string
  /** The hash of the content: 16 hexadecimal digits. */
  hash: string
  /** By Content-Encoding; the best first. */
  encodings: ReadonlyMap<'br' | 'gzip' | 'identity', Buffer>
}

/** For a file whose name changes with its content. */
export const IMMUTABLE = 'public, max-age=31536000, immutable'

/**
 * Compresses a file.
 * @param quality of Brotli, 0 to 11
 */
export async function compressAsset(content: Buffer, type: string, quality: number): Promise<Asset> {
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }),
    promisify(gzip)(content),
  ])
  return {
    type,
    hash: createHash('sha256').update(content).digest('hex').slice(0, 16),
    encodings: new Map([
      ['br', br],
      ['gzip', gz],
      ['identity', content],
    ]),
  }
}

/** Sends a file in an encoding that the client accepts, or 304 if the client has it already. */
export function sendAsset(
  { type, hash, encodings }: Asset,
  { headers }: IncomingMessage,
  response: ServerResponse,
  own: OutgoingHttpHeaders,
): void {
  const encoding = acceptedEncoding(headers['accept-encoding'], encodings.keys())
  const coded = encoding === 'identity' ? null : encoding
  const etag = `"${hash}${coded ? `-${coded}` : ''}"`
  const shared = { ...own, vary: 'accept-encoding', etag }
  const tags = headers['if-none-match']
  if (!encoding) {
    respond(response, 406, { headers: { 'cache-control': 'no-store' } })
  } else if (tags !== undefined && hasTag(tags, hash, coded)) {
    respond(response, 304, { headers: shared })
  } else {
    const body = encodings.get(encoding) as Buffer
    respond(response, 200, {
      type,
      body,
      headers: { ...shared, ...(coded && { 'content-encoding': coded }) },
    })
  }
}
