import type { IncomingMessage } from 'node:http'
import { InvalidInput, UnsupportedEncoding } from '../base/errors.ts'

/**
 * Reads the body of an HTTP request that Yoga does not read (REST, WebSub, JSON posts).
 *
 * @throws InvalidInput when it is too large or incomplete; UnsupportedEncoding
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  if (isEncoded(request.headers['content-encoding'])) throw new UnsupportedEncoding()
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    // Destroying the request would close the connection before the error response.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length
      if (bytes > maxBytes) break
      chunks.push(chunk as Buffer)
    }
  } catch {
    throw new InvalidInput('body', 'The body is incomplete. Send the whole request again.')
  }
  if (bytes > maxBytes) throw new InvalidInput('body', `The body may be at most ${maxBytes} bytes.`)
  return Buffer.concat(chunks).toString('utf8')
}

/** Whether a Content-Encoding header names an encoding (RFC 9110, 8.4). */
export function isEncoded(header: string | null | undefined): boolean {
  return header != null && !/^\s*(identity\s*)?$/i.test(header)
}

/**
 * Reads the body of a request whose length is known and allowed, faster than `readBody`.
 * @param length in bytes
 * @param use called with the text when it is complete; never if the client disconnects before
 */
export function readText(request: IncomingMessage, length: number, use: (text: string) => void): void {
  const chunks: Buffer[] = []
  let missing = length
  request.on('data', (chunk: Buffer) => {
    missing -= chunk.length
    // Most bodies arrive as one chunk.
    if (missing === 0 && chunks.length === 0) return use(chunk.toString('utf8'))
    chunks.push(chunk)
    if (missing === 0) use(Buffer.concat(chunks).toString('utf8'))
  })
}
