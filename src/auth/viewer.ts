/** The roles of a token, in order: each includes the rights of those before it. */
export const roles = ['reader', 'moderator', 'editor', 'admin'] as const

export type Role = (typeof roles)[number]

/** The user or partner of a request. */
export interface Viewer {
  readonly role: 'anonymous' | 'partner' | Role
  /** The row id of the partner. */
  readonly partnerId?: string
  /** The row id of the partner's key. */
  readonly keyId?: string
  /** The token that replaces the partner's key in feed URLs. */
  readonly feedToken?: string
  /** Whether the partner is suspended: then it may only read and confirm removals. */
  readonly isSuspended?: boolean
  /** The subject at the outlet's identity provider; null when anonymous, and for partners. */
  readonly subject: string | null
  /** The name shown to others; null when anonymous. */
  readonly displayName: string | null
  /** When the token or key expires, clock tolerance included; null for never. */
  readonly expiresAt: Date | null
  /** Whether the subject is banned: then it has the rights of an anonymous viewer. */
  readonly isBanned?: boolean
}

export const anonymous: Viewer = Object.freeze({
  role: 'anonymous',
  subject: null,
  displayName: null,
  expiresAt: null,
})

/** Whether the viewer has this role or a higher one. Partners and banned viewers have none. */
export function hasRole({ role: has, isBanned = false }: Viewer, role: Role): boolean {
  return !isBanned && isRole(has) && roles.indexOf(has) >= roles.indexOf(role)
}

export function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value)
}
