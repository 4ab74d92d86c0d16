import type { LiveSettings } from '../live-settings.ts'
import { connect } from './connect.ts'
import { watchArticle } from './watch-article.ts'
import { watchList } from './watch-list.ts'

// Shows a notice when the story of the page was changed, or when there are new stories.

const settings = JSON.parse(document.getElementById('live')?.textContent ?? 'null') as LiveSettings | null
if (settings) {
  const { graphql, watched } = settings
  const client = connect(new URL(graphql, location.href))
  if ('article' in watched) watchArticle(client, watched, settings)
  else watchList(client, watched, settings)
}
