import { useState } from 'preact/hooks'
import { fragmentOf } from '../addresses.ts'
import type { OwnComment } from '../state.ts'
import { fullTime, relativeTime } from '../times.ts'
import { Body } from './comment.tsx'
import { useView } from './context.ts'

/** The number of own comments that are shown at first. */
const SHOWN = 3

const STATUS_TEXTS = { PENDING: 'pending', APPROVED: 'approved', REJECTED: 'rejected' } as const

/** The reader's own comments on this article, with what moderators decided. */
export function OwnComments() {
  const { state, text } = useView()
  const [showsAll, setShowsAll] = useState(false)
  const { own } = state
  if (own.length === 0) return null
  const shown = showsAll ? own : own.slice(0, SHOWN)
  return (
    <section class="own" part="own" aria-label={text('ownComments')}>
      <h3>{text('ownComments')}</h3>
      <ul>
        {shown.map((comment) => (
          <OwnItem key={comment.id} comment={comment} />
        ))}
      </ul>
      {own.length > shown.length && (
        <button type="button" class="action" part="action" onClick={() => setShowsAll(true)}>
          {text('showAllOwn', { count: own.length })}
        </button>
      )}
    </section>
  )
}

function OwnItem({ comment }: { comment: OwnComment }) {
  const { text, language, now } = useView()
  const { id, status, body, submittedAt, parent, rejectedFor } = comment
  const at = new Date(submittedAt)
  return (
    <li class={`own-comment ${status.toLowerCase()}`} part="own-comment">
      <p class="meta">
        <span class="status" part="status">
          {text(STATUS_TEXTS[status])}
        </span>{' '}
        <time class="time" dateTime={at.toISOString()} title={fullTime(at, language)}>
          {relativeTime(at, now, language, text)}
        </time>
        {parent && <span class="soft">{text('inReplyTo', { name: parent.author.displayName })}</span>}
      </p>
      <Body body={body} language={comment.language} />
      {status === 'APPROVED' && <a href={fragmentOf(id)}>{text('showComment')}</a>}
      {rejectedFor && rejectedFor.length > 0 && (
        <>
          <p class="soft">{text('rejectedFor')}</p>
          <dl class="rejection" part="rejection">
            {rejectedFor.map(({ code, title, description }) => (
              <div key={code}>
                <dt>{title}</dt>
                <dd>{description}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </li>
  )
}
