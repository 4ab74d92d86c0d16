import { Button } from '../components/button.tsx'
import { CommentText } from '../components/comment-text.tsx'
import { useMoment } from '../components/formats.ts'
import { Time } from '../components/time.tsx'
import { Badge } from '../records/badge.tsx'
import { ReaderName, StoryName } from '../records/person-and-story.tsx'
import { useRecordText } from '../records/texts.ts'
import type { Decided } from './decided.ts'

/** One decision, with the comment as it is now. */
export function DecisionItem({ decision, onRetract }: { decision: Decided; onRetract: () => void }) {
  const text = useRecordText()
  const { verdict, at, moderatorName, note, guidelines, comment } = decision
  return (
    <article className="item">
      <header className="item-head">
        <Badge kind={verdict === 'APPROVED' ? 'good' : 'bad'}>{text(`verdict.${verdict}`)}</Badge>
        <span>{text('decided.by', { name: moderatorName })}</span>
        <Time at={at} />
        {verdict === 'APPROVED' && comment.status === 'APPROVED' && (
          <Button kind="quiet" onPress={onRetract}>
            {text('decided.retract')}
          </Button>
        )}
      </header>
      <blockquote className="comment-text" dir="auto" lang={comment.language ?? undefined}>
        <CommentText body={comment.body} />
      </blockquote>
      <p className="item-context">
        <ReaderName name={comment.author.displayName} reader={comment.reader} />
        <StoryName story={comment.article} />
      </p>
      {guidelines.length > 0 && (
        <ul className="guideline-names" aria-label={text('decided.guidelines')}>
          {guidelines.map(({ code, title }) => (
            <li key={code}>{title}</li>
          ))}
        </ul>
      )}
      {note && (
        <p>
          {text('decided.note')} <q dir="auto">{note}</q>
        </p>
      )}
      <Later decision={decision} />
    </article>
  )
}

/** Who retracted the comment later, and when. */
function Later({ decision: { verdict, comment } }: { decision: Decided }) {
  const text = useRecordText()
  const moment = useMoment()
  if (verdict !== 'APPROVED') return null
  const later = comment.decisions?.find((other) => other.verdict === 'REJECTED')
  if (!later) return null
  return (
    <p className="hint">
      {text('decided.retracted-later', { name: later.moderatorName, at: moment(later.at) })}
    </p>
  )
}
