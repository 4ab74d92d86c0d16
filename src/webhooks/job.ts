import { createHash } from 'node:crypto'
import type { JobInsert } from 'pg-boss'
import type { ChangeKind } from '../db/client/client.ts'
import type { Place } from '../syndication/cursor.ts'
import type { EntryArticle } from '../syndication/entries.ts'

/** A queued message about one change for one endpoint. Its content is created when it is sent. */
export interface WebhookJob {
  endpointId: string
  position: number
  /** The article within a licence change; absent in jobs of older versions. */
  within?: string | null
  /** The history of the database that the position belongs to; absent in jobs of older versions. */
  history?: string
  articleId: string
  kind: ChangeKind
  /** The time of the change, in ISO 8601. */
  at: string
  /** Attempts made so far. */
  attempts: number
}

/**
 * @param history the history of the database that the position belongs to
 * @param isUrgent whether it is a removal, which is sent first
 */
export function jobOf(
  endpointId: string,
  article: EntryArticle,
  { history, isUrgent = false }: { history: string; isUrgent?: boolean },
): JobInsert<WebhookJob> & { singletonKey: string } {
  const { position, articleId, kind, at } = article
  const { within } = article.place
  return {
    id: jobId({ endpointId, position, within, history }),
    data: { endpointId, position, within, history, articleId, kind, at: at.toISOString(), attempts: 0 },
    group: { id: endpointId },
    // Messages about one article must not overlap or overtake each other.
    singletonKey: singletonKeyOf(endpointId, articleId),
    ...(isUrgent ? { priority: REMOVAL_PRIORITY } : {}),
  }
}

/** The queue priority of removals; others have 0. */
export const REMOVAL_PRIORITY = 1

/** The singleton key of messages to one endpoint about one article. */
export function singletonKeyOf(endpointId: string, articleId: string): string {
  return `${endpointId}/${articleId}`
}

/** The position in the change sequence after the change of a message. */
export function placeOf({ position, within = null }: Pick<WebhookJob, 'position' | 'within'>): Place {
  return within === null ? { position, within } : { position: position - 1, within }
}

/** The fields that identify a message. */
type Named = Pick<WebhookJob, 'endpointId' | 'position' | 'within' | 'history'>

/** The message id: the same for all attempts, even after a crash. */
export function messageId(job: Named): string {
  return `msg_${jobId(job).replaceAll('-', '')}`
}

/**
 * A deterministic id (UUID version 8, RFC 9562), so that nothing is queued twice. It includes the history,
 * because positions are reused after a restore or failover. It starts with the position, because the queue
 * orders jobs of the same time by id.
 */
function jobId({ endpointId, position, within, history }: Named): string {
  const place = within == null ? `${endpointId}/${position}` : `${endpointId}/${position}/${within}`
  const name = history === undefined ? place : `${history}/${place}`
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16)
  bytes.writeUIntBE(position, 0, 6)
  bytes.writeUInt8(0x80 | (bytes.readUInt8(6) & 0x0f), 6)
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
