import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { Notice } from '../components/notice.tsx'
import {
  GuidelineChoice,
  NO_REASONS,
  NoteField,
  toggleGuideline,
  useGuidelines,
} from '../components/rejection-fields.tsx'
import { useKept } from '../shell/kept.ts'
import { useText } from '../shell/texts.ts'
import { isField, latinOf } from './keys.ts'
import type { Rejection } from './use-actions.ts'
import type { Departure, Queue } from './use-queue.ts'

interface Props {
  rejection: Rejection | null
  departures: Queue['departures']
  onClose(): void
}

/** Asks which guidelines the comments break. Keys: 1 to 9 for the guidelines, n for the note, Enter to reject. */
export function RejectDialog({ rejection, departures, onClose }: Props) {
  const text = useText()
  const count = rejection?.comments.length ?? 0
  return (
    <Dialog title={text('reject.title', { count })} isOpen={rejection !== null} onClose={onClose} hasInput>
      {rejection && <RejectForm rejection={rejection} departures={departures} onClose={onClose} />}
    </Dialog>
  )
}

function RejectForm({ rejection, departures, onClose }: Props & { rejection: Rejection }) {
  const text = useText()
  const { comments } = rejection
  const [reasons, setReasons, forget] = useKept(`reject:${comments[0]?.id}:${comments.length}`, NO_REASONS)
  const [isMissing, setMissing] = useState(false)
  const noteField = useRef<HTMLTextAreaElement>(null)
  const form = useRef<HTMLFormElement>(null)
  const { guidelines, failure } = useGuidelines()
  useEffect(() => form.current?.focus(), [])

  const toggle = (code: string) => {
    setReasons(toggleGuideline(reasons, code))
    setMissing(false)
  }
  const submit = () => {
    if (reasons.guidelines.length === 0) return setMissing(true)
    forget()
    rejection.reject(reasons.guidelines, reasons.note.trim())
  }
  const cancel = () => {
    forget()
    onClose()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const { ctrlKey, metaKey, altKey, key } = event
    const inNote = isField(event.target)
    // A held key decides once, and chooses once.
    if (event.repeat && !inNote) return event.preventDefault()
    if (key === 'Enter' && (!inNote || ctrlKey || metaKey) && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault()
      submit()
    }
    if (inNote || ctrlKey || metaKey || altKey) return
    const character = latinOf(event.nativeEvent)
    const guideline = /^[1-9]$/.test(character) ? guidelines[Number(character) - 1] : undefined
    if (guideline) toggle(guideline.code)
    else if (character === 'n') noteField.current?.focus()
    else return
    event.preventDefault()
  }
  return (
    <form
      ref={form}
      tabIndex={-1}
      className="reject-form"
      aria-label={text('reject.title', { count: comments.length })}
      onKeyDown={onKeyDown}
      onSubmit={(event) => event.preventDefault()}
    >
      <Meanwhile rejection={rejection} departures={departures} />
      {comments.length === 1 && (
        <blockquote className="reject-quote" dir="auto">
          {comments[0]?.body}
        </blockquote>
      )}
      {failure}
      <GuidelineChoice guidelines={guidelines} chosen={reasons.guidelines} hasKeys onToggle={toggle} />
      {isMissing && <Notice kind="failure">{text('reject.choose')}</Notice>}
      <NoteField
        note={reasons.note}
        field={noteField}
        onChange={(note) => setReasons({ ...reasons, note })}
      />
      <div className="reject-actions">
        <Button onPress={cancel}>{text('cancel')}</Button>
        <Button kind="danger" onPress={submit}>
          {text('reject')}{' '}
          <span className="key" aria-hidden="true">
            ↵
          </span>
        </Button>
      </div>
    </form>
  )
}

/** Says when another moderator decided one of the comments while the dialog is open. */
function Meanwhile({ rejection, departures }: { rejection: Rejection; departures: Queue['departures'] }) {
  const text = useText()
  const [seen, setSeen] = useState<readonly Departure[]>([])
  useEffect(() => {
    const found = rejection.comments.flatMap(({ id }) => departures.get(id) ?? [])
    // They stay here although they leave the list.
    if (found.length > 0) setSeen(found)
  }, [rejection, departures])
  return seen.map(({ comment, decision }) => (
    <Notice key={comment.id} kind="warning">
      {text(decision.verdict === 'APPROVED' ? 'comment.approvedBy' : 'comment.rejectedBy', {
        name: decision.moderatorName,
      })}
    </Notice>
  ))
}
