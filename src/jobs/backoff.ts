/** Delays before the first attempt and between later ones, in ms. The last one is repeated. */
export type Backoff = readonly number[]

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000]

/** The delays that the Standard Webhooks specification recommends ("Deliverability and reliability"). */
export const STANDARD_BACKOFF: Backoff = Object.freeze([
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  10 * HOUR,
])

/** The random deviation of delays, so that jobs that failed together are not retried together. */
const JITTER = 0.1

/** The longest Retry-After that is honoured, in ms. */
const MAX_RETRY_AFTER_MS = 24 * HOUR

export interface Failure {
  /** The number of attempts so far, including this one. */
  attempts: number
  at: Date
  /** The Retry-After header of the response, if any. */
  retryAfter?: string | undefined
  /** From 0 up to 1. */
  random?: number
}

/** The time of the next attempt, not before the receiver's Retry-After. */
export function nextAttempt(backoff: Backoff, { attempts, at, retryAfter, random }: Failure): Date {
  const wait = backoff[Math.min(attempts, backoff.length - 1)] ?? 0
  const planned = wait * (1 + JITTER * (2 * (random ?? Math.random()) - 1))
  const asked = Math.min(waitAskedFor(retryAfter, at), MAX_RETRY_AFTER_MS)
  return new Date(at.getTime() + Math.max(planned, asked))
}

/** Retry-After is a number of seconds or a date (RFC 9110, 10.2.3). */
function waitAskedFor(header: string | undefined, at: Date): number {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * SECOND
  const moment = Date.parse(text)
  return Number.isNaN(moment) ? 0 : Math.max(0, moment - at.getTime())
}
