import { scriptJson } from '../script-json.ts'
import type { Site } from './site.ts'
import type { Words } from './words.ts'

/** What a page watches: one article from a version on, or the articles that its list shows. */
export type Watched =
  | { article: string; version: number }
  | { list: { language: string | null }; oldest: string | null }

/** What the script of the pages gets from the page. */
export interface LiveSettings {
  /** The path of the gateway's API. */
  graphql: string
  watched: Watched
  /** The texts in the language of the page: the script has none of its own. */
  texts: {
    corrected: string
    updated: string
    removed: string
    reload: string
    home: string
    show: string
    dismiss: string
    /** For 1, 2… new articles; the last one for more. */
    newStories: string[]
  }
  /** The path of the front page. */
  home: string
}

/** New articles are counted up to this number. */
const MAX_COUNTED = 20

/** The place of notices about changes, which is empty until there is one, and what the script needs. */
export function Notice({ site, words: { text }, live }: { site: Site; words: Words; live: Watched }) {
  const settings: LiveSettings = {
    graphql: `${site.base}/graphql`,
    home: `${site.base}/`,
    watched: live,
    texts: {
      corrected: text('live.corrected'),
      updated: text('live.updated'),
      removed: text('live.removed'),
      reload: text('live.reload'),
      home: text('live.home'),
      show: text('live.show'),
      dismiss: text('live.dismiss'),
      newStories: [
        ...Array.from({ length: MAX_COUNTED }, (_, i) => text('live.newStories', { count: i + 1 })),
        text('live.manyNewStories', { count: MAX_COUNTED }),
      ],
    },
  }
  return (
    <>
      <div id="notice" class="notice" role="status" aria-live="polite" />
      <script type="application/json" id="live" dangerouslySetInnerHTML={{ __html: scriptJson(settings) }} />
      <script type="module" src={site.script} />
    </>
  )
}
