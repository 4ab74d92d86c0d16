import { type DomainError, Forbidden, NotSignedIn } from '../base/errors.ts'
import type { Viewer } from './viewer.ts'

/** The error for banned users; a close frame holds at most 123 bytes. */
export const BANNED = 'You are banned: you may not comment, moderate or edit here. Reading needs no token.'

/** The error for a viewer whose role does not allow an operation. */
export function notAllowed({ role, isBanned }: Viewer): DomainError {
  if (role === 'anonymous') return new NotSignedIn()
  return new Forbidden(isBanned ? BANNED : `The role "${role}" does not allow this.`)
}
