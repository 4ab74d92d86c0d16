import { createHmac, randomBytes } from 'node:crypto'

/** What is signed (Standard Webhooks, "Signature scheme"). */
export interface Signed {
  id: string
  /** When it is sent, in whole seconds since 1970. */
  timestamp: number
  body: string
}

const PREFIX = 'whsec_'

/** Random bytes of a secret; the specification asks for 24 to 64. */
const BYTES = 32

/** A new secret, as the specification writes it: base 64 behind "whsec_". */
export function newSecret(): string {
  return PREFIX + randomBytes(BYTES).toString('base64')
}

/** The header "webhook-signature": one for each secret, so that receivers may change over in their own time. */
export function signatures({ id, timestamp, body }: Signed, secrets: readonly string[]): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
    })
    .join(' ')
}
