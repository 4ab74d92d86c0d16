import { scriptJson } from '../../text/html.ts'
import { renderDocument } from './document.tsx'
import { MessageHead } from './head.tsx'
import type { SignInSettings } from './sign-in-settings.ts'
import { SIGN_IN_PATH, type Site } from './site.ts'
import type { Words } from './words.ts'

interface SignInProps {
  site: Site
  words: Words
}

/** What the script of the pages needs to sign readers in; nothing if there is no provider. */
export function SignIn({ site, words: { text } }: SignInProps) {
  if (!site.signIn) return null
  const settings: SignInSettings = {
    oidc: site.signIn,
    returnPath: `${site.base}${SIGN_IN_PATH}`,
    texts: {
      denied: text('signIn.failed.denied'),
      stale: text('signIn.failed.stale'),
      unreachable: text('signIn.failed.unreachable'),
      refused: text('signIn.failed.refused'),
      back: text('signIn.back'),
      tryAgain: text('signIn.tryAgain'),
      dismiss: text('live.dismiss'),
    },
  }
  return (
    <script type="application/json" id="sign-in" dangerouslySetInnerHTML={{ __html: scriptJson(settings) }} />
  )
}

/** The page to which the provider returns a reader. Its script finishes the sign-in and opens the story again. */
export function renderSignIn({ site, words }: SignInProps): string {
  const { text } = words
  const title = text('signIn.title')
  return renderDocument({
    site,
    words,
    list: null,
    head: <MessageHead site={site} title={title} />,
    after: (
      <>
        <SignIn site={site} words={words} />
        <script type="module" src={site.script} />
      </>
    ),
    children: (
      <div class="message">
        <h1>{title}</h1>
        <p id="sign-in-state" role="status">
          {text('signIn.wait')}
        </p>
        <p>
          <a class="more" id="sign-in-back" href={`${site.base}/`}>
            {text('home')}
          </a>
        </p>
      </div>
    ),
  })
}
