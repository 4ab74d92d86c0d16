import type { Client } from 'graphql-ws'
import {
  NewArticlesDocument,
  NewestArticlesDocument,
  type NewestArticlesQueryVariables,
} from '../../../../schema/documents.ts'
import type { LiveSettings } from '../live-settings.ts'
import { isRefusal, send, waitAfter, watch } from './connect.ts'
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
  const reload = reloader(client, { language, publishedFrom: oldest }, add)
  // Events that were missed while there was no subscription are in the list.
  client.on('connected', () => reload.schedule())
  void watch(
    client,
    NewArticlesDocument,
    { filter: { language } },
    {
      next({ newArticles: { article } }) {
        if (article) add([article.id])
      },
      start: () => reload.start(),
      end: () => reload.stop(),
    },
  )
}

/** Reads the list again after each connection, but only while the page is subscribed: a query opens a connection too. */
function reloader(
  client: Client,
  filter: NewestArticlesQueryVariables['filter'],
  add: (ids: readonly string[]) => void,
) {
  let isSubscribed = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const schedule = (attempts = 0) => {
    clearTimeout(timer)
    const wait = attempts === 0 ? RELOAD_DELAY_MS : waitAfter(attempts)
    if (isSubscribed) timer = setTimeout(() => read(attempts), wait)
  }
  const read = (attempts: number) =>
    send(
      client,
      NewestArticlesDocument,
      { filter },
      {
        next: ({ articles }) => add(articles.edges.map(({ node }) => node.id)),
        error: (code) => isRefusal(code) || schedule(attempts + 1),
      },
    )
  return {
    schedule,
    start() {
      isSubscribed = true
      schedule()
    },
    stop() {
      isSubscribed = false
      clearTimeout(timer)
    },
  }
}
