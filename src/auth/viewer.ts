/** What a token may say its bearer is, from the least to the most: each may do what those before it may. */
export const roles = ['reader', 'moderator', 'editor', 'admin'] as const

export type Role = (typeof roles)[number]

/** Who is asking. */
export interface Viewer {
  readonly role: 'anonymous' | Role
  /** The subject at the outlet's identity provider; null when anonymous. */
  readonly subject: string | null
  /** The name that others see; null when anonymous. */
  readonly displayName: string | null
  /** The moment from which the token is no longer honoured, clock tolerance included; null when anonymous. */
  readonly expiresAt: Date | null
}

export const anonymous: Viewer = Object.freeze({
  role: 'anonymous',
  subject: null,
  displayName: null,
  expiresAt: null,
})

/** Whether the viewer has this role or one above it. */
export function hasRole(viewer: Viewer, role: Role): boolean {
  return viewer.role !== 'anonymous' && roles.indexOf(viewer.role) >= roles.indexOf(role)
}

export function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value)
}
