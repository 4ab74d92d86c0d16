import { CombinedError } from 'urql'
import { OUTDATED_CODES } from '../shell/outdated.ts'
import { type DeskText, useText } from '../shell/texts.ts'

/** An expected failure of a mutation: the members of its union that implement Error. */
export interface ApiFailure {
  code: string
  message: string
}

/** Errors with a text of the desk, by the code of the API. The API's own messages are English. */
const KNOWN = [
  'FORBIDDEN',
  'NOT_FOUND',
  'NOT_SIGNED_IN',
  'RATE_LIMITED',
  'TEMPORARILY_UNAVAILABLE',
  'CONFLICT',
  'INVALID_INPUT',
  'UNKNOWN_CURSOR',
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
    return textOfCode(text, error.graphQLErrors[0]?.extensions?.code)
  }
  if (!('code' in error)) return text('error.unknown')
  return refusalOf(text, error)
}

/** Only the API knows which part of an input it refused, and why: its message is shown, in English. */
function refusalOf(text: DeskText, { code, message }: ApiFailure): string {
  const isExplained = code === 'INVALID_INPUT' || !(isKnown(code) || isOutdated(code))
  return isExplained && code && message
    ? text('error.refused', { message: `${FIRST_STRONG_ISOLATE}${message}${POP_ISOLATE}` })
    : textOfCode(text, code)
}

/** Marks a part of a text that has its own direction. */
const FIRST_STRONG_ISOLATE = '\u2068'
const POP_ISOLATE = '\u2069'

function textOfCode(text: DeskText, code: unknown): string {
  if (isOutdated(code)) return text('error.outdated')
  return text(isKnown(code) ? `error.${code}` : 'error.unknown')
}

function isKnown(code: unknown): code is Known {
  return KNOWN.some((each) => each === code)
}

function isOutdated(code: unknown): boolean {
  return OUTDATED_CODES.some((each) => each === code)
}
