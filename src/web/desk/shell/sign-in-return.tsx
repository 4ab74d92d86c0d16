import { useEffect, useState } from 'react'
import type { SignInFailure } from '../../sign-in/oidc.ts'
import { Loading } from '../components/states.tsx'
import { replaceAddress } from './router.tsx'
import { loadOidc, redirectUri, session } from './session.ts'
import { deskPath, settings } from './settings.ts'
import { SignInPage } from './sign-in-page.tsx'

/** Where the provider returns the user: finishes the sign-in, and goes to the place before it. */
export function SignInReturn() {
  const [failure, setFailure] = useState<SignInFailure | null>(null)
  useEffect(() => {
    let isCurrent = true
    finishOnce().then(
      (returnTo) => isCurrent && replaceAddress(returnTo),
      (reason) => isCurrent && setFailure((reason as { failure?: SignInFailure }).failure ?? 'refused'),
    )
    return () => {
      isCurrent = false
    }
  }, [])
  return failure ? <SignInPage failure={failure} returnTo={deskPath} /> : <Loading />
}

let finished: Promise<string> | null = null

/** An attempt can be finished once, but React may run an effect twice. */
function finishOnce(): Promise<string> {
  finished ??= finish().finally(() => {
    finished = null
  })
  return finished
}

async function finish(): Promise<string> {
  const address = new URL(location.href)
  // The code must not stay in the history.
  history.replaceState(null, '', address.pathname)
  if (!settings.oidc) return deskPath
  const { finishSignIn } = await loadOidc()
  const { signIn, returnTo } = await finishSignIn(settings.oidc, redirectUri, address)
  session.signIn(signIn)
  return returnTo
}
