import { useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { GuidelinesDocument, RetractCommentDocument } from '../../../../schema/documents.ts'
import { useErrorText } from '../components/errors.ts'
import type { Toast } from '../components/toasts.tsx'
import { ActionDialog } from '../records/action-dialog.tsx'
import { Answer } from '../records/answer.tsx'
import { useMoment } from '../records/formats.ts'
import { TextArea } from '../records/text-area.tsx'
import { useRecordText } from '../records/texts.ts'
import { useLanguage } from '../shell/language.tsx'
import type { Decided } from './decided.ts'

/** The longest note that the API accepts. */
const MAX_NOTE_LENGTH = 1_000

interface RetractDialogProps {
  comment: Pick<Decided['comment'], 'id' | 'body' | 'language'>
  onClose(): void
  onDone(outcome: Toast): void
}

/** Retracts an approved comment, for the guidelines that it breaks. */
export function RetractDialog({ comment, onClose, onDone }: RetractDialogProps) {
  const text = useRecordText()
  const [guidelines, setGuidelines] = useState<readonly string[]>([])
  const [note, setNote] = useState('')
  const retract = useRetract()
  return (
    <ActionDialog
      title={text('decided.retract-title')}
      action={text('decided.retract-action')}
      isDangerous
      isReady={guidelines.length > 0}
      onConfirm={async () => {
        const { problem, outcome } = await retract({ id: comment.id, guidelines: [...guidelines], note })
        if (outcome) onDone(outcome)
        return problem
      }}
      onClose={onClose}
    >
      <blockquote className="comment-text" dir="auto" lang={comment.language ?? undefined}>
        {comment.body}
      </blockquote>
      <p>{text('decided.retract-consequence')}</p>
      <GuidelineBoxes chosen={guidelines} onChange={setGuidelines} />
      <TextArea
        label={text('decided.note-label')}
        description={text('decided.note-about')}
        value={note}
        maxLength={MAX_NOTE_LENGTH}
        onChange={setNote}
      />
    </ActionDialog>
  )
}

interface GuidelineBoxesProps {
  chosen: readonly string[]
  onChange(chosen: readonly string[]): void
}

function GuidelineBoxes({ chosen, onChange }: GuidelineBoxesProps) {
  const text = useRecordText()
  const { language } = useLanguage()
  const [result, reload] = useQuery({ query: GuidelinesDocument, variables: { language } })
  return (
    <fieldset className="boxes">
      <legend>{text('decided.guidelines-label')}</legend>
      <Answer result={result} reload={reload}>
        {(data) =>
          data.guidelines.map(({ code, title, description }) => (
            <label key={code} className="box">
              <input
                type="checkbox"
                checked={chosen.includes(code)}
                onChange={({ target }) =>
                  onChange(target.checked ? [...chosen, code] : chosen.filter((other) => other !== code))
                }
              />
              <span>
                {title} <small>{description}</small>
              </span>
            </label>
          ))
        }
      </Answer>
    </fieldset>
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
