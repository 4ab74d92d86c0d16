import type { IncomingMessage } from 'node:http'
import { InvalidInput } from '../errors.ts'

/** The largest body, in bytes: there is nothing long to say here. */
const MAX_BODY = 16 * 1024

/**
 * Reads the JSON object that a request carries.
 * @throws InvalidInput for anything else
 */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY) throw new InvalidInput('body', `The body may be at most ${MAX_BODY} bytes.`)
    chunks.push(chunk)
  }
  const value = parsed(Buffer.concat(chunks).toString('utf8'))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidInput('body', 'Send a JSON object.')
  }
  return value as Record<string, unknown>
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InvalidInput('body', 'The body is not JSON.')
  }
}
