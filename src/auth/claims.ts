import type { JWTPayload } from 'jose'
import { truncateGraphemes } from '../text/length.ts'
import { BLANKS, isBlank, normaliseLine, trimBlanks } from '../text/normalise.ts'
import { isRole, type Role, type Viewer } from './viewer.ts'

/** Longest `sub` accepted, in UTF-16 units. */
const MAX_SUBJECT_LENGTH = 255

/** Longest display name kept, in code points; the rest is cut off. */
const MAX_NAME_CODE_POINTS = 80

const nameOfRole: Readonly<Record<Role, string>> = {
  reader: 'Reader',
  moderator: 'Moderator',
  editor: 'Editor',
  admin: 'Administrator',
}

/**
 * Who a verified token speaks for: `sub` (required), `role` (default reader) and `name` (default: after the
 * role). Null when the claims break those rules; an unknown role is refused rather than lowered to reader.
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

/** Whether it can be a subject. PostgreSQL stores neither NUL nor unpaired surrogates, so neither may get as far. */
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
 * A name fit to stand beside others: one line, without direction controls and other characters that nobody
 * sees. Joiners stay where Persian and Sorani names are spelt with them. A blank name is none.
 */
function displayName(name: unknown): string {
  if (typeof name !== 'string') return ''
  const line = normaliseLine(name.toWellFormed().replace(BLANKS, ' '))
  return isBlank(line) ? '' : trimBlanks(truncateGraphemes(line, MAX_NAME_CODE_POINTS))
}
