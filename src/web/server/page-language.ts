import Negotiator from 'negotiator'
import { weightsOnly } from '../../text/header-weights.ts'
import { type Language, languageFor } from '../texts/languages.ts'

/** The language of the screens that an Accept-Language header prefers (RFC 9110, 12.5.4). */
export function preferredLanguage(header: string | undefined): Language {
  if (header === undefined) return languageFor([])
  return languageFor(new Negotiator({ headers: { 'accept-language': weightsOnly(header) } }).languages())
}
