import { useMutation } from 'urql'
import { RetractCommentDocument } from '../../../../schema/documents.ts'
import { useErrorText } from '../components/errors.ts'
import { useMoment } from '../components/formats.ts'
import {
  GuidelineChoice,
  NO_REASONS,
  NoteField,
  toggleGuideline,
  useGuidelines,
} from '../components/rejection-fields.tsx'
import type { Toast } from '../components/toasts.tsx'
import { ActionDialog } from '../records/action-dialog.tsx'
import { useRecordText } from '../records/texts.ts'
import { useKept } from '../shell/kept.ts'
import type { Decided } from './decided.ts'

interface RetractDialogProps {
  comment: Pick<Decided['comment'], 'id' | 'body' | 'language'>
  onClose(): void
  onDone(outcome: Toast): void
}

/** Retracts an approved comment, for the guidelines that it breaks. */
export function RetractDialog({ comment, onClose, onDone }: RetractDialogProps) {
  const text = useRecordText()
  const [reasons, setReasons, forget] = useKept(`retract:${comment.id}`, NO_REASONS)
  const { guidelines: chosen, note } = reasons
  const { guidelines, failure } = useGuidelines()
  const retract = useRetract()
  return (
    <ActionDialog
      title={text('decided.retract-title')}
      action={text('decided.retract-action')}
      isDangerous
      isReady={chosen.length > 0}
      onConfirm={async () => {
        const { problem, outcome } = await retract({ id: comment.id, guidelines: [...chosen], note })
        if (problem === null) forget()
        if (outcome) onDone(outcome)
        return problem
      }}
      onClose={onClose}
    >
      <blockquote className="comment-text" dir="auto" lang={comment.language ?? undefined}>
        {comment.body}
      </blockquote>
      <p>{text('decided.retract-consequence')}</p>
      {failure}
      <GuidelineChoice
        guidelines={guidelines}
        chosen={chosen}
        onToggle={(code) => setReasons(toggleGuideline(reasons, code))}
      />
      <NoteField note={note} onChange={(changed) => setReasons({ ...reasons, note: changed })} />
    </ActionDialog>
  )
}

interface Retracted {
  /** Keeps the dialog open. */
  problem: string | null
  outcome: Toast | null
}

/** Sends a retraction. If another moderator decided first, the outcome says who did what, and when. */
function useRetract(): (retraction: {
  id: string
  guidelines: string[]
  note: string
}) => Promise<Retracted> {
  const text = useRecordText()
  const errorText = useErrorText()
  const moment = useMoment()
  const [, send] = useMutation(RetractCommentDocument)
  const failed = (problem: string) => ({ problem, outcome: null })
  const ended = (outcome: Toast) => ({ problem: null, outcome })
  return async ({ note, ...retraction }) => {
    const { data, error } = await send({ ...retraction, note: note.trim() || null })
    if (error) return failed(errorText(error))
    const answer = data?.rejectComments
    if (answer?.__typename !== 'RejectCommentsPayload') return failed(errorText(answer ?? new Error()))
    const [result] = answer.results
    switch (result?.__typename) {
      case 'CommentDecided':
        return ended({ kind: 'done', text: text('decided.retracted') })
      case 'DecisionConflict': {
        const { verdict, moderatorName: name, at } = result.decision
        return ended({ kind: 'failure', text: text(`decided.conflict.${verdict}`, { name, at: moment(at) }) })
      }
      case 'Forbidden':
        return failed(text('decided.own-comment'))
      default:
        return failed(errorText(result ?? new Error()))
    }
  }
}
