import { createHash } from 'node:crypto'
import type { JobInsert } from 'pg-boss'
import type { ArticleChange, ChangeKind } from '../db/client/client.ts'

/** One message that waits to be sent: which change an endpoint is told of. What it says is made when it is sent. */
export interface WebhookJob {
  endpointId: string
  position: number
  articleId: string
  kind: ChangeKind
  /** When the change happened, in ISO 8601. */
  at: string
  /** Attempts made so far. */
  attempts: number
}

export function jobOf(endpointId: string, change: ArticleChange): JobInsert<WebhookJob> {
  const { position, articleId, kind, at } = change
  return {
    id: jobId(endpointId, position),
    data: { endpointId, position, articleId, kind, at: at.toISOString(), attempts: 0 },
    group: { id: endpointId },
    // Two messages about one story are never under way at once, nor out of order.
    singletonKey: `${endpointId}/${articleId}`,
  }
}

/** Receivers know a message by this, whichever attempt it is, and however often we were killed in between. */
export function messageId(endpointId: string, position: number): string {
  return `msg_${jobId(endpointId, position).replaceAll('-', '')}`
}

/**
 * The same for the same endpoint and position, so that nothing is queued twice (UUID version 8, RFC 9562).
 * It begins with the position: among jobs that were queued in one instant the queue goes by the order of ids.
 */
function jobId(endpointId: string, position: number): string {
  const bytes = createHash('sha256').update(`${endpointId}/${position}`).digest().subarray(0, 16)
  bytes.writeUIntBE(position, 0, 6)
  bytes.writeUInt8(0x80 | (bytes.readUInt8(6) & 0x0f), 6)
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
