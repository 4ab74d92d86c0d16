/** What the order of the queue needs of a comment. */
export interface Queued {
  id: string
  submittedAt: string
}

/**
 * The part of the queue that is known: a pure state, changed by pages of Query.moderationQueue and events of
 * Subscription.moderationQueue. When all pages are loaded, it equals the queue of the gateway, whatever the order in
 * which pages and events arrived.
 */
export interface QueueState<Comment extends Queued> {
  /** Earliest submission first. After a reset, those after `loadedTo` are from before it. */
  comments: readonly Comment[]
  /** The last comment of the last page; null before the first page. */
  loadedTo: Queued | null
  /** The cursor after which the next page starts. */
  endCursor: string | null
  /** Whether pages after `loadedTo` are still to be loaded. */
  hasMore: boolean
  /** Whether a page was requested that is not here yet. */
  isLoading: boolean
  /** Changes with each reset: pages of earlier generations are not used. */
  generation: number
  /** Comments that were submitted while a page was loading: the page may or may not contain them. */
  arrived: readonly Comment[]
  /** Comments that were decided: a page that was read before may still contain them. */
  decided: ReadonlySet<string>
}

export type QueueAction<Comment extends Queued> =
  /** The queue must be loaded from the start: after QueueReady and QueueReset. Known comments stay until then. */
  | { kind: 'reset' }
  | { kind: 'request' }
  | {
      kind: 'page'
      generation: number
      comments: readonly Comment[]
      hasNextPage: boolean
      endCursor: string | null
    }
  | { kind: 'failed'; generation: number }
  | { kind: 'queued'; comment: Comment }
  | { kind: 'decided'; id: string }

export function emptyQueue<Comment extends Queued>(): QueueState<Comment> {
  return {
    comments: [],
    loadedTo: null,
    endCursor: null,
    hasMore: true,
    isLoading: false,
    generation: 0,
    arrived: [],
    decided: new Set(),
  }
}

export function reduceQueue<Comment extends Queued>(
  state: QueueState<Comment>,
  action: QueueAction<Comment>,
): QueueState<Comment> {
  switch (action.kind) {
    case 'reset':
      return { ...emptyQueue<Comment>(), comments: state.comments, generation: state.generation + 1 }
    case 'request':
      return { ...state, isLoading: true }
    case 'failed':
      return action.generation === state.generation ? { ...state, isLoading: false } : state
    case 'page':
      return action.generation === state.generation ? withPage(state, action) : state
    case 'queued':
      return withQueued(state, action.comment)
    case 'decided':
      return withDecided(state, action.id)
  }
}

/** The page says which comments are pending from the last page to its own end: all others there were decided. */
function withPage<Comment extends Queued>(
  state: QueueState<Comment>,
  { comments, hasNextPage, endCursor }: Extract<QueueAction<Comment>, { kind: 'page' }>,
): QueueState<Comment> {
  const { decided, arrived, loadedTo: start } = state
  const end = comments.at(-1) ?? start
  const isInside = (comment: Queued) => !hasNextPage || (end !== null && compare(comment, end) <= 0)
  const before = start === null ? [] : state.comments.filter((comment) => compare(comment, start) <= 0)
  const after = state.comments.filter((comment) => !isInside(comment))
  const found = [...comments, ...arrived.filter(isInside)].filter(({ id }) => !decided.has(id))
  return {
    ...state,
    comments: merged([...before, ...found], after),
    loadedTo: end,
    endCursor: endCursor ?? state.endCursor,
    hasMore: hasNextPage,
    isLoading: false,
    // Those after the page are in a later one: it is requested after they were submitted.
    arrived: [],
  }
}

function withQueued<Comment extends Queued>(
  state: QueueState<Comment>,
  comment: Comment,
): QueueState<Comment> {
  if (state.decided.has(comment.id)) return state
  const isInside = state.loadedTo !== null && compare(comment, state.loadedTo) <= 0
  if (isInside || !state.hasMore) return { ...state, comments: merged(state.comments, [comment]) }
  return state.isLoading ? { ...state, arrived: [...state.arrived, comment] } : state
}

function withDecided<Comment extends Queued>(state: QueueState<Comment>, id: string): QueueState<Comment> {
  const decided = state.decided.has(id) ? state.decided : new Set(state.decided).add(id)
  const isKnown = state.comments.some((comment) => comment.id === id)
  const comments = isKnown ? state.comments.filter((comment) => comment.id !== id) : state.comments
  return { ...state, comments, decided, arrived: state.arrived.filter((comment) => comment.id !== id) }
}

/** Both lists in order, each comment once: the one of the first list. */
export function merged<Comment extends Queued>(
  first: readonly Comment[],
  second: readonly Comment[],
): Comment[] {
  const known = new Map<string, Comment>()
  for (const comment of [...first, ...second]) if (!known.has(comment.id)) known.set(comment.id, comment)
  return [...known.values()].sort(compare)
}

/** The order of the API: by submission, then by the id of the row, which is inside the global id. */
function compare(a: Queued, b: Queued): number {
  if (a.submittedAt !== b.submittedAt) return a.submittedAt < b.submittedAt ? -1 : 1
  if (a.id === b.id) return 0
  return rowId(a.id) < rowId(b.id) ? -1 : 1
}

function rowId(id: string): string {
  try {
    return atob(id)
  } catch {
    return id
  }
}
