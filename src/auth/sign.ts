import { SignJWT } from 'jose'
import { type SharedAuth, sharedKey, sharedKeyAlgorithm } from './shared-key.ts'
import type { Role } from './viewer.ts'

interface TokenRequest {
  auth: SharedAuth
  dataDir: string
  role: Role
  /** The display name; by default named after the role. */
  name?: string | undefined
  /** Derived from role and name by default, so that the same bearer is always the same reader. */
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

/** `moderator`, or `reader-nadia-haddad`. Letters of all scripts are kept, so that two names rarely collide. */
function subjectFor(role: Role, name = ''): string {
  const slug = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
  return slug ? `${role}-${slug}` : role
}
