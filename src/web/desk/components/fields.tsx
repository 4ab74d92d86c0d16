import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { setFilters, usePlace } from '../shell/router.tsx'

interface FieldProps {
  label: string
  description?: string
  error?: string | null
  children(props: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean }): ReactNode
}

/** A label with its control, description and error. */
export function Field({ label, description, error, children }: FieldProps) {
  const id = useId()
  const hints = [description && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': hints || undefined, 'aria-invalid': Boolean(error) })}
      {description && (
        <p className="field-hint" id={`${id}-hint`}>
          {description}
        </p>
      )}
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  )
}

interface FilterProps {
  /** Its name in the address. */
  name: string
  label: string
}

/** Typing waits this long before it changes the address, in ms. */
const TYPING_MS = 300

/** A filter for words. The address changes while typing, with one step for the back button. */
export function TextFilter({ name, label, maxLength = 200 }: FilterProps & { maxLength?: number }) {
  const { search } = usePlace()
  const inAddress = search.get(name) ?? ''
  const [typed, setTyped] = useState(inAddress)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const sent = useRef(inAddress)
  useEffect(() => {
    // The back button changed the address.
    if (inAddress !== sent.current) {
      clearTimeout(timer.current)
      sent.current = inAddress
      setTyped(inAddress)
    }
  }, [inAddress])
  useEffect(() => () => clearTimeout(timer.current), [])
  const type = (value: string) => {
    setTyped(value)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      const isRefinement = sent.current !== ''
      sent.current = value.trim()
      setFilters({ [name]: value.trim() || null }, { replace: isRefinement })
    }, TYPING_MS)
  }
  return (
    <Field label={label}>
      {(props) => (
        <input
          {...props}
          type="search"
          className="text-input"
          dir="auto"
          data-filter={name}
          maxLength={maxLength}
          value={typed}
          onChange={(event) => type(event.target.value)}
        />
      )}
    </Field>
  )
}

interface Choice {
  value: string
  label: string
}

/** A filter with a choice of values; the first choice is no filter. */
export function ChoiceFilter({
  name,
  label,
  all,
  choices,
}: FilterProps & { all: string; choices: readonly Choice[] }) {
  const { search } = usePlace()
  const value = search.get(name) ?? ''
  const isKnown = value === '' || choices.some((choice) => choice.value === value)
  return (
    <Field label={label}>
      {(props) => (
        <select
          {...props}
          className="choice"
          value={value}
          onChange={(event) => setFilters({ [name]: event.target.value || null })}
        >
          <option value="">{all}</option>
          {!isKnown && <option value={value}>{value}</option>}
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

/** The filters of a view, side by side. */
export function Filters({ label, children }: { label: string; children: ReactNode }) {
  return (
    <search className="filters" aria-label={label}>
      {children}
    </search>
  )
}
