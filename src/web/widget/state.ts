import type { WidgetGuidelinesQuery, WidgetOwnCommentsQuery } from '../../../schema/documents.ts'
import type { Comments, Edge } from './comments.ts'
import type { Connection } from './feed.ts'
import type { Failure } from './gateway.ts'
import type { SampleReader } from './session.ts'

export type Order = 'newest' | 'oldest'
export type Guideline = WidgetGuidelinesQuery['guidelines'][number]
export type OwnComment = NonNullable<WidgetOwnCommentsQuery['viewer']>['comments']['edges'][number]['node']

/** Where a list is continued: the parent and the edge. */
export type LoadKey = `${Edge}:${string}`

/** What the widget shows. */
export interface WidgetState {
  /** Null until the comments are loaded for the first time. */
  comments: Comments | null
  articleId: string | null
  /** Why the comments could not be loaded; null while they load. */
  failure: Failure | null
  order: Order
  connection: Connection
  /** Whether a list is being replaced by another: another order, or another place. */
  isOpening: boolean
  commentingOpen: boolean
  loading: ReadonlySet<LoadKey>
  /** Pages that could not be loaded. */
  failed: ReadonlySet<LoadKey>
  /** Whether the page can't sign readers in: there is no form. */
  isReadOnly: boolean
  isSignedIn: boolean
  isBanned: boolean
  own: readonly OwnComment[]
  guidelines: readonly Guideline[]
  /** Null unless the element has the attribute sample-identities. */
  sampleReaders: readonly SampleReader[] | null
  sampleReader: string | null
  /** The comment that the address of the page names. */
  linked: string | null
  linkedIsMissing: boolean
  /** What the reader asked to see: the view scrolls to it and moves the focus once. */
  goTo: string | null
}

export const initialState: WidgetState = {
  comments: null,
  articleId: null,
  failure: null,
  order: 'newest',
  connection: 'connecting',
  isOpening: false,
  commentingOpen: false,
  loading: new Set(),
  failed: new Set(),
  isReadOnly: false,
  isSignedIn: false,
  isBanned: false,
  own: [],
  guidelines: [],
  sampleReaders: null,
  sampleReader: null,
  linked: null,
  linkedIsMissing: false,
  goTo: null,
}

/** Holds the state, and calls the view after each change. */
export class Store {
  state: WidgetState = initialState
  onChange: () => void = () => {}

  set(change: Partial<WidgetState>): void {
    this.state = { ...this.state, ...change }
    this.onChange()
  }
}

export function withMember<T>(set: ReadonlySet<T>, member: T, isIn: boolean): ReadonlySet<T> {
  const next = new Set(set)
  if (isIn) next.add(member)
  else next.delete(member)
  return next
}
