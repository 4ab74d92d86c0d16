import { type CommentStatus, ReaderPageDocument, type ReaderPageQuery } from '../../../../schema/documents.ts'
import { CommentText } from '../components/comment-text.tsx'
import { useMoment, useNumber } from '../components/formats.ts'
import { Time } from '../components/time.tsx'
import { usePages } from '../components/use-pages.ts'
import { Badge } from '../records/badge.tsx'
import { List } from '../records/list.tsx'
import { StoryName } from '../records/person-and-story.tsx'
import { useRecordText } from '../records/texts.ts'
import { useLanguage } from '../shell/language.tsx'
import { useFilter } from '../shell/router.tsx'
import type { ReaderDetails } from './reader.ts'

const STATUSES = ['PENDING', 'APPROVED', 'REJECTED'] as const satisfies readonly CommentStatus[]

const KINDS = { PENDING: 'waiting', APPROVED: 'good', REJECTED: 'bad' } as const

/** The API counts up to this number. */
const MAX_COUNT = 10_000

interface ReaderCommentsProps {
  id: string
  counts: ReaderDetails['commentCounts']
}

/** The comments of a reader, latest first: all, or those of one status. */
export function ReaderComments({ id, counts }: ReaderCommentsProps) {
  const text = useRecordText()
  const { language } = useLanguage()
  const [chosen, choose] = useFilter('comments')
  const status = STATUSES.find((each) => each === chosen) ?? null
  const pages = usePages(ReaderPageDocument, { id, status, language }, ({ reader }) => reader?.comments)
  return (
    <section className="part" aria-labelledby="comments">
      <h2 id="comments">{text('readers.comments')}</h2>
      <StatusButtons counts={counts} chosen={status} onChoose={choose} />
      <List pages={pages} empty={text('readers.no-comments')}>
        {(comments) => (
          <ol className="items">
            {comments.map((comment) => (
              <li key={comment.id}>
                <CommentItem comment={comment} />
              </li>
            ))}
          </ol>
        )}
      </List>
    </section>
  )
}

interface StatusButtonsProps {
  counts: ReaderCommentsProps['counts']
  chosen: CommentStatus | null
  onChoose(status: CommentStatus | null): void
}

function StatusButtons({ counts, chosen, onChoose }: StatusButtonsProps) {
  const text = useRecordText()
  const number = useNumber()
  const countOf = { PENDING: counts.pending, APPROVED: counts.approved, REJECTED: counts.rejected }
  const labelOf = (status: CommentStatus) => {
    const count = number(countOf[status])
    return `${text(`comment-status.${status}`)} ${countOf[status] < MAX_COUNT ? count : `${count}+`}`
  }
  return (
    <fieldset className="tabs">
      <legend className="visually-hidden">{text('readers.comments-filter')}</legend>
      {[null, ...STATUSES].map((status) => (
        <button
          key={status}
          type="button"
          className="button button-plain"
          aria-pressed={status === chosen}
          onClick={() => onChoose(status)}
        >
          {status === null ? text('records.all') : labelOf(status)}
        </button>
      ))}
    </fieldset>
  )
}

type Comment = NonNullable<ReaderPageQuery['reader']>['comments']['edges'][number]['node']

function CommentItem({ comment }: { comment: Comment }) {
  const text = useRecordText()
  const { status } = comment
  return (
    <article className="item">
      <header className="item-head">
        <Badge kind={KINDS[status]}>{text(`comment-status.${status}`)}</Badge>
        {comment.isReply && <span>{text('readers.is-reply')}</span>}
        <Time at={comment.submittedAt} />
      </header>
      <blockquote className="comment-text" dir="auto" lang={comment.language ?? undefined}>
        <CommentText body={comment.body} />
      </blockquote>
      <p className="item-context">
        <StoryName story={comment.article} />
      </p>
      <Decisions decisions={comment.decisions ?? []} />
    </article>
  )
}

function Decisions({ decisions }: { decisions: NonNullable<Comment['decisions']> }) {
  const text = useRecordText()
  const moment = useMoment()
  if (decisions.length === 0) return null
  return (
    <ul className="history">
      {decisions.map(({ verdict, at, moderatorName: name, note, guidelines }) => (
        <li key={at}>
          <p>{text(`readers.decided.${verdict}`, { name, at: moment(at) })}</p>
          {guidelines.length > 0 && <p>{guidelines.map(({ title }) => title).join(' · ')}</p>}
          {note && <p dir="auto">{note}</p>}
        </li>
      ))}
    </ul>
  )
}
