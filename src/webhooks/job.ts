import { createHash } from 'node:crypto'
import type { JobInsert } from 'pg-boss'
import type { ChangeKind } from '../db/client/client.ts'
import type { Place } from '../syndication/cursor.ts'
import type { EntryArticle } from '../syndication/entries.ts'

/** One message that waits to be sent: which change an endpoint is told of. What it says is made when it is sent. */
export interface WebhookJob {
  endpointId: string
  position: number
  /** The story, where the change is that of a licence, which is about many; absent in jobs of older versions. */
  within?: string | null
  /** The history of the database that the position belongs to; absent in jobs of older versions. */
  history?: string
  articleId: string
  kind: ChangeKind
  /** When the change happened, in ISO 8601. */
  at: string
  /** Attempts made so far. */
  attempts: number
}

/**
 * @param history the history of the database that the story's position belongs to
 * @param isUrgent whether it says that a story must be removed: then it is sent before everything else
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
    // Two messages about one story are never under way at once, nor out of order.
    singletonKey: singletonKeyOf(endpointId, articleId),
    ...(isUrgent ? { priority: REMOVAL_PRIORITY } : {}),
  }
}

/** The queue's priority of removals; everything else has 0. */
export const REMOVAL_PRIORITY = 1

/** What messages of one endpoint about one story have in common. */
export function singletonKeyOf(endpointId: string, articleId: string): string {
  return `${endpointId}/${articleId}`
}

/** The place in the change sequence behind what a message tells. */
export function placeOf({ position, within = null }: Pick<WebhookJob, 'position' | 'within'>): Place {
  return within === null ? { position, within } : { position: position - 1, within }
}

/** Which message of an endpoint it is: about which entry, and of a licence change about which story. */
type Named = Pick<WebhookJob, 'endpointId' | 'position' | 'within' | 'history'>

/** Receivers know a message by this, whichever attempt it is, and however often we were killed in between. */
export function messageId(job: Named): string {
  return `msg_${jobId(job).replaceAll('-', '')}`
}

/**
 * The same for the same endpoint and place, so that nothing is queued twice (UUID version 8, RFC 9562). After a
 * restore or a failover positions are used again, for other changes: so the history is part of it.
 * It begins with the position: among jobs that were queued in one instant the queue goes by the order of ids.
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
