import { hash } from 'node:crypto'

/** The SHA-256 of a feed, in hexadecimal. */
export function digestOf({ body }: { body: Buffer }): string {
  return hash('sha256', body, 'hex')
}
