import { SignJWT } from 'jose'
import { type SharedAuth, sharedKey, sharedKeyAlgorithm } from './shared-key.ts'
import type { Role } from './viewer.ts'

interface TokenRequest {
  auth: SharedAuth
  dataDir: string
  role: Role
  /** The display name; without one the bearer is called after the role. */
  name?: string | undefined
  /** Defaults to one made of role and name, so that the same bearer is the same reader each time. */
  subject?: string | undefined
  ttlSeconds: number
  now?: Date | undefined
}

/** A JWT that this gateway accepts, signed with AUTH_SECRET or the development key. */
export async function signToken(request: TokenRequest): Promise<string> {
  const { auth, dataDir, role, name, ttlSeconds, now = new Date() } = request
  const { key, issuer, audience } = await sharedKey(auth, dataDir)
  const issuedAt = Math.floor(now.getTime() / 1000)
  return new SignJWT({ role, ...(name === undefined ? {} : { name }) })
    .setProtectedHeader({ alg: sharedKeyAlgorithm, typ: 'JWT' })
    .setSubject(request.subject ?? subjectFor(role, name))
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ttlSeconds)
    .sign(key)
}

/** `moderator`, or `reader-nadia-haddad`. Letters of every script stay, so that two names rarely meet. */
function subjectFor(role: Role, name = ''): string {
  const slug = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
  return slug ? `${role}-${slug}` : role
}
