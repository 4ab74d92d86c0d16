/** An event of the moderation queue. Clients apply it by the id of the comment, as often as they like. */
export type QueueEvent =
  /** Events are complete from here on. */
  | { kind: 'READY'; at: Date }
  | (QueueEntry & { kind: 'QUEUED' })
  | (QueueEntry & { kind: 'DECIDED'; decisionId: string })
  /** Events were missed: load the queue again. */
  | { kind: 'RESET'; reason: QueueResetReason }

export type QueueResetReason = 'OTHER_HISTORY' | 'EVENTS_MISSED'

interface QueueEntry {
  commentId: string
  articleId: string
  /** The language that the reader declared. */
  language: string | null
}

/** Which comments a subscriber wants. */
export interface QueueFilter {
  /** Row id. */
  articleId?: string
  language?: string
}

/** Whether a subscriber wants an event. */
export function matchesQueueFilter(filter: QueueFilter, event: QueueEvent): boolean {
  if (event.kind === 'READY' || event.kind === 'RESET') return true
  const { articleId, language } = filter
  return (
    (articleId === undefined || articleId === event.articleId) &&
    (language === undefined || language === event.language)
  )
}
