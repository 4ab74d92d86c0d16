import { createHmac, randomBytes } from 'node:crypto'

/** The signed content (Standard Webhooks, "Signature scheme"). */
export interface Signed {
  id: string
  /** The time of sending, in seconds since 1970. */
  timestamp: number
  body: string
}

const SECRET_PREFIX = 'whsec_'

/** The random bytes of a secret; the specification requires 24 to 64. */
const SECRET_BYTES = 32

/** Creates a secret: base64 after "whsec_". */
export function newSecret(): string {
  return SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64')
}

/**
 * The header "webhook-signature": one signature per secret, so that receivers can switch during the overlap.
 */
export function signatures({ id, timestamp, body }: Signed, secrets: readonly string[]): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
    })
    .join(' ')
}
