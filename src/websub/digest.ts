import { hash } from 'node:crypto'

/** SHA-256 of a feed's bytes, in hexadecimal. */
export function digestOf({ body }: { body: Buffer }): string {
  return hash('sha256', body, 'hex')
}
