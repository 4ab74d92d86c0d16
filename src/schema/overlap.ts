import { parseDurationSeconds } from '../base/duration.ts'
import { InvalidInput } from '../base/errors.ts'
import type { InputFields } from '../graphql/builder.ts'

// The overlap of old and new keys or secrets in the input of a mutation.

/** @param what the keys or secrets that a new one replaces */
export const overlapField = (t: InputFields, what: 'keys' | 'secrets') => ({
  overlap: t.string({
    defaultValue: '24h',
    description: `How long the older ${what} stay valid: "30s", "15m", "1h", "7d", or "0" to expire them now.`,
  }),
})

/** The overlap in seconds. */
export function overlapIn({ overlap }: { overlap?: string | null }): number {
  const text = overlap ?? '24h'
  const seconds = text === '0' ? 0 : parseDurationSeconds(text)
  if (seconds === null) {
    throw new InvalidInput(
      'overlap',
      '"overlap" must be a number with a unit, such as 30s, 15m, 1h or 7d, or 0.',
    )
  }
  return seconds
}
