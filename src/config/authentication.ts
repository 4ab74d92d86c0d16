import { SetupError } from '../base/errors.ts'
import { anyText, jwksAddress, sharedSecret } from './parse.ts'
import { type Environment, settingReader } from './settings.ts'

/** How tokens are verified: by the outlet's identity provider, a shared secret, or the development key. */
export type AuthConfig =
  | { readonly kind: 'jwks'; readonly url: string; readonly issuer: string; readonly audience: string }
  | { readonly kind: 'secret'; readonly secret: string; readonly issuer: string; readonly audience: string }
  | { readonly kind: 'development' }

/** @throws SetupError for a setting that is missing or contradicts another one */
export function readAuthentication(env: Environment, development: boolean): AuthConfig {
  const read = settingReader(env)
  const url = read('AUTH_JWKS_URL', jwksAddress)
  const secret = read('AUTH_SECRET', sharedSecret)
  const issuer = read('AUTH_ISSUER', anyText)
  const audience = read('AUTH_AUDIENCE', anyText)
  if (url && secret) {
    throw new SetupError(
      'AUTH_JWKS_URL and AUTH_SECRET are both set: keep only the one with which your tokens can be verified.',
    )
  }
  if (url || secret) {
    const key = url ? 'AUTH_JWKS_URL' : 'AUTH_SECRET'
    if (!issuer)
      throw new SetupError(
        `AUTH_ISSUER is missing: it is required with ${key}. Set it to the "iss" of your tokens.`,
      )
    if (!audience) {
      throw new SetupError(
        `AUTH_AUDIENCE is missing: it is required with ${key}. Set it to the "aud" of your tokens.`,
      )
    }
    if (url) return { kind: 'jwks', url, issuer, audience }
    if (secret) return { kind: 'secret', secret, issuer, audience }
  }
  if (issuer || audience) {
    const half = issuer ? 'AUTH_ISSUER' : 'AUTH_AUDIENCE'
    throw new SetupError(`${half} is set without a key: set AUTH_JWKS_URL or AUTH_SECRET too.`)
  }
  if (!development) {
    throw new SetupError(
      'AUTH_JWKS_URL or AUTH_SECRET is missing: set one, with AUTH_ISSUER and AUTH_AUDIENCE. They are optional only in ' +
        'development (HOST and PUBLIC_URL on loopback, no TRUSTED_PROXIES, and not NODE_ENV=production).',
    )
  }
  return { kind: 'development' }
}
