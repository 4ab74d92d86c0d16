import { Suspense } from 'react'
import { Loading } from './components/states.tsx'
import { ToastProvider } from './components/toasts.tsx'
import { LanguageProvider } from './shell/language.tsx'
import { ErrorBoundary } from './shell/reload.tsx'
import { usePlace } from './shell/router.tsx'
import { useSession } from './shell/session.ts'
import { SignInPage } from './shell/sign-in-page.tsx'
import { SignInReturn } from './shell/sign-in-return.tsx'
import { SignedIn } from './shell/signed-in.tsx'

/** The desk: the sign-in, or the views for the signed-in user. */
export function App() {
  return (
    <LanguageProvider>
      <ErrorBoundary>
        <Suspense>
          <ToastProvider>
            <Suspense fallback={<Loading />}>
              <Place />
            </Suspense>
          </ToastProvider>
        </Suspense>
      </ErrorBoundary>
    </LanguageProvider>
  )
}

function Place() {
  const { path } = usePlace()
  const { signIn } = useSession()
  if (path === '/sign-in') return <SignInReturn />
  return signIn ? <SignedIn /> : <SignInPage />
}
