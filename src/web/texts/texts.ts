import { type Messages, setupI18n } from '@lingui/core'
import { type Language, localesOf } from './languages.ts'

/** What a text is filled in with. */
export type Values = Readonly<Record<string, string | number>>

/** Returns the text of a key in one language. */
export type Text<Key extends string> = (key: Key, values?: Values) => string

/**
 * Makes the function that returns texts.
 * @param messages the compiled texts of this language, by key
 */
export function textsOf<Key extends string>(language: Language, messages: Messages): Text<Key> {
  const i18n = setupI18n({
    locale: language,
    locales: localesOf(language),
    messages: { [language]: messages },
  })
  return (key, values) => i18n._(key, values)
}
