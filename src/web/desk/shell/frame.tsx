import { Suspense, useState } from 'react'
import { Button } from '../components/button.tsx'
import { Loading, NotFound } from '../components/states.tsx'
import { UndoBar } from '../queue/undo-bar.tsx'
import { LanguageChoice } from './language-choice.tsx'
import { ErrorBoundary } from './reload.tsx'
import { includesRole } from './roles.ts'
import { DeskLink, usePlace } from './router.tsx'
import { signOut } from './session.ts'
import { settings } from './settings.ts'
import { StatusBanner } from './status-banner.tsx'
import { useText } from './texts.ts'
import { useViewer } from './viewer.ts'
import { VIEWS, type View, viewAt } from './views.ts'

const [QUEUE] = VIEWS

/** The frame of all views: header, navigation, and the view of the address. */
export function Frame() {
  const text = useText()
  const { role } = useViewer()
  const { path } = usePlace()
  const found = viewAt(path)
  const isAllowed = found !== null && includesRole(role, found.view.role)
  return (
    <div className="frame">
      <a className="skip-link" href="#main">
        {text('frame.skip')}
      </a>
      <Header current={found?.view ?? null} />
      <StatusBanner />
      <main id="main" tabIndex={-1}>
        <ErrorBoundary key={found?.view.path}>
          <Suspense fallback={<Loading />}>
            {found && isAllowed ? (
              <found.view.component key={found.view.path} rest={found.rest} />
            ) : (
              <NotFound />
            )}
          </Suspense>
        </ErrorBoundary>
      </main>
      <UndoBar isInQueue={found?.view === QUEUE} />
    </div>
  )
}

function Header({ current }: { current: View | null }) {
  const text = useText()
  const { role, displayName } = useViewer()
  const [isLeaving, setLeaving] = useState(false)
  const leave = () => {
    setLeaving(true)
    void signOut()
  }
  const allowed = VIEWS.filter((view) => includesRole(role, view.role))
  return (
    <header className="frame-header">
      <DeskLink to="/" className="frame-outlet">
        {settings.outlet}
      </DeskLink>
      <nav aria-label={text('nav.label')}>
        <ul>
          {allowed.map((view) => (
            <li key={view.path}>
              <DeskLink to={view.path} aria-current={view === current ? 'page' : undefined}>
                {text(view.title)}
              </DeskLink>
            </li>
          ))}
        </ul>
      </nav>
      <div className="frame-user">
        <LanguageChoice />
        <span className="frame-name">
          <bdi>{displayName}</bdi> <span className="frame-role">{text(`role.${role}`)}</span>
        </span>
        <Button kind="quiet" isDisabled={isLeaving} onPress={leave}>
          {text('signOut')}
        </Button>
      </div>
    </header>
  )
}
