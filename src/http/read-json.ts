import type { IncomingMessage } from 'node:http'
import { InvalidInput } from '../base/errors.ts'
import { readBody } from '../net/read-body.ts'

/** The largest body; all requests are small. */
const MAX_BODY_BYTES = 16 * 1024

/**
 * Reads a request body that is a JSON object.
 * @throws InvalidInput for any other body; UnsupportedEncoding
 */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const value = parseJson(await readBody(request, MAX_BODY_BYTES))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidInput('body', 'Send a JSON object.')
  }
  return value as Record<string, unknown>
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InvalidInput('body', 'The body is not valid JSON.')
  }
}
