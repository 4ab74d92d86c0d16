import type { ChangeKind } from '../db/client/client.ts'

/** What readers notice of a change. */
export type PublicChangeKind = 'UPDATED' | 'CORRECTED' | 'COMMENTING_CHANGED' | 'REMOVED' | 'PUBLISHED'

/** A change of an article that readers notice. */
export interface ArticleChangeEvent {
  kind: PublicChangeKind
  articleId: string
  /** The version after the change. */
  version: number
  at: Date
  /** The version as text, so that event streams resume after it. */
  cursor: string
}

/** An article that has become visible to the public. */
export interface NewArticleEvent extends NewArticleFacts {
  articleId: string
  at: Date
}

/** What filters of new articles test. */
export interface NewArticleFacts {
  language: string
  publishedAt: Date
  /** The slugs from the section to the topic; empty without a topic. */
  topics: readonly string[]
  /** The people and organisations that the text names. */
  entities: readonly { id: string; slug: string; kind: string }[]
}

/** An entry of the change sequence that concerns everybody. */
export interface PublicEntry {
  position: number
  articleId: string
  kind: ChangeKind
  version: number
  at: Date
  /** Whether the public may see the article in the same snapshot of the database. */
  isPublic: boolean
}

/** The state of an article as its subscribers know it. */
export interface KnownState {
  isShown: boolean
  version: number
  /** The position of the last entry that hid the article; 0 without one. */
  hiddenAt: number
}

/** An event, and who is sent it. */
export interface NoticedEvent {
  event: ArticleChangeEvent
  /** Only subscribers that started at this position or later are sent it. */
  from: number
}

/**
 * The event of an entry for the readers of an article; null if they notice nothing. Changes of an article that is not
 * visible are no events.
 * @param known is updated
 */
export function eventOf(entry: PublicEntry, known: KnownState): NoticedEvent | null {
  const kind = kindOf(entry, known)
  if (!kind) return null
  // Who started after the last REMOVED saw the article, though its release was not read before it was hidden again.
  const from = kind === 'REMOVED' && !known.isShown ? known.hiddenAt : 0
  if (kind === 'REMOVED') known.hiddenAt = entry.position
  known.isShown = kind !== 'REMOVED'
  known.version = Math.max(known.version, entry.version)
  return { event: toEvent(kind, entry), from }
}

export function toEvent(
  kind: PublicChangeKind,
  { articleId, version, at }: Pick<PublicEntry, 'articleId' | 'version' | 'at'>,
): ArticleChangeEvent {
  return { kind, articleId, version, at, cursor: String(version) }
}

function kindOf({ kind, isPublic, version }: PublicEntry, known: KnownState): PublicChangeKind | null {
  if (HIDING.has(kind)) return 'REMOVED'
  // If it is hidden again, the entry about that follows.
  if (!isPublic) return null
  if (kind === 'PUBLISHED') {
    if (!known.isShown) return 'PUBLISHED'
    // Published by the clock, which readers knew before the sequence.
    return version > known.version ? 'UPDATED' : null
  }
  return known.isShown ? (NOTICED.get(kind) ?? null) : null
}

/** The kinds of entries after which the public can't see the article. */
const HIDING: ReadonlySet<ChangeKind> = new Set(['EMBARGOED', 'WITHHELD', 'CANCELED'])

/** The kinds of entries about a visible article that readers notice, from the most to the least important. */
const NOTICED: ReadonlyMap<ChangeKind, PublicChangeKind> = new Map([
  ['CORRECTED', 'CORRECTED'],
  ['UPDATED', 'UPDATED'],
  ['COMMENTING_CHANGED', 'COMMENTING_CHANGED'],
])

/** The event for a reader who has missed several changes of a visible article; null if there was nothing to notice. */
export function missedEvent(
  articleId: string,
  version: number,
  missed: readonly Pick<PublicEntry, 'kind' | 'at'>[],
): ArticleChangeEvent | null {
  const last = missed.at(-1)
  if (!last) return null
  const kinds = new Set(missed.map(({ kind }) => kind))
  const [, kind = 'PUBLISHED'] = [...NOTICED].find(([each]) => kinds.has(each)) ?? []
  return toEvent(kind, { articleId, version, at: last.at })
}
