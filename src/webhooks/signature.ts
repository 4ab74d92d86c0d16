import { createHmac, randomBytes } from 'node:crypto'

/** What is signed (Standard Webhooks, "Signature scheme"). */
export interface Signed {
  id: string
  /** When it is sent, in whole seconds since 1970. */
  timestamp: number
  body: string
}

const SECRET_PREFIX = 'whsec_'

/** Random bytes of a secret; the specification asks for 24 to 64. */
const SECRET_BYTES = 32

/** A new secret, as the specification writes it: base 64 behind "whsec_". */
export function newSecret(): string {
  return SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64')
}

/** The header "webhook-signature": one for each secret, so that receivers may change over in their own time. */
export function signatures({ id, timestamp, body }: Signed, secrets: readonly string[]): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
    })
    .join(' ')
}
