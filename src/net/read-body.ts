import type { IncomingMessage } from 'node:http'
import { InvalidInput, UnsupportedEncoding } from '../base/errors.ts'

/**
 * Reads the body of a plain HTTP request (REST, WebSub).
 *
 * @param maxBytes the most it may have
 * @throws InvalidInput when it is larger, or when the client left in the middle of it; UnsupportedEncoding
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  if (isEncoded(request.headers['content-encoding'])) throw new UnsupportedEncoding()
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    // Destroyed, the request would take the connection with it, and the client would not learn why.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length
      if (bytes > maxBytes) break
      chunks.push(chunk as Buffer)
    }
  } catch {
    throw new InvalidInput('body', 'The body broke off. Send the whole request again.')
  }
  if (bytes > maxBytes) throw new InvalidInput('body', `The body may be at most ${maxBytes} bytes.`)
  return Buffer.concat(chunks).toString('utf8')
}

/** Whether a Content-Encoding header names an encoding (RFC 9110, 8.4). */
export function isEncoded(header: string | null | undefined): boolean {
  return header != null && !/^\s*(identity\s*)?$/i.test(header)
}
