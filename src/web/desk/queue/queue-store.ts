import type { Client as LiveClient, SubscribePayload } from 'graphql-ws'
import {
  ModerationQueueDocument,
  ModerationQueueEventsDocument,
  type ModerationQueueEventsSubscription,
} from '../../../../schema/documents.ts'
import { noteError, OUTDATED_CODES } from '../shell/outdated.ts'
import { PostError, post } from '../shell/post.ts'
import { matches, moderationFilter, type QueueFilter, type WaitingComment } from './filter.ts'
import { emptyQueue, type QueueAction, type QueueState, reduceQueue } from './state.ts'

/** Comments per request: the maximum of the API. */
const PAGE_SIZE = 100

/** A failed page or subscription is tried again after this time, in ms; after twice as long for each further failure. */
const RETRY_MS = 1_000
const MAX_RETRY_MS = 60_000

/** Errors that the same request has again. */
const REFUSALS: ReadonlySet<string> = new Set(['INVALID_INPUT', 'NOT_FOUND', 'FORBIDDEN', ...OUTDATED_CODES])

type QueueEvent = ModerationQueueEventsSubscription['moderationQueue']
export type OthersDecision = Extract<QueueEvent, { __typename: 'DecisionMade' }>['decision']

export interface QueueSnapshot {
  queue: QueueState<WaitingComment>
  /** Whether the first page has been loaded. */
  isReady: boolean
  error: PostError | null
  /** Rises with each event and each reset: counts are out of date then. */
  changes: number
}

interface Options {
  live: LiveClient
  filter: QueueFilter
  /** Somebody decided a comment of the list, perhaps this user in another window. */
  onDecided(comment: WaitingComment, decision: OthersDecision): void
}

/**
 * The live queue under one filter: subscribes, then loads pages, and applies events to them. After a lost connection
 * the subscription begins again, and so does the loading; what is shown stays meanwhile.
 */
export class QueueStore {
  #snapshot: QueueSnapshot = { queue: emptyQueue(), isReady: false, error: null, changes: 0 }
  #unsubscribe: (() => void) | null = null
  #retry: ReturnType<typeof setTimeout> | undefined
  /** No request is sent before this time, in ms since 1970. */
  #retryAt = 0
  /** Failures without a success between them. */
  #failures = 0
  #isStopped = false
  /** How many comments the view wants. */
  #wanted = PAGE_SIZE
  readonly #options: Options
  readonly #startedAt = Date.now()
  readonly #listeners = new Set<() => void>()

  constructor(options: Options) {
    this.#options = options
  }

  readonly snapshot = (): QueueSnapshot => this.#snapshot

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  start(): void {
    this.#isStopped = false
    this.#retryAt = 0
    this.#failures = 0
    this.#listen()
  }

  stop(): void {
    this.#isStopped = true
    this.#unsubscribe?.()
    clearTimeout(this.#retry)
  }

  /** Loads pages until this many comments are there, or all. */
  want(count: number): void {
    this.#wanted = Math.max(count, PAGE_SIZE)
    this.#loadIfNeeded()
  }

  /** This user's decision was accepted. */
  remove(id: string): void {
    this.#dispatch({ kind: 'decided', id })
    this.#change()
    this.#loadIfNeeded()
  }

  reload(): void {
    this.#dispatch({ kind: 'reset' })
    this.#change()
    this.#loadIfNeeded()
  }

  #listen(): void {
    const { documentId } = ModerationQueueEventsDocument as { documentId?: string }
    const { article, language } = this.#options.filter
    const filter = { ...(article !== null && { articleId: article }), ...(language !== null && { language }) }
    const ended = () => {
      this.#unsubscribe = null
      this.#retryLater()
    }
    this.#unsubscribe?.()
    this.#unsubscribe = this.#options.live.subscribe<ModerationQueueEventsSubscription>(
      // The gateway takes the id of a document instead of its text; graphql-ws needs a text, even an empty one.
      { documentId, query: '', variables: { filter } } as SubscribePayload,
      {
        next: ({ data, errors }) => {
          if (data) this.#apply(data.moderationQueue)
          else this.#fail(errorOf(errors))
        },
        error: (reason) => {
          this.#unsubscribe = null
          if (Array.isArray(reason)) this.#fail(errorOf(reason))
          else this.#retryLater()
        },
        complete: ended,
      },
    )
  }

  #apply(event: QueueEvent): void {
    const { filter, onDecided } = this.#options
    // The gateway answers again.
    if (event.__typename === 'QueueReady' && Number.isFinite(this.#retryAt)) this.#retryAt = 0
    if (event.__typename === 'QueueReady' || event.__typename === 'QueueReset') {
      this.reload()
      return
    }
    if (event.__typename === 'CommentQueued') {
      const { comment } = event
      if (comment.status === 'PENDING' && matches(filter, comment, this.#startedAt))
        this.#dispatch({ kind: 'queued', comment })
    } else {
      const known = this.#snapshot.queue.comments.find(({ id }) => id === event.commentId)
      this.#dispatch({ kind: 'decided', id: event.commentId })
      if (known) onDecided(known, event.decision)
    }
    this.#change()
    this.#loadIfNeeded()
  }

  #loadIfNeeded(): void {
    const { queue } = this.#snapshot
    if (
      this.#isStopped ||
      Date.now() < this.#retryAt ||
      queue.isLoading ||
      !queue.hasMore ||
      queue.generation === 0
    )
      return
    if (loadedCount(queue) < this.#wanted) void this.#load()
  }

  async #load(): Promise<void> {
    const { generation, endCursor } = this.#snapshot.queue
    this.#dispatch({ kind: 'request' })
    try {
      const { moderationQueue } = await post(ModerationQueueDocument, {
        first: PAGE_SIZE,
        after: endCursor,
        filter: moderationFilter(this.#options.filter, this.#startedAt),
      })
      this.#failures = 0
      const { edges, pageInfo } = moderationQueue
      const comments = edges.map(({ node }) => node)
      const { hasNextPage, endCursor: end = null } = pageInfo
      if (generation === this.#snapshot.queue.generation)
        this.#set({ ...this.#snapshot, isReady: true, error: null })
      this.#dispatch({ kind: 'page', generation, comments, hasNextPage, endCursor: end })
      this.#loadIfNeeded()
    } catch (error) {
      this.#dispatch({ kind: 'failed', generation })
      this.#fail(error instanceof PostError ? error : new PostError('UNKNOWN', String(error)))
    }
  }

  #fail(error: PostError): void {
    noteError(error.code)
    if (REFUSALS.has(error.code)) this.#retryAt = Number.POSITIVE_INFINITY
    this.#set({ ...this.#snapshot, error })
    this.#retryLater()
  }

  /** Waits longer after each failure, and a random part of it, so that windows don't return all at once. */
  #retryLater(): void {
    if (this.#isStopped || this.#retryAt === Number.POSITIVE_INFINITY) return
    clearTimeout(this.#retry)
    const longest = Math.min(RETRY_MS * 2 ** this.#failures, MAX_RETRY_MS)
    const waitMs = longest / 2 + (Math.random() * longest) / 2
    this.#failures += 1
    this.#retryAt = Date.now() + waitMs
    this.#retry = setTimeout(() => {
      this.#retryAt = 0
      if (!this.#unsubscribe) this.#listen()
      this.#loadIfNeeded()
    }, waitMs)
  }

  #change(): void {
    this.#set({ ...this.#snapshot, changes: this.#snapshot.changes + 1 })
  }

  #dispatch(action: QueueAction<WaitingComment>): void {
    this.#set({ ...this.#snapshot, queue: reduceQueue(this.#snapshot.queue, action) })
  }

  #set(snapshot: QueueSnapshot): void {
    this.#snapshot = snapshot
    for (const listener of this.#listeners) listener()
  }
}

/** The first error of an answer of the subscription. */
function errorOf(errors: readonly { message: string; extensions?: { code?: unknown } }[] | undefined) {
  const [first] = errors ?? []
  return new PostError(String(first?.extensions?.code ?? 'UNKNOWN'), first?.message ?? '')
}

/** How many comments are confirmed since the last reset. */
function loadedCount({ comments, loadedTo, hasMore }: QueueState<WaitingComment>): number {
  if (!hasMore) return comments.length
  if (loadedTo === null) return 0
  const index = comments.findIndex(({ submittedAt }) => submittedAt > loadedTo.submittedAt)
  return index < 0 ? comments.length : index
}
