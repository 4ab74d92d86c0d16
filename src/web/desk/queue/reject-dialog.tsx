import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useQuery } from 'urql'
import { GuidelinesDocument } from '../../../../schema/documents.ts'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { Field } from '../components/fields.tsx'
import { Notice } from '../components/notice.tsx'
import { Failure } from '../components/states.tsx'
import { useLanguage } from '../shell/language.tsx'
import { useText } from '../shell/texts.ts'
import { isField, latinOf } from './keys.ts'
import type { Rejection } from './use-actions.ts'
import type { Departure, Queue } from './use-queue.ts'

interface Props {
  rejection: Rejection | null
  departures: Queue['departures']
  onClose(): void
}

/** The longest note, in characters. */
const MAX_NOTE = 2_000

/** Asks which guidelines the comments break. Keys: 1 to 9 for the guidelines, n for the note, Enter to reject. */
export function RejectDialog({ rejection, departures, onClose }: Props) {
  const text = useText()
  const count = rejection?.comments.length ?? 0
  return (
    <Dialog title={text('reject.title', { count })} isOpen={rejection !== null} onClose={onClose}>
      {rejection && <RejectForm rejection={rejection} departures={departures} onClose={onClose} />}
    </Dialog>
  )
}

function RejectForm({ rejection, departures, onClose }: Props & { rejection: Rejection }) {
  const text = useText()
  const { language } = useLanguage()
  const [{ data, error }, reload] = useQuery({ query: GuidelinesDocument, variables: { language } })
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [note, setNote] = useState('')
  const [isMissing, setMissing] = useState(false)
  const noteField = useRef<HTMLTextAreaElement>(null)
  const form = useRef<HTMLFormElement>(null)
  const guidelines = data?.guidelines ?? []
  const titleId = useId()
  useEffect(() => form.current?.focus(), [])

  const toggle = (code: string) => {
    const next = new Set(chosen)
    if (!next.delete(code)) next.add(code)
    setChosen(next)
    setMissing(false)
  }
  const submit = () => {
    if (chosen.size === 0) setMissing(true)
    else rejection.reject([...chosen], note.trim())
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
      aria-labelledby={titleId}
      onKeyDown={onKeyDown}
      onSubmit={(event) => event.preventDefault()}
    >
      <Meanwhile rejection={rejection} departures={departures} />
      {rejection.comments.length === 1 && (
        <blockquote className="reject-quote" dir="auto">
          {rejection.comments[0]?.body}
        </blockquote>
      )}
      {error && !data && <Failure error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />}
      <fieldset className="guidelines">
        <legend id={titleId}>{text('reject.guidelines')}</legend>
        {guidelines.map(({ code, title, description }, index) => (
          <label key={code} className="guideline">
            <input type="checkbox" checked={chosen.has(code)} onChange={() => toggle(code)} />
            <span className="key" aria-hidden="true">
              {index + 1}
            </span>
            <span>
              <span className="guideline-title">{title}</span>
              <span className="guideline-description">{description}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {isMissing && <Notice kind="failure">{text('reject.choose')}</Notice>}
      <Field label={text('reject.note')} description={text('reject.noteHint')}>
        {(props) => (
          <textarea
            {...props}
            ref={noteField}
            className="text-input"
            dir="auto"
            maxLength={MAX_NOTE}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        )}
      </Field>
      <div className="reject-actions">
        <Button onPress={onClose}>{text('cancel')}</Button>
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
