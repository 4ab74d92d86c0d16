import { scriptJson } from '../../text/html.ts'
import type { LiveSettings, Watched } from './live-settings.ts'
import type { Site } from './site.ts'
import type { Words } from './words.ts'

/** New articles are counted up to this number. */
const MAX_COUNTED = 20

/** The place of notices about changes, which is empty until there is one, and what the script needs. */
export function Notice({ site, words: { text }, watched }: { site: Site; words: Words; watched: Watched }) {
  const settings: LiveSettings = {
    graphql: `${site.base}/graphql`,
    home: `${site.base}/`,
    watched,
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
