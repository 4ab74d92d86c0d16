import type { JWTPayload } from 'jose'
import { truncateGraphemes } from '../text/length.ts'
import { BLANKS, isBlank, normaliseLine, trimBlanks } from '../text/normalise.ts'
import { isRole, type Role, type Viewer } from './viewer.ts'

/** The longest `sub`, in UTF-16 code units. */
const MAX_SUBJECT_LENGTH = 255

/** The longest display name, in code points; the rest is cut off. */
const MAX_NAME_CODE_POINTS = 80

const nameOfRole: Readonly<Record<Role, string>> = {
  reader: 'Reader',
  moderator: 'Moderator',
  editor: 'Editor',
  admin: 'Administrator',
}

/**
 * The viewer of a verified token: `sub` (required), `role` (default reader) and `name` (default: after the
 * role). Null for invalid claims. An unknown role is refused, not treated as reader.
 */
export function viewerFrom(claims: JWTPayload, expiresAt: Date): Viewer | null {
  const { sub, role = 'reader' } = claims
  if (!isSubject(sub) || !isRole(role)) return null
  return Object.freeze({
    role,
    subject: sub,
    displayName: displayName(claims.name) || nameOfRole[role],
    expiresAt,
  })
}

/** Whether a value is a valid subject. PostgreSQL can't store NUL and unpaired surrogates. */
export function isSubject(sub: unknown): sub is string {
  return (
    typeof sub === 'string' &&
    sub.trim() !== '' &&
    sub.length <= MAX_SUBJECT_LENGTH &&
    sub.isWellFormed() &&
    !/\p{Cc}/u.test(sub)
  )
}

/**
 * Cleans a display name: one line, without direction controls and other invisible characters. Joiners stay
 * where Persian and Sorani need them. Empty for a blank name.
 */
function displayName(name: unknown): string {
  if (typeof name !== 'string') return ''
  const line = normaliseLine(name.toWellFormed().replace(BLANKS, ' '))
  return isBlank(line) ? '' : trimBlanks(truncateGraphemes(line, MAX_NAME_CODE_POINTS))
}
