/** The roles of the API. Each includes the rights of those before it. */
export const ROLES = ['READER', 'MODERATOR', 'EDITOR', 'ADMIN'] as const

export type Role = (typeof ROLES)[number]

/** Whether a role has the rights of another one. */
export function includesRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
}
