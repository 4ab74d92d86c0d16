/** Waits before the first attempt and between those after it, in ms. The last one goes on repeating. */
export type Backoff = readonly number[]

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000]

/** The attempts that the Standard Webhooks specification recommends ("Deliverability and reliability"). */
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

/** How much earlier or later than planned an attempt may be: those who failed together do not return together. */
const JITTER = 0.1

/** No longer than this is waited because the other side asks for it, in ms. */
const MAX_RETRY_AFTER_MS = 24 * HOUR

export interface Failure {
  /** Attempts made so far, this one included. */
  attempts: number
  at: Date
  /** The header by which the other side said when to come again, where it sent one. */
  retryAfter?: string | undefined
  /** From 0 up to 1. */
  random?: number
}

/** When to try again. Never before the other side asked us to, within reason. */
export function nextAttempt(backoff: Backoff, { attempts, at, retryAfter, random }: Failure): Date {
  const wait = backoff[Math.min(attempts, backoff.length - 1)] ?? 0
  const planned = wait * (1 + JITTER * (2 * (random ?? Math.random()) - 1))
  const asked = Math.min(waitAskedFor(retryAfter, at), MAX_RETRY_AFTER_MS)
  return new Date(at.getTime() + Math.max(planned, asked))
}

/** Retry-After is so many seconds, or a date (RFC 9110, 10.2.3). */
function waitAskedFor(header: string | undefined, at: Date): number {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * SECOND
  const moment = Date.parse(text)
  return Number.isNaN(moment) ? 0 : Math.max(0, moment - at.getTime())
}
