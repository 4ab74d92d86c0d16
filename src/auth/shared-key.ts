import type { AuthConfig } from '../config/authentication.ts'
import { developmentIssuer, developmentKey } from './development-key.ts'

/** The only algorithm for keys shared by signer and verifier. */
export const sharedKeyAlgorithm = 'HS256'

/** A configuration with a key that the gateway has itself, and so can sign with. */
export type SharedAuth = Exclude<AuthConfig, { kind: 'jwks' }>

export interface SharedKey {
  readonly key: Uint8Array
  readonly issuer: string
  readonly audience: string
}

/** The UTF-8 bytes of AUTH_SECRET, or the development key, which is created if missing. */
export async function sharedKey(auth: SharedAuth, dataDir: string): Promise<SharedKey> {
  if (auth.kind === 'development') {
    return { key: await developmentKey(dataDir), issuer: developmentIssuer, audience: developmentIssuer }
  }
  return { key: new TextEncoder().encode(auth.secret), issuer: auth.issuer, audience: auth.audience }
}
