import {
  createContext,
  type ReactNode,
  startTransition,
  use,
  useLayoutEffect,
  useMemo,
  useState,
} from 'react'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { directionOf, LANGUAGES, type Language, languageFor } from '../../texts/languages.ts'

interface Languages {
  language: Language
  setLanguage(language: Language): void
}

const LanguageContext = createContext<Languages | null>(null)

/** The language of the desk, and how to change it. */
export function useLanguage(): Languages {
  const languages = use(LanguageContext)
  if (!languages) throw new Error('useLanguage needs LanguageProvider')
  return languages
}

/** Applies the chosen language to the document; it is the browser's until the user chooses one. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(initialLanguage)
  useLayoutEffect(() => {
    document.documentElement.lang = language
    document.documentElement.dir = directionOf(language)
  }, [language])
  const value = useMemo(
    () => ({
      language,
      setLanguage(chosen: Language) {
        storeLanguage(chosen)
        startTransition(() => setLanguage(chosen))
      },
    }),
    [language],
  )
  return (
    <LanguageContext value={value}>
      <I18nProvider locale={language}>{children}</I18nProvider>
    </LanguageContext>
  )
}

const STORED = 'dateline-language'

function initialLanguage(): Language {
  const stored = storedLanguage()
  return LANGUAGES.find((each) => each === stored) ?? languageFor(navigator.languages)
}

function storedLanguage(): string | null {
  try {
    return localStorage.getItem(STORED)
  } catch {
    return null
  }
}

/** Browsers can forbid storage: then the choice is for this visit. */
function storeLanguage(language: Language): void {
  try {
    localStorage.setItem(STORED, language)
  } catch {}
}
