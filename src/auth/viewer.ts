/** What a token may say its bearer is, from the least to the most: each may do what those before it may. */
export const roles = ['reader', 'moderator', 'editor', 'admin'] as const

export type Role = (typeof roles)[number]

/** Who is asking. */
export interface Viewer {
  readonly role: 'anonymous' | 'partner' | Role
  /** The key of the partner's row, where a partner is asking. */
  readonly partnerId?: string
  /** The key of the row of the partner's key. */
  readonly keyId?: string
  /** What stands for the partner's key in the addresses of its feeds. */
  readonly feedToken?: string
  /** Whether the partner is suspended: then it is told what it must remove, and nothing else. */
  readonly isSuspended?: boolean
  /** The subject at the outlet's identity provider; null when anonymous, and for partners. */
  readonly subject: string | null
  /** The name that others see; null when anonymous. */
  readonly displayName: string | null
  /** The moment from which the token or key is no longer honoured, clock tolerance included; null for never. */
  readonly expiresAt: Date | null
  /** Whether an administrator has banned the subject: then it may do no more than the anonymous. */
  readonly isBanned?: boolean
}

export const anonymous: Viewer = Object.freeze({
  role: 'anonymous',
  subject: null,
  displayName: null,
  expiresAt: null,
})

/** Whether the viewer has this role or one above it. A partner has none of them, and neither has who is banned. */
export function hasRole({ role: has, isBanned = false }: Viewer, role: Role): boolean {
  return !isBanned && isRole(has) && roles.indexOf(has) >= roles.indexOf(role)
}

export function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value)
}
