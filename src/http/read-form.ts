import type { IncomingMessage } from 'node:http'
import { InvalidInput } from '../base/errors.ts'
import { readBody } from '../net/read-body.ts'

const MAX_BODY_BYTES = 16_384

/**
 * Reads a form.
 * @throws InvalidInput if it is not a form or too large; UnsupportedEncoding
 */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';')
  if (type.trim().toLowerCase() !== 'application/x-www-form-urlencoded') {
    throw new InvalidInput('body', 'Send a form with the content-type application/x-www-form-urlencoded.')
  }
  return new URLSearchParams(await readBody(request, MAX_BODY_BYTES))
}
