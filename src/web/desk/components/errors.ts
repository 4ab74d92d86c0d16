import { CombinedError } from 'urql'
import { OUTDATED_CODES } from '../shell/outdated.ts'
import { type DeskText, useText } from '../shell/texts.ts'

/** An expected failure of a mutation: the members of its union that implement Error. */
export interface ApiFailure {
  code: string
  message: string
}

/** Errors with a text of the desk, by the code of the API. Others show the API's message, which is English. */
const KNOWN = [
  'FORBIDDEN',
  'NOT_FOUND',
  'NOT_SIGNED_IN',
  'RATE_LIMITED',
  'TEMPORARILY_UNAVAILABLE',
  'CONFLICT',
] as const

type Known = (typeof KNOWN)[number]

/** Returns the function that says what went wrong and what to do, in the language of the desk. */
export function useErrorText(): (error: Error | ApiFailure) => string {
  const text = useText()
  return (error) => errorText(text, error)
}

export function errorText(text: DeskText, error: Error | ApiFailure): string {
  if (error instanceof CombinedError) {
    if (error.networkError) return text('error.network')
    const [first] = error.graphQLErrors
    return textOfCode(text, String(first?.extensions?.code ?? ''), first?.message)
  }
  if ('code' in error) return textOfCode(text, error.code, error.message)
  return text('error.unknown')
}

function textOfCode(text: DeskText, code: string, message: string | undefined): string {
  if (OUTDATED_CODES.includes(code)) return text('error.outdated')
  const known = KNOWN.find((each): each is Known => each === code)
  if (known) return text(`error.${known}`)
  return message && code ? message : text('error.unknown')
}
