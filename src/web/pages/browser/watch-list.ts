import type { Client } from 'graphql-ws'
import { NewArticlesDocument, NewestArticlesDocument } from '../../../../schema/documents.ts'
import type { LiveSettings } from '../live-settings.ts'
import { send } from './connect.ts'
import { showNotice, thisPage } from './notice.ts'

/** How long after a connection the list is read again, in ms: the subscription is certain to be active then. */
const RELOAD_DELAY_MS = 1_000

/** Says how many stories are new since the page was made. */
export function watchList(
  client: Client,
  { language, oldest }: { language: string | null; oldest: string | null },
  { texts }: LiveSettings,
): void {
  const shown = new Set(
    [...document.querySelectorAll<HTMLElement>('[data-article]')].map(({ dataset }) => dataset.article),
  )
  const added = new Set<string>()
  const add = (ids: readonly string[]) => {
    const before = added.size
    for (const id of ids) if (!shown.has(id)) added.add(id)
    if (added.size > before) show()
  }
  const show = () => {
    const { newStories } = texts
    const text = newStories[Math.min(added.size, newStories.length) - 1] ?? ''
    showNotice({ text, link: { text: texts.show, href: thisPage() }, dismiss: texts.dismiss })
  }
  // Events that were missed while there was no connection are in the list.
  client.on('connected', () => setTimeout(reload, RELOAD_DELAY_MS))
  send(
    client,
    NewArticlesDocument,
    { filter: { language } },
    {
      next({ newArticles: { article } }) {
        if (article) add([article.id])
      },
    },
  )

  function reload(): void {
    send(
      client,
      NewestArticlesDocument,
      { filter: { language, publishedFrom: oldest } },
      {
        next: ({ articles }) => add(articles.edges.map(({ node }) => node.id)),
      },
    )
  }
}
