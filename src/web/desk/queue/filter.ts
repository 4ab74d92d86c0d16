import type { ModeratedCommentFragment, ModerationFilter } from '../../../../schema/documents.ts'

/** A comment that waits for a decision, with its story, its parent and the record of its author. */
export type WaitingComment = ModeratedCommentFragment

/** The filters of the queue, as in the address. */
export interface QueueFilter {
  article: string | null
  language: string | null
  text: string | null
  reply: 'yes' | 'no' | null
  age: Age | null
  reader: string | null
}

/** Comments that wait at least this long. */
export const AGES = ['1h', '6h', '1d', '7d'] as const
export type Age = (typeof AGES)[number]

const HOUR_MS = 3_600_000
const AGE_MS: Readonly<Record<Age, number>> = {
  '1h': HOUR_MS,
  '6h': 6 * HOUR_MS,
  '1d': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
}

export const FILTER_NAMES = ['article', 'language', 'text', 'reply', 'age', 'reader'] as const

/** The filters in the address; values that don't exist are ignored. */
export function filterFrom(search: URLSearchParams): QueueFilter {
  const reply = search.get('reply')
  return {
    article: search.get('article') || null,
    language: search.get('language') || null,
    text: search.get('text')?.trim().slice(0, 200) || null,
    reply: reply === 'yes' || reply === 'no' ? reply : null,
    age: AGES.find((age) => age === search.get('age')) ?? null,
    reader: search.get('reader') || null,
  }
}

export function isFiltered(filter: QueueFilter): boolean {
  return Object.values(filter).some((value) => value !== null)
}

/** The filter as the API takes it. */
export function moderationFilter(filter: QueueFilter, now: number): ModerationFilter {
  const { article, language, text, reply, age, reader } = filter
  return {
    status: 'PENDING',
    ...(article !== null && { articleId: article }),
    ...(language !== null && { language }),
    ...(text !== null && { text }),
    ...(reply !== null && { isReply: reply === 'yes' }),
    ...(age !== null && { submittedBefore: new Date(now - AGE_MS[age]).toISOString() }),
    ...(reader !== null && { readerId: reader }),
  }
}

/** Whether a new comment belongs to the filtered queue. The gateway filters events by article and language only. */
export function matches(filter: QueueFilter, comment: WaitingComment, now: number): boolean {
  const { text, reply, age, reader } = filter
  const body = comment.body.toLowerCase()
  return (
    (text === null ||
      text
        .toLowerCase()
        .split(/\s+/)
        .every((word) => body.includes(word))) &&
    (reply === null || comment.isReply === (reply === 'yes')) &&
    (age === null || Date.parse(comment.submittedAt) < now - AGE_MS[age]) &&
    (reader === null || comment.reader?.id === reader)
  )
}
