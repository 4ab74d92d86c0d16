import { memo, type ReactNode, useEffect, useRef } from 'react'
import { CommentText } from '../components/comment-text.tsx'
import { StoryLink } from '../components/story-link.tsx'
import { Age } from '../components/time.tsx'
import { DeskLink } from '../shell/router.tsx'
import { useText } from '../shell/texts.ts'
import { AuthorRecord } from './author-record.tsx'
import type { WaitingComment } from './filter.ts'
import { LanguageName } from './language-name.tsx'
import type { Departure } from './use-queue.ts'

interface Handlers {
  activate(id: string): void
  select(id: string, isRange: boolean): void
  approve(id: string): void
  reject(id: string): void
}

interface Props {
  comment: WaitingComment
  departure: Departure | null
  isActive: boolean
  isSelected: boolean
  /** From 1. */
  position: number
  /** -1 if not all are loaded. */
  count: number
  handlers: Handlers
  observe(element: HTMLElement): () => void
}

/** A comment with its story, its parent and the record of its author, and what can be done with it. */
export const CommentRow = memo(function CommentRow(props: Props) {
  const { comment, departure, isActive, isSelected, position, count, handlers, observe } = props
  const { id, author, submittedAt } = comment
  const text = useText()
  const element = useRef<HTMLElement>(null)
  useEffect(() => (element.current ? observe(element.current) : undefined), [observe])
  return (
    <article
      ref={element}
      data-id={id}
      className={`comment${isActive ? ' is-active' : ''}${isSelected ? ' is-selected' : ''}${departure ? ' is-gone' : ''}`}
      aria-label={text('comment.by', { name: author.displayName })}
      aria-posinset={position}
      aria-setsize={count}
      tabIndex={isActive ? 0 : -1}
      onFocus={() => handlers.activate(id)}
      onMouseDown={() => handlers.activate(id)}
    >
      <div className="comment-head">
        <label className="comment-select">
          <input
            type="checkbox"
            checked={isSelected}
            disabled={departure !== null}
            tabIndex={isActive ? 0 : -1}
            onChange={(event) => handlers.select(id, (event.nativeEvent as MouseEvent).shiftKey)}
          />
          <span className="visually-hidden">{text('comment.select')}</span>
        </label>
        <Author comment={comment} isActive={isActive} />
        <span className="comment-age">
          <Age at={submittedAt} />
        </span>
      </div>
      <div className="comment-content">
        <Story comment={comment} />
        <Parent comment={comment} />
        <p className="comment-body" lang={comment.language ?? undefined} dir="auto">
          <CommentText body={comment.body} />
        </p>
        {departure ? (
          <p className="comment-gone">
            {text(departure.decision.verdict === 'APPROVED' ? 'comment.approvedBy' : 'comment.rejectedBy', {
              name: departure.decision.moderatorName,
            })}
          </p>
        ) : (
          <Buttons id={id} isActive={isActive} handlers={handlers} />
        )}
      </div>
    </article>
  )
})

function Author({ comment, isActive }: { comment: WaitingComment; isActive: boolean }) {
  const { author, reader } = comment
  return (
    <div className="comment-author">
      {reader ? (
        <DeskLink to={`/readers/${encodeURIComponent(reader.id)}`} tabIndex={isActive ? 0 : -1}>
          <bdi>{author.displayName}</bdi>
        </DeskLink>
      ) : (
        <bdi>{author.displayName}</bdi>
      )}
      {reader && <AuthorRecord reader={reader} isActive={isActive} />}
    </div>
  )
}

function Story({ comment: { article, language } }: { comment: WaitingComment }) {
  const text = useText()
  return (
    <p className="comment-story">
      {article ? <StoryLink story={article} /> : text('comment.storyHidden')}
      {language && (
        <span className="comment-language">
          <LanguageName tag={language} />
        </span>
      )}
    </p>
  )
}

/** What the comment replies to. */
function Parent({ comment: { parent, isReply, parentRemoved } }: { comment: WaitingComment }) {
  const text = useText()
  if (!isReply) return null
  if (!parent || parentRemoved) return <p className="comment-parent-note">{text('comment.parentRemoved')}</p>
  return (
    <blockquote className="comment-parent">
      <span className="comment-parent-author">
        {text('comment.replyTo')} <bdi>{parent.author.displayName}</bdi>
        {parent.status === 'PENDING' && <> · {text('comment.parentWaits')}</>}
      </span>
      <span className="comment-parent-body" dir="auto">
        <CommentText body={parent.body} />
      </span>
    </blockquote>
  )
}

function Buttons({
  id,
  isActive,
  handlers,
}: {
  id: string
  isActive: boolean
  handlers: Handlers
}): ReactNode {
  const text = useText()
  const tabIndex = isActive ? 0 : -1
  return (
    <div className="comment-buttons">
      <button
        type="button"
        className="button button-approve"
        tabIndex={tabIndex}
        onClick={() => handlers.approve(id)}
      >
        {text('approve')}{' '}
        <span className="key" aria-hidden="true">
          a
        </span>
      </button>
      <button
        type="button"
        className="button button-danger"
        tabIndex={tabIndex}
        onClick={() => handlers.reject(id)}
      >
        {text('reject')}{' '}
        <span className="key" aria-hidden="true">
          r
        </span>
      </button>
    </div>
  )
}
