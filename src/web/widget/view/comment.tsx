import { useEffect, useState } from 'preact/hooks'
import { piecesOf } from '../../links.ts'
import { fragmentOf } from '../addresses.ts'
import type { Comment } from '../comments.ts'
import { fullTime, relativeTime } from '../times.ts'
import { useView } from './context.ts'
import { CommentForm } from './form.tsx'
import { Replies, RepliesToggle } from './replies.tsx'

/** Replies below this depth are not indented further. */
const MAX_INDENT = 3

interface CommentItemProps {
  id: string
  /** 0 for a comment that is not a reply. */
  depth: number
}

/** A comment with its replies. */
export function CommentItem({ id, depth }: CommentItemProps) {
  const { state, text, replyTo } = useView()
  const comment = state.comments?.byId.get(id)
  if (!comment) return null
  const isRemoved = state.comments?.removed.has(id) ?? false
  const name = comment.author.displayName
  return (
    <article
      class={`comment ${depth > 0 && depth <= MAX_INDENT ? 'indented' : ''}`}
      part={depth === 0 ? 'comment' : 'comment reply'}
      data-comment={id}
      aria-label={isRemoved ? text('removed') : text('commentBy', { name })}
    >
      <div class={`card ${state.linked === id ? 'linked' : ''}`} data-id={id} tabIndex={-1}>
        {isRemoved ? <Removed comment={comment} /> : <Content comment={comment} />}
      </div>
      {replyTo === id && <CommentForm parentId={id} />}
      <Replies
        comment={comment}
        isRemoved={isRemoved}
        renderReply={(reply) => <CommentItem key={reply} id={reply} depth={depth + 1} />}
      />
    </article>
  )
}

/** In place of a retracted comment whose replies are shown. */
function Removed({ comment }: { comment: Comment }) {
  const { text } = useView()
  return (
    <>
      <p class="soft">{text('removed')}</p>
      <p class="actions">
        <RepliesToggle {...comment} />
      </p>
    </>
  )
}

function Content({ comment }: { comment: Comment }) {
  const { text, language, now, state, replyTo, setReplyTo } = useView()
  const { id, author, body } = comment
  const at = new Date(comment.approvedAt ?? comment.submittedAt)
  return (
    <>
      <p class="meta">
        <bdi class="author" part="author">
          {author.displayName}
        </bdi>{' '}
        <a class="time" part="time" href={fragmentOf(id)} title={fullTime(at, language)}>
          <time dateTime={at.toISOString()}>{relativeTime(at, now, language, text)}</time>
        </a>
      </p>
      <Body body={body} language={comment.language} />
      <p class="actions">
        {state.commentingOpen && !state.isReadOnly && (
          <button
            type="button"
            class="action"
            part="action"
            data-reply={id}
            aria-expanded={replyTo === id}
            aria-label={text('replyTo', { name: author.displayName })}
            onClick={() => setReplyTo(replyTo === id ? null : id)}
          >
            {text('reply')}
          </button>
        )}
        <RepliesToggle {...comment} />
        <CopyLink id={id} />
      </p>
    </>
  )
}

interface BodyProps {
  body: string
  language: string | null
}

/** The text of a comment. It is only ever text: nothing in it is markup. */
export function Body({ body, language }: BodyProps) {
  return (
    <p class="body" part="body" dir="auto" lang={language ?? undefined}>
      {piecesOf(body).map(({ text, href }) =>
        href === undefined ? (
          text
        ) : (
          <a href={href} rel="ugc nofollow noopener" dir="ltr">
            {text}
          </a>
        ),
      )}
    </p>
  )
}

const COPIED_MS = 3_000

function CopyLink({ id }: { id: string }) {
  const { text, announce } = useView()
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), COPIED_MS)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = async () => {
    const address = new URL(fragmentOf(id), location.href).href
    try {
      await navigator.clipboard.writeText(address)
      setCopied(true)
      announce(text('linkCopied'))
    } catch {
      // Not allowed here: then the address bar has the link.
      history.replaceState(history.state, '', address)
      announce(text('linkInAddressBar'))
    }
  }
  return (
    <button type="button" class="action" part="action" onClick={() => void copy()}>
      {text(isCopied ? 'linkCopied' : 'copyLink')}
    </button>
  )
}
