import type { IncomingMessage } from 'node:http'
import { InvalidInput } from '../errors.ts'

/** Bytes that a subscriber's request may have. */
const MOST = 16_384

/**
 * Reads the fields of a form.
 * @throws InvalidInput when it is none, or too large
 */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';')
  if (type.trim().toLowerCase() !== 'application/x-www-form-urlencoded') {
    throw new InvalidInput('body', 'Send a form: content-type application/x-www-form-urlencoded.')
  }
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > MOST) throw new InvalidInput('body', `A request has ${MOST} bytes at most.`)
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}
