import { useSyncExternalStore } from 'react'
import { Session, type SessionState } from '../../sign-in/session.ts'
import { forgetKept } from './kept-storage.ts'
import { deskPath, settings } from './settings.ts'

/** The sign-in of this window. */
export const session = new Session('dateline-desk', async (signIn) => {
  if (!settings.oidc) return null
  const { renewSignIn } = await loadOidc()
  return renewSignIn(settings.oidc, signIn)
})

export function useSession(): SessionState {
  return useSyncExternalStore(session.subscribe, session.state)
}

/** The sign-in code is loaded when it is needed. */
export const loadOidc = () => import('../../sign-in/oidc.ts')

/** The address to which the provider returns the user; the outlet registers it at the provider. */
export const redirectUri = `${location.origin}${deskPath}/sign-in`

/** What must be sent while the user is still signed in. */
export const beforeSignOut = new Set<() => Promise<void>>()

/** How long the sign-out waits for that, in ms. */
const SIGN_OUT_WITHIN_MS = 60_000

/** Ends the session here, and at the provider if it offers that. */
export async function signOut(): Promise<void> {
  const sent = Promise.all([...beforeSignOut].map((send) => send()))
  await Promise.race([sent, new Promise((resolve) => setTimeout(resolve, SIGN_OUT_WITHIN_MS))])
  session.signOut()
  forgetKept()
  if (settings.oidc && !settings.hasSampleIdentities) {
    const { signOutAddress } = await loadOidc()
    const address = await signOutAddress(settings.oidc, `${location.origin}${deskPath}`)
    if (address) location.assign(address)
  }
}
