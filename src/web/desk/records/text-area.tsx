import { Field } from '../components/fields.tsx'

interface TextAreaProps {
  label: string
  description?: string
  value: string
  rows?: number
  maxLength?: number
  isRequired?: boolean
  /** The language of the text, as a BCP 47 tag. */
  language?: string
  onChange(value: string): void
}

/** Several lines of text. */
export function TextArea({ label, description, rows = 3, isRequired, language, ...rest }: TextAreaProps) {
  return (
    <Field label={label} description={description}>
      {(props) => (
        <textarea
          {...props}
          className="text-input"
          dir="auto"
          lang={language}
          rows={rows}
          maxLength={rest.maxLength}
          value={rest.value}
          required={isRequired}
          onChange={(event) => rest.onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
