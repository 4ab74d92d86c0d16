import { createRemoteJWKSet, errors, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose'
import { NotSignedIn, TemporarilyUnavailable } from '../base/errors.ts'
import type { AuthConfig } from '../config/authentication.ts'
import { looksLikeKey } from './api-key.ts'
import { viewerFrom } from './claims.ts'
import { sharedKey, sharedKeyAlgorithm } from './shared-key.ts'
import type { SignInLimit } from './sign-in-limit.ts'
import { anonymous, type Viewer } from './viewer.ts'

/** The accepted clock difference to the issuer, in seconds, for `exp` and `nbf`. */
export const clockToleranceSeconds = 10

/**
 * Signature algorithms accepted from a JWKS. All are asymmetric: a public key must never be used as a secret.
 */
export const jwksAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]

/** The longest authorization, in characters: a token may have 8,192. */
const MAX_AUTHORIZATION_LENGTH = 'Bearer '.length + 8192

/**
 * Verifies an `Authorization` value, from a header or from `connection_init`.
 * @param network the client's address, or its /64 for IPv6, for which failures are counted
 */
export type Verify = (authorization: string | null | undefined, network?: string) => Promise<Viewer>

interface VerifierOptions {
  now?: () => Date
  /** How long the JWKS is not read again for an unknown key id, in ms. */
  jwksCooldownMs?: number
  /** Finds the partner of a key; without it no keys are accepted. */
  partnerWithKey?: (key: string) => Promise<Viewer>
  /** Counts failures; without it failures are not limited. */
  signIns?: SignInLimit
}

/**
 * Creates the verification that all transports share.
 *
 * Without an authorization the viewer is anonymous. Otherwise it must be `Bearer <jwt>` or `Bearer` and a
 * partner's key; "Bearer" is case-insensitive (RFC 9110, 11.1). The returned function throws NotSignedIn for
 * an authorization that is not accepted, without details that would help to forge one; RateLimited after too
 * many failures from one address; TemporarilyUnavailable when the keys can't be read.
 *
 * @throws SetupError when the development key can't be stored in `dataDir`
 */
export async function createVerifier(
  auth: AuthConfig,
  dataDir: string,
  { now = () => new Date(), jwksCooldownMs = 30_000, partnerWithKey, signIns }: VerifierOptions = {},
): Promise<Verify> {
  const { getKey, issuer, audience, algorithms } = await trustedKeys(auth, dataDir, jwksCooldownMs)
  const rules: JWTVerifyOptions = {
    algorithms,
    issuer,
    audience,
    requiredClaims: ['exp'],
    clockTolerance: clockToleranceSeconds,
  }
  const verified = async (authorization: string) => {
    const credentials = credentialsIn(authorization)
    if (looksLikeKey(credentials) && partnerWithKey) return partnerWithKey(credentials)
    const { payload } = await jwtVerify(credentials, getKey, {
      ...rules,
      currentDate: now(),
    }).catch(refuse)
    const expiresAt = new Date(((payload.exp ?? 0) + clockToleranceSeconds) * 1000)
    const viewer = Number.isNaN(expiresAt.getTime()) ? null : viewerFrom(payload, expiresAt)
    if (!viewer) throw new NotSignedIn('The claims of the token are not valid. See docs/configuration.md.')
    return viewer
  }
  return async (authorization, network) => {
    if (authorization === null || authorization === undefined) return anonymous
    if (!signIns || network === undefined) return verified(authorization)
    const secret = authorization.slice(0, MAX_AUTHORIZATION_LENGTH).replace(/^Bearer +/i, '')
    return signIns.guard(network, secret, () => verified(authorization))
  }
}

interface TrustedKeys {
  getKey: JWTVerifyGetKey
  issuer: string
  audience: string
  algorithms: string[]
}

async function trustedKeys(auth: AuthConfig, dataDir: string, jwksCooldownMs: number): Promise<TrustedKeys> {
  if (auth.kind === 'jwks') {
    const { issuer, audience } = auth
    return { getKey: remoteKeys(auth.url, jwksCooldownMs), issuer, audience, algorithms: jwksAlgorithms }
  }
  const { key, issuer, audience } = await sharedKey(auth, dataDir)
  return { getKey: async () => key, issuer, audience, algorithms: [sharedKeyAlgorithm] }
}

/** The provider's keys, cached for ten minutes and read again for a token with an unknown key id. */
function remoteKeys(url: string, cooldownDuration: number): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(url), {
    cooldownDuration,
    cacheMaxAge: 600_000,
    timeoutDuration: 5_000,
  })
  return async (header, token) => {
    try {
      return await keys(header, token)
    } catch (error) {
      if (isAboutTheToken(error)) throw error
      throw new TemporarilyUnavailable(
        "Tokens can't be verified at the moment. Try again in a few seconds.",
        {
          cause: error,
        },
      )
    }
  }
}

/** The keys were read, but none of them can verify this token. */
function isAboutTheToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  )
}

/** Checks the length first: over a websocket the value is any text that a client sends. */
function credentialsIn(authorization: string): string {
  if (authorization.length > MAX_AUTHORIZATION_LENGTH)
    throw new NotSignedIn('The authorization is too long. Send a shorter token.')
  const credentials = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
  if (!credentials) throw new NotSignedIn('The authorization must be "Bearer " followed by a token.')
  return credentials
}

function refuse(error: unknown): never {
  if (error instanceof TemporarilyUnavailable) throw error
  if (error instanceof errors.JWTExpired) throw new NotSignedIn('The token has expired. Get a new one.', true)
  throw new NotSignedIn('The token could not be verified. Get a new one.')
}
