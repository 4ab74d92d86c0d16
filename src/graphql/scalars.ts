import { GraphQLError } from 'graphql'
import { isValidValue } from '../text/valid-text.ts'

/** Where the format of dates and times is specified: "date-time" and "full-date". */
const RFC_3339 = 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6'

export const dateTimeScalar = {
  description: 'A date and time with an offset, such as 2019-10-15T09:30:00Z: a "date-time" of RFC 3339.',
  specifiedByURL: RFC_3339,
  serialize: (value: Date) => value.toISOString(),
  parseValue: (value: unknown): Date => {
    const moment = typeof value === 'string' ? parseDateTime(value) : null
    if (!moment || !isValidValue(moment)) {
      throw new GraphQLError('A DateTime must have the form "2019-10-15T09:30:00Z".')
    }
    return moment
  },
}

export const dateScalar = {
  description: 'A day without a time, such as 2019-10-15: a "full-date" of RFC 3339.',
  specifiedByURL: RFC_3339,
  serialize: (value: Date) => value.toISOString().slice(0, FULL_DATE_LENGTH),
  parseValue: (value: unknown): Date => {
    const day = typeof value === 'string' && FULL_DATE.test(value) ? dayOf(value) : null
    if (!day || !isValidValue(day)) throw new GraphQLError('A Date must have the form "2019-10-15".')
    return day
  },
}

export const jsonScalar = {
  description: 'Any JSON value. For output only.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  parseValue: (): never => {
    throw new GraphQLError("The type JSON can't be used for input.")
  },
}

const FULL_DATE = /^\d{4}-\d{2}-\d{2}$/
const FULL_DATE_LENGTH = '2019-10-15'.length

const DATE_TIME =
  /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i

/** The moment of an RFC 3339 date-time; null for any other text. */
function parseDateTime(text: string): Date | null {
  if (!DATE_TIME.test(text) || !dayOf(text.slice(0, FULL_DATE_LENGTH))) return null
  if (text.slice(SECOND_AT, SECOND_AT + 2) !== '60') return new Date(text.toUpperCase())
  // A leap second, which is only at the end of a day in UTC. JavaScript has none: it is the next moment.
  const before = new Date(`${text.slice(0, SECOND_AT)}59${text.slice(SECOND_AT + 2)}`.toUpperCase())
  return before.toISOString().slice(11, 19) === '23:59:59' ? new Date(before.getTime() + 1_000) : null
}

const SECOND_AT = '2019-10-15T09:30:'.length

/** The start of a day in UTC; null if the month has no such day. JavaScript parses February 30 as a day in March. */
function dayOf(text: string): Date | null {
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) ? day : null
}
