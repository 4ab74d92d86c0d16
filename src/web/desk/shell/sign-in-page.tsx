import { useEffect, useState } from 'react'
import type { SignInFailure } from '../../sign-in/oidc.ts'
import { signInOf } from '../../sign-in/session.ts'
import type { OidcSettings } from '../../sign-in/settings.ts'
import { Button } from '../components/button.tsx'
import { Notice } from '../components/notice.tsx'
import { Page } from '../components/page.tsx'
import { LanguageChoice } from './language-choice.tsx'
import { loadOidc, redirectUri, session, useSession } from './session.ts'
import { settings } from './settings.ts'
import { type DeskText, useText } from './texts.ts'

/** Signs the user in. The address stays, so that the user continues at the same place. */
export function SignInPage({
  failure = null,
  returnTo,
}: {
  failure?: SignInFailure | null
  returnTo?: string
}) {
  const text = useText()
  const { hasExpired } = useSession()
  return (
    <main className="sign-in">
      <LanguageChoice />
      <Page title={text('signIn.title', { outlet: settings.outlet })}>
        {failure && <Notice kind="failure">{text(`signIn.failed.${failure}`)}</Notice>}
        {hasExpired && !failure && <Notice kind="warning">{text('signIn.expired')}</Notice>}
        {settings.hasSampleIdentities ? (
          <SampleIdentities />
        ) : settings.oidc ? (
          <Provider oidc={settings.oidc} returnTo={returnTo} />
        ) : (
          <NotSetUp text={text} />
        )}
      </Page>
    </main>
  )
}

function Provider({ oidc, returnTo }: { oidc: OidcSettings; returnTo?: string | undefined }) {
  const text = useText()
  const [failure, setFailure] = useState<SignInFailure | null>(null)
  const [isLeaving, setLeaving] = useState(false)
  const start = async () => {
    setLeaving(true)
    setFailure(null)
    try {
      const { startSignIn } = await loadOidc()
      await startSignIn(oidc, redirectUri, returnTo ?? location.pathname + location.search)
    } catch {
      setFailure('unreachable')
      setLeaving(false)
    }
  }
  return (
    <>
      <p>{text('signIn.provider', { provider: new URL(oidc.issuer).host })}</p>
      {failure && <Notice kind="failure">{text(`signIn.failed.${failure}`)}</Notice>}
      <Button kind="primary" isDisabled={isLeaving} onPress={() => void start()}>
        {text('signIn.start')}
      </Button>
    </>
  )
}

function NotSetUp({ text }: { text: DeskText }) {
  return (
    <>
      <p>{text('signIn.notSetUp')}</p>
      <p>
        <code dir="ltr">OIDC_CLIENT_ID</code>, <code dir="ltr">AUTH_JWKS_URL</code>
      </p>
    </>
  )
}

interface SampleIdentity {
  role: string
  name: string
  token: string
}

/** In development: sign in as one of the sample users. */
function SampleIdentities() {
  const text = useText()
  const [identities, setIdentities] = useState<SampleIdentity[] | 'failed' | null>(null)
  const [attempt, setAttempt] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt loads again
  useEffect(() => {
    const aborted = new AbortController()
    loadIdentities(aborted.signal).then(setIdentities, () => {
      if (!aborted.signal.aborted) setIdentities('failed')
    })
    return () => aborted.abort()
  }, [attempt])
  if (identities === 'failed') {
    return (
      <Notice kind="failure">
        {text('signIn.noSamples')} <Button onPress={() => setAttempt(attempt + 1)}>{text('retry')}</Button>
      </Notice>
    )
  }
  return (
    <>
      <p>{text('signIn.samples')}</p>
      <ul className="identities">
        {identities
          ?.filter(({ role }) => role !== 'reader')
          .map(({ name, role, token }) => (
            <li key={name}>
              <Button onPress={() => session.signIn(signInOf(token))}>
                <bdi>{name}</bdi>
                <span className="identity-role">
                  {text(`signIn.can.${role as 'moderator' | 'editor' | 'admin'}`)}
                </span>
              </Button>
            </li>
          ))}
      </ul>
    </>
  )
}

async function loadIdentities(signal: AbortSignal): Promise<SampleIdentity[]> {
  const response = await fetch(`${settings.base}/sample-identities`, { signal })
  if (!response.ok) throw new Error(`Status ${response.status}`)
  return (await response.json()) as SampleIdentity[]
}
