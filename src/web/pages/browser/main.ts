import type { LiveSettings } from '../live-settings.ts'
import type { SignInSettings } from '../sign-in-settings.ts'
import { connect } from './connect.ts'
import { watchArticle } from './watch-article.ts'
import { watchList } from './watch-list.ts'

// Shows a notice when the story of the page was changed, or when there are new stories; and signs readers in.

const live = settingsIn<LiveSettings>('live')
if (live) {
  const { graphql, watched } = live
  const client = connect(new URL(graphql, location.href))
  if ('article' in watched) watchArticle(client, watched, live)
  else watchList(client, watched, live)
}

const signIn = settingsIn<SignInSettings>('sign-in')
if (signIn) void import('./sign-in.ts').then(({ signReadersIn }) => signReadersIn(signIn))

/** The settings that the page has for this script; null if it has none. */
function settingsIn<T>(id: string): T | null {
  return JSON.parse(document.getElementById(id)?.textContent ?? 'null')
}
