import { getLocalTimeZone, parseDateTime, toZoned } from '@internationalized/date'
import { Field } from '../components/fields.tsx'
import { useMoment } from '../components/formats.ts'
import { useRecordText } from './texts.ts'

/** A date and time as it is typed, and the time zone that it is meant in. */
export interface TypedMoment {
  /** As in `<input type="datetime-local">`; empty until it is complete. */
  local: string
  zone: string
}

export function emptyMoment(): TypedMoment {
  return { local: '', zone: getLocalTimeZone() }
}

/** The moment in ISO 8601; null if it is not complete. An hour that a clock change skips is read as the next one. */
export function instantOf({ local, zone }: TypedMoment): string | null {
  if (local === '') return null
  try {
    return toZoned(parseDateTime(local), zone).toAbsoluteString()
  } catch {
    return null
  }
}

export function isFuture(moment: TypedMoment): boolean {
  const instant = instantOf(moment)
  return instant !== null && Date.parse(instant) > Date.now()
}

interface MomentFieldProps {
  label: string
  value: TypedMoment
  onChange(value: TypedMoment): void
}

/** A moment in the future, in a time zone. */
export function MomentField({ label, value, onChange }: MomentFieldProps) {
  const text = useRecordText()
  const moment = useMoment()
  const instant = instantOf(value)
  const isPast = instant !== null && !isFuture(value)
  return (
    <div className="moment">
      <Field
        label={label}
        description={instant && !isPast ? text('moment.yours', { at: moment(instant) }) : undefined}
        error={isPast ? text('moment.past') : null}
      >
        {(props) => (
          <input
            {...props}
            type="datetime-local"
            className="text-input"
            value={value.local}
            onChange={(event) => onChange({ ...value, local: event.target.value })}
          />
        )}
      </Field>
      <Field label={text('moment.zone')}>
        {(props) => (
          <select
            {...props}
            className="choice"
            dir="ltr"
            value={value.zone}
            onChange={(event) => onChange({ ...value, zone: event.target.value })}
          >
            {zones().map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </select>
        )}
      </Field>
    </div>
  )
}

/** The user's zone and UTC, then all others. */
function zones(): string[] {
  return [...new Set([getLocalTimeZone(), 'UTC', ...Intl.supportedValuesOf('timeZone')])]
}
