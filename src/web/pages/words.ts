import { datesOf } from '../texts/dates.ts'
import { directionOf, type Language } from '../texts/languages.ts'
import ar from '../texts/pages/ar.json' with { type: 'json' }
import ckb from '../texts/pages/ckb.json' with { type: 'json' }
import en from '../texts/pages/en.json' with { type: 'json' }
import tr from '../texts/pages/tr.json' with { type: 'json' }
import { type Text, textsOf } from '../texts/texts.ts'

/** The texts of a page in its language, and how dates are written in it. */
export interface Words {
  language: Language
  direction: 'ltr' | 'rtl'
  text: Text<keyof typeof en>
  /** A day: "30 November 2026". */
  day(iso: string): string
  /** A day and time, in UTC. */
  moment(iso: string): string
}

const MESSAGES = { en, ar, ckb, tr }

/** The words of each language, made once. */
const known = new Map<Language, Words>()

export function wordsOf(language: Language): Words {
  const words = known.get(language) ?? makeWords(language)
  known.set(language, words)
  return words
}

function makeWords(language: Language): Words {
  // The newsroom's readers are in any time zone.
  const { day, moment } = datesOf(language, 'UTC')
  return {
    language,
    direction: directionOf(language),
    text: textsOf(language, MESSAGES[language]),
    day: (iso) => day(new Date(iso)),
    moment: (iso) => moment(new Date(iso)),
  }
}
