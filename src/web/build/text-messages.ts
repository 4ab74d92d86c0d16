import { readFileSync } from 'node:fs'
import { type CompiledMessage, compileMessageOrThrow } from '@lingui/message-utils/compileMessage'

/** The texts of one language, compiled: by key, as the i18n library reads them. */
export type Messages = Readonly<Record<string, CompiledMessage>>

/** Reads and compiles a file of texts: a JSON object with a text in ICU MessageFormat by key. */
export function readMessages(file: string): Messages {
  const texts = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, compileMessageOrThrow(text)]))
}
