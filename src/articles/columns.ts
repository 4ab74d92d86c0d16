import { pick, recordOf } from '../base/records.ts'
import type { Article } from '../db/client/client.ts'
import type { ArticleDraft } from './draft.ts'
import { fieldsWith } from './fields.ts'

/**
 * The columns of a draft, besides those that refer to other rows. Undefined fields keep their stored values: an
 * import does not end an embargo.
 */
export function columnsOf(draft: ArticleDraft) {
  return {
    slug: draft.slug,
    canonicalUrl: draft.canonicalUrl,
    language: draft.language,
    status: draft.status,
    ...pick(draft, fieldsWith({ kind: 'text', required: true })),
    ...recordOf(fieldsWith({ kind: 'text', required: false }), (name) => draft[name] ?? null),
    datelineText: draft.dateline?.text ?? null,
    datelinePlace: draft.dateline?.place ?? null,
    datelineRegion: draft.dateline?.region ?? null,
    publishedAt: draft.publishedAt,
    updatedAt: draft.updatedAt ?? draft.publishedAt,
    embargoedUntil: draft.embargoedUntil,
    commentingOpen: draft.commenting?.open,
    commentingClosesAt: draft.commenting?.closesAt,
  }
}

export interface StoredDateline {
  text: string
  place: string | null
  region: string | null
}

/** The dateline in the columns of an article; null for none. */
export function datelineOf({
  datelineText: text,
  datelinePlace: place,
  datelineRegion: region,
}: Pick<Article, 'datelineText' | 'datelinePlace' | 'datelineRegion'>): StoredDateline | null {
  return text === null ? null : { text, place, region }
}
