import { LANGUAGE_NAMES, LANGUAGES, type Language } from '../../texts/languages.ts'
import { useLanguage } from './language.tsx'
import { useText } from './texts.ts'

/** Chooses the language of the desk. Each language is named in itself. */
export function LanguageChoice() {
  const text = useText()
  const { language, setLanguage } = useLanguage()
  return (
    <select
      className="choice"
      aria-label={text('language')}
      value={language}
      onChange={(event) => setLanguage(event.target.value as Language)}
    >
      {LANGUAGES.map((each) => (
        <option key={each} value={each} lang={each}>
          {LANGUAGE_NAMES[each]}
        </option>
      ))}
    </select>
  )
}
