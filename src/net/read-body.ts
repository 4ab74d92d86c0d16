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
 * @param use called once: with the text, or with null when the client has disconnected
 */
export function readText(request: IncomingMessage, use: (text: string | null) => void): void {
  const chunks: Buffer[] = []
  let isDone = false
  const end = (text: string | null) => {
    if (isDone) return
    isDone = true
    use(text)
  }
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => end(textIn(chunks)))
  request.on('close', () => end(null))
}

function textIn(chunks: readonly Buffer[]): string {
  const [first, ...others] = chunks
  return first && others.length === 0 ? first.toString('utf8') : Buffer.concat(chunks).toString('utf8')
}
