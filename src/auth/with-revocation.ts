import type { RevocationWatch } from './revocation.ts'
import type { Verify } from './verify.ts'

/**
 * Adds to a verification whether the subject is banned, as of at most 2 s ago, so that all transports treat
 * banned viewers as anonymous ones.
 */
export function withRevocation(verify: Verify, revocation: Pick<RevocationWatch, 'isRevoked'>): Verify {
  return async (...credentials) => {
    const viewer = await verify(...credentials)
    // A partner's key was just looked up, so it is valid.
    if (viewer.subject === null || !(await revocation.isRevoked(viewer))) return viewer
    return Object.freeze({ ...viewer, isBanned: true })
  }
}
