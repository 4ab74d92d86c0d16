import { useEffect } from 'react'
import { errorText } from '../components/errors.ts'
import { Time } from '../components/time.tsx'
import { useToast } from '../components/toasts.tsx'
import { type DeskText, useText } from '../shell/texts.ts'
import { useViewer } from '../shell/viewer.ts'
import { decisions } from './decisions.ts'
import type { BatchResult } from './pending.ts'
import type { Outcome } from './sending.ts'

type Result = BatchResult['outcomes'][number]

/** How results are shown: the last view of the queue set it, and it stays when the user looks at something else. */
let show: ((result: BatchResult) => void) | null = null
decisions.onResult((result) => show?.(result))

/** Shows what became of decisions, if that is not simply what the moderator wanted. */
export function useResultToasts(): void {
  const text = useText()
  const toast = useToast()
  const { displayName } = useViewer()
  useEffect(() => {
    show = (result) => {
      const others = result.outcomes.filter(({ outcome }) => wasDecidedByOthers(outcome, displayName))
      const failed = result.outcomes.filter(({ outcome }) => isFailure(outcome))
      if (result.outcomes.length > 1)
        toast({ kind: failed.length > 0 ? 'failure' : 'done', text: summary(text, result, others, failed) })
      for (const other of others.slice(0, 3)) toast({ kind: 'failure', text: <ByOther {...other} /> })
      const [first] = failed
      if (first) toast({ kind: 'failure', text: <NotDecided text={text} {...first} /> })
    }
  }, [text, toast, displayName])
}

function summary(
  text: DeskText,
  { batch, outcomes }: BatchResult,
  others: Result[],
  failed: Result[],
): string {
  const count = outcomes.length - others.length - failed.length
  return [
    text(batch.verdict.kind === 'approve' ? 'result.approved' : 'result.rejected', { count }),
    ...(others.length > 0 ? [text('result.others', { count: others.length })] : []),
    ...(failed.length > 0 ? [text('result.failed', { count: failed.length })] : []),
  ].join(' ')
}

/** Another moderator was first: the same decision, or another one. A request that was repeated finds its own decision. */
function wasDecidedByOthers(outcome: Outcome, ownName: string): boolean {
  if (outcome.__typename === 'DecisionConflict') return true
  if (outcome.__typename !== 'CommentDecided' || outcome.changed) return false
  return outcome.decision.moderatorName !== ownName
}

function isFailure(outcome: Outcome): boolean {
  return outcome.__typename !== 'CommentDecided' && outcome.__typename !== 'DecisionConflict'
}

/** Who did what when. */
function ByOther({ comment, outcome }: Result) {
  const text = useText()
  if (!('decision' in outcome)) return null
  const { verdict, moderatorName, at } = outcome.decision
  return (
    <>
      <p>
        {text(verdict === 'APPROVED' ? 'conflict.approved' : 'conflict.rejected', {
          moderator: moderatorName,
          author: comment.author.displayName,
        })}
      </p>
      <p className="toast-detail">
        <Time at={at} />
      </p>
    </>
  )
}

function NotDecided({ text, comment, outcome }: Result & { text: DeskText }) {
  if (!('code' in outcome)) return null
  const reason =
    outcome.__typename === 'ParentNotApproved'
      ? text('failed.parent')
      : outcome.code === 'NETWORK'
        ? text('error.network')
        : errorText(text, outcome)
  return (
    <>
      <p>{text('failed.back', { author: comment.author.displayName })}</p>
      <p className="toast-detail">{reason}</p>
    </>
  )
}
