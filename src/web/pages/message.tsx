import { renderDocument } from './document.tsx'
import { MessageHead } from './head.tsx'
import type { Site } from './site.ts'
import type { Words } from './words.ts'

/** Why there is nothing to show. */
export type Problem = 'notFound' | 'badAddress' | 'longSearch' | 'unavailable' | 'failed'

/** A page that says what is wrong, and what to do. */
export function renderMessage({
  problem,
  site,
  words,
}: {
  problem: Problem
  site: Site
  words: Words
}): string {
  const { text } = words
  const title = text(`problem.${problem}`)
  return renderDocument({
    site,
    words,
    list: null,
    head: <MessageHead site={site} title={title} />,
    children: (
      <div class="message">
        <h1>{title}</h1>
        <p>{text(`problem.${problem}.advice`)}</p>
        <p>
          <a class="more" href={`${site.base}/`}>
            {text('home')}
          </a>
        </p>
      </div>
    ),
  })
}
