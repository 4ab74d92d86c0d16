import { Session } from '../../sign-in/session.ts'
import type { SignInSettings } from '../sign-in-settings.ts'
import { showNotice, thisPage } from './notice.ts'

/** The part of the comment widget that signs readers in; see docs/widget.md. */
type CommentsElement = HTMLElement & { getToken?: () => Promise<string | null> }

/** The entry of sessionStorage with the story that a reader left to sign in. */
const STORY = 'dateline-pages-story'

/** The code of the sign-in is loaded when it is needed. */
const loadOidc = () => import('../../sign-in/oidc.ts')

/** Signs readers in at the outlet's identity provider, so that they can comment. */
export function signReadersIn(settings: SignInSettings): void {
  const session = new Session('dateline-pages', async (signIn) => {
    const { renewSignIn } = await loadOidc()
    return renewSignIn(settings.oidc, signIn)
  })
  const comments = document.querySelector<CommentsElement>('dateline-comments')
  if (location.pathname === settings.returnPath) void finish(settings, session)
  else if (comments) connect(comments, settings, session)
}

function connect(comments: CommentsElement, settings: SignInSettings, session: Session): void {
  let isRefused = false
  comments.addEventListener('dateline-token-needed', () => {
    isRefused = true
  })
  comments.addEventListener('dateline-sign-in', () => void start(settings))
  comments.getToken = async () => {
    if (isRefused) await session.renew()
    isRefused = false
    return session.token()
  }
}

/** Leaves the story for the provider. */
async function start(settings: SignInSettings): Promise<void> {
  const story = thisPage() + (location.hash || '#comments')
  try {
    const { startSignIn } = await loadOidc()
    sessionStorage.setItem(STORY, story)
    await startSignIn(settings.oidc, redirectUri(settings), story)
  } catch {
    const { unreachable, tryAgain, dismiss } = settings.texts
    showNotice({ text: unreachable, link: { text: tryAgain, href: thisPage() }, dismiss })
  }
}

/** Finishes the sign-in, and opens the story again. */
async function finish(settings: SignInSettings, session: Session): Promise<void> {
  const address = new URL(location.href)
  // The code must not stay in the history.
  history.replaceState(null, '', address.pathname)
  try {
    const { finishSignIn } = await loadOidc()
    const { signIn, returnTo } = await finishSignIn(settings.oidc, redirectUri(settings), address)
    session.signIn(signIn)
    location.replace(returnTo)
  } catch (error) {
    const { failure = 'refused' } = error as { failure?: keyof SignInSettings['texts'] }
    showFailure(settings.texts[failure], settings.texts.back)
  }
}

function showFailure(text: string, back: string): void {
  const state = document.getElementById('sign-in-state')
  if (state) state.textContent = text
  const link = document.querySelector<HTMLAnchorElement>('#sign-in-back')
  const story = sessionStorage.getItem(STORY)
  if (!link || story === null) return
  link.textContent = back
  link.href = story
}

/** The address that the outlet registers at the provider. */
function redirectUri({ returnPath }: SignInSettings): string {
  return location.origin + returnPath
}
