import type { RefObject } from 'react'
import { useQuery } from 'urql'
import { GuidelinesDocument, type GuidelinesQuery } from '../../../../schema/documents.ts'
import { MAX_NOTE_LENGTH } from '../../../text/comment-limits.ts'
import { useLanguage } from '../shell/language.tsx'
import { useText } from '../shell/texts.ts'
import { Field } from './fields.tsx'
import { Failure } from './states.tsx'

/** Why comments are rejected or retracted. */
export interface Reasons {
  /** The codes of the guidelines that they break. */
  guidelines: readonly string[]
  note: string
}

export const NO_REASONS: Reasons = { guidelines: [], note: '' }

/** The reasons with a guideline chosen, or no longer chosen. */
export function toggleGuideline(reasons: Reasons, code: string): Reasons {
  const { guidelines } = reasons
  const others = guidelines.filter((each) => each !== code)
  return { ...reasons, guidelines: others.length < guidelines.length ? others : [...guidelines, code] }
}

/** The guidelines in the language of the desk, and why they can't be loaded. */
export function useGuidelines() {
  const { language } = useLanguage()
  const [{ data, error }, reload] = useQuery({ query: GuidelinesDocument, variables: { language } })
  const failure = error && !data && (
    <Failure error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />
  )
  return { guidelines: data?.guidelines ?? [], failure }
}

interface GuidelineChoiceProps {
  guidelines: GuidelinesQuery['guidelines']
  chosen: readonly string[]
  /** Whether the keys 1 to 9 choose. */
  hasKeys?: boolean
  onToggle(code: string): void
}

export function GuidelineChoice({ guidelines, chosen, hasKeys, onToggle }: GuidelineChoiceProps) {
  const text = useText()
  return (
    <fieldset className="guidelines">
      <legend>{text('reject.guidelines')}</legend>
      {guidelines.map(({ code, title, description }, index) => (
        <label key={code} className="guideline">
          <input type="checkbox" checked={chosen.includes(code)} onChange={() => onToggle(code)} />
          {hasKeys && (
            <span className="key" aria-hidden="true">
              {index + 1}
            </span>
          )}
          <span>
            <span className="guideline-title">{title}</span>
            <span className="guideline-description">{description}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

interface NoteFieldProps {
  note: string
  field?: RefObject<HTMLTextAreaElement | null>
  onChange(note: string): void
}

export function NoteField({ note, field, onChange }: NoteFieldProps) {
  const text = useText()
  return (
    <Field label={text('reject.note')} description={text('reject.noteHint')}>
      {(props) => (
        <textarea
          {...props}
          ref={field}
          className="text-input"
          dir="auto"
          maxLength={MAX_NOTE_LENGTH}
          value={note}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
