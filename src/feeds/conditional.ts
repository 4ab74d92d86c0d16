import type { IncomingHttpHeaders } from 'node:http'

/** What a conditional request can be judged by. */
export interface Validators {
  etag: string
  /** In whole seconds; null where it could not tell two states from each other yet. */
  lastModified: Date | null
}

/**
 * A moment as Last-Modified can tell it, which is to the second: while that second is not over, other bytes
 * may yet come to have the same date (RFC 9110, 8.8.2.2).
 */
export function lastModifiedOf(modified: Date, now: Date): Date | null {
  const second = Math.floor(modified.getTime() / 1000) * 1000
  return now.getTime() - second >= LAST_MODIFIED_DELAY_MS ? new Date(second) : null
}

/** A second, and one more for gateways whose clocks differ. In ms. */
const LAST_MODIFIED_DELAY_MS = 2000

/** Whether the client has these bytes already (RFC 9110, 13.1): its tags go before its date, which must be the same. */
export function isUnchanged(headers: IncomingHttpHeaders, { etag, lastModified }: Validators): boolean {
  const tags = headers['if-none-match']
  if (tags !== undefined) {
    return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
  }
  const since = headers['if-modified-since']
  return since !== undefined && lastModified !== null && Date.parse(since) === lastModified.getTime()
}
