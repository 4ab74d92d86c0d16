import type { RevocationWatch } from './revocation.ts'
import type { Verify } from './verify.ts'

/**
 * The same verification, which also says whether the subject is banned, as it stood at most 2 s before. So every
 * way in, websocket or HTTP, serves who is banned like the anonymous.
 */
export function withRevocation(verify: Verify, revocation: Pick<RevocationWatch, 'isRevoked'>): Verify {
  return async (...credentials) => {
    const viewer = await verify(...credentials)
    // A partner's key was looked up to verify it.
    if (viewer.subject === null || !(await revocation.isRevoked(viewer))) return viewer
    return Object.freeze({ ...viewer, isBanned: true })
  }
}
