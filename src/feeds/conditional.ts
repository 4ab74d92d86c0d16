import type { IncomingHttpHeaders } from 'node:http'
import { hasTag } from '../net/entity-tag.ts'

/** The validators of a response. */
export interface Validators {
  etag: string
  /** In whole seconds; null while it could not distinguish two states. */
  lastModified: Date | null
}

/**
 * The Last-Modified date. It is precise to the second, so within that second the content could still change
 * (RFC 9110, 8.8.2.2).
 */
export function lastModifiedOf(modified: Date, now: Date): Date | null {
  const second = Math.floor(modified.getTime() / 1000) * 1000
  return now.getTime() - second >= LAST_MODIFIED_DELAY_MS ? new Date(second) : null
}

/** One second, and one more for clock skew between gateways. */
const LAST_MODIFIED_DELAY_MS = 2000

/**
 * Whether the client already has this version (RFC 9110, 13.1). If-None-Match has precedence; If-Modified-Since
 * must match exactly.
 */
export function isUnchanged(headers: IncomingHttpHeaders, { etag, lastModified }: Validators): boolean {
  const tags = headers['if-none-match']
  if (tags !== undefined) {
    return hasTag(tags, etag.slice(1, -1))
  }
  const since = headers['if-modified-since']
  return since !== undefined && lastModified !== null && Date.parse(since) === lastModified.getTime()
}
