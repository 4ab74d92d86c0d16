import { type DomainError, Forbidden, NotSignedIn } from '../base/errors.ts'
import type { Viewer } from './viewer.ts'

/** What a banned reader, moderator, editor or administrator is told; a close frame holds no more than 123 bytes. */
export const BANNED = 'You are banned: you may not comment, moderate or edit here. Reading needs no token.'

/** Why a viewer may not do something that their role does not allow. */
export function notAllowed({ role, isBanned }: Viewer): DomainError {
  if (role === 'anonymous') return new NotSignedIn()
  return new Forbidden(isBanned ? BANNED : `The role "${role}" does not allow this.`)
}
