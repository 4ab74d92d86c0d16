import {
  WidgetCommentingDocument,
  WidgetGuidelinesDocument,
  WidgetOwnCommentsDocument,
} from '../../../schema/documents.ts'
import { idIn } from './addresses.ts'
import {
  addPage,
  applyEvent,
  closeReplies,
  type Edge,
  endReply,
  isOutdated,
  openReplies,
  ROOT,
  showFresh,
} from './comments.ts'
import { Feed, type FeedListener } from './feed.ts'
import { type Gateway, GatewayError } from './gateway.ts'
import { articleName, loadPage, type Opened, openAround, openAtEdge, reopenReplies } from './load.ts'
import type { Session } from './session.ts'
import { type LoadKey, type Order, Store, withMember } from './state.ts'
import { readStored, store } from './storage.ts'
import { isRefusal, type Submission, submit } from './submit.ts'
import { backoffMs, Wake } from './wake.ts'

/** What the controller must know about the screen. */
export interface Screen {
  /** The first comment that the reader sees that is not a reply. */
  firstVisible(): string | null
  /** Whether new comments can be shown without moving what the reader sees. */
  canShowFresh(): boolean
}

export interface Settings {
  gateway: Gateway
  article: string
  order: Order
  language: string
}

/** A failover reaches all readers at once: they load the comments again within this time. */
const MAX_RESET_WAIT_MS = 3_000
/** How often the reader's pending comments, and whether comments are open, are read again. */
const REFRESH_MS = 60_000
const ORDER = 'order'

/** Loads the comments of an article, keeps them current, and does what the reader asks. */
export class Controller {
  readonly store = new Store()
  readonly #gateway: Gateway
  readonly #session: Session
  readonly #screen: Screen
  readonly #settings: Settings
  readonly #wake: Wake
  readonly #stop = new AbortController()
  #feed: Feed | null = null
  /** The reader whose own comments are shown. */
  #subject: unknown
  /** Each list that is opened; what was requested for an earlier list is dropped. */
  #generation = 0
  #replyTo: string | null = null
  #refreshTimer: ReturnType<typeof setInterval>

  constructor(settings: Settings, session: Session, screen: Screen) {
    this.#settings = settings
    this.#gateway = settings.gateway
    this.#session = session
    this.#screen = screen
    this.#wake = new Wake(() => this.#refresh())
    this.#refreshTimer = setInterval(() => this.#refresh(), REFRESH_MS)
    addEventListener('hashchange', () => void this.#openLinked(), { signal: this.#stop.signal })
    const stored = readStored(ORDER)
    this.store.state = {
      ...this.store.state,
      order: stored === 'newest' || stored === 'oldest' ? stored : settings.order,
      isSignedIn: session.isSignedIn,
    }
  }

  async start(): Promise<void> {
    for (let attempts = 0; !this.#isStopped; attempts += 1) {
      const { order } = this.store.state
      try {
        const opened = await openAtEdge(this.#gateway, articleName(this.#settings.article), order)
        this.#show(opened, this.#generation)
        void this.#loadGuidelines()
        void this.loadOwn()
        return await this.#openLinked()
      } catch (error) {
        const failure = failureIn(error)
        this.store.set({ failure })
        if (failure === 'NOT_FOUND' || failure === 'OUTDATED' || failure === 'ORIGIN_REFUSED') return
      }
      await this.#wake.wait(1_000 + backoffMs(attempts))
    }
  }

  stop(): void {
    this.#stop.abort()
    this.#generation += 1
    this.#feed?.stop()
    this.#wake.stop()
    clearInterval(this.#refreshTimer)
  }

  /** The subject of the reader's token; undefined if nobody is signed in. */
  get reader(): unknown {
    return this.#session.subject
  }

  get #isStopped(): boolean {
    return this.#stop.signal.aborted
  }

  /** Tries again what failed. */
  retry(): void {
    this.#wake.now()
  }

  /** Orders the comments in another way, from the start. */
  async setOrder(order: Order): Promise<void> {
    store(ORDER, order)
    this.store.set({ order })
    await this.#open((articleId) => openAtEdge(this.#gateway, { id: articleId }, order))
  }

  /** Shows the new comments of a list. If its end is not loaded, the end is opened. */
  async showNew(parentId: string): Promise<void> {
    const { comments } = this.store.state
    const section = comments?.sections.get(parentId)
    if (!comments || !section) return
    if (section.hasNewer && parentId === ROOT) {
      const opened = await this.#open((articleId) => openAtEdge(this.#gateway, { id: articleId }, 'newest'))
      const newest = opened?.comments.sections.get(ROOT)?.ids.at(-1)
      if (newest) this.store.set({ goTo: newest })
      return
    }
    if (section.hasNewer) return this.loadMore(parentId, 'newer')
    const { fresh } = section
    const isNewestFirst = parentId === ROOT && this.store.state.order === 'newest'
    this.store.set({
      comments: showFresh(comments, parentId),
      goTo: (isNewestFirst ? fresh.at(-1) : fresh[0]) ?? null,
    })
  }

  /** Loads one more page of a list, and moves the focus to its first comment if the reader pressed a button. */
  async loadMore(parentId: string, edge: Edge, focuses = false): Promise<void> {
    const { comments, articleId, loading, failed } = this.store.state
    const key: LoadKey = `${edge}:${parentId}`
    if (!comments || !articleId || loading.has(key)) return
    const generation = this.#generation
    this.store.set({ loading: withMember(loading, key, true), failed: withMember(failed, key, false) })
    const page = await loadPage(this.#gateway, articleId, comments, parentId, edge).catch(() => null)
    if (generation !== this.#generation) return
    const { state } = this.store
    this.store.set({
      loading: withMember(state.loading, key, false),
      failed: withMember(state.failed, key, page === null),
    })
    if (!page || !state.comments) return
    const isFirst = comments.sections.get(parentId)?.ids.length === 0
    const added = { parentId, page, edge: isFirst ? null : edge, since: comments.clock }
    if (isOutdated(state.comments, added)) return this.loadMore(parentId, edge, focuses)
    const first = edge === 'older' && parentId === ROOT ? page.comments.at(-1) : page.comments[0]
    this.store.set({
      comments: addPage(state.comments, added),
      ...(focuses && first && { goTo: first.id }),
    })
  }

  /** Shows the replies to a comment, or hides them. */
  toggleReplies(id: string): void {
    const { comments } = this.store.state
    if (!comments) return
    const isOpen = comments.sections.has(id)
    this.store.set({ comments: isOpen ? closeReplies(comments, id) : openReplies(comments, id) })
    if (!isOpen) void this.loadMore(id, 'newer')
  }

  /** The comment that the reader writes a reply to. */
  setReplyTo(id: string | null): void {
    const before = this.#replyTo
    this.#replyTo = id
    const { comments } = this.store.state
    if (comments && before !== null && before !== id) this.store.set({ comments: endReply(comments, before) })
  }

  /** The view has scrolled to what the reader asked for. */
  arrived(): void {
    this.store.state = { ...this.store.state, goTo: null }
  }

  async submit(body: string, parentId: string | null): Promise<Submission> {
    const { articleId } = this.store.state
    if (!articleId) return { kind: 'NOT_SENT' }
    const input = { articleId, body, parentId, language: this.#settings.language }
    const submission = await submit(this.#gateway, this.#session, input)
    if (submission.kind === 'CLOSED') this.store.set({ commentingOpen: false })
    if (submission.kind === 'BANNED') this.store.set({ isBanned: true })
    if (submission.kind === 'SENT') await this.loadOwn()
    return submission
  }

  /** Reads the reader's own comments with their decisions. */
  async loadOwn(): Promise<void> {
    const { articleId } = this.store.state
    if (!articleId || !this.#session.isSignedIn) return this.store.set({ own: [], isBanned: false })
    const { language } = this.#settings
    const variables = { articleId, language }
    const send = (token: string) => this.#gateway.send(WidgetOwnCommentsDocument, variables, token)
    const { subject } = this.#session
    const found = await this.#session.withToken(send, isRefusal).catch(() => null)
    // Another reader may have signed in meanwhile.
    if (!found?.viewer || this.#isStopped || subject !== this.#session.subject) return
    const { comments, isBanned } = found.viewer
    this.store.set({ own: comments.edges.map(({ node }) => node), isBanned })
  }

  /** The reader has signed in or out, or has a new token. */
  onSession(isSetByPage: boolean): void {
    const { isSignedIn, subject } = this.#session
    const isOther = subject !== this.#subject
    this.store.set({ isSignedIn, ...(isOther && { own: [], isBanned: false }) })
    this.#subject = subject
    if (isSetByPage || isOther) void this.loadOwn()
  }

  async #loadGuidelines(): Promise<void> {
    const { language } = this.#settings
    const found = await this.#gateway.query(WidgetGuidelinesDocument, { language }).catch(() => null)
    if (found) this.store.set({ guidelines: found.guidelines })
  }

  #refresh(): void {
    const { articleId, own } = this.store.state
    if (!articleId || document.hidden) return
    if (own.some(({ status }) => status === 'PENDING')) void this.loadOwn()
    void this.#loadCommenting(articleId)
  }

  async #loadCommenting(id: string): Promise<void> {
    const found = await this.#gateway.query(WidgetCommentingDocument, { id }).catch(() => null)
    if (found?.article) this.store.set({ commentingOpen: found.article.commentingOpen })
  }

  /** Opens the comment that the address of the page names. */
  async #openLinked(): Promise<void> {
    const id = idIn(location.hash)
    if (id === null) return
    const { comments } = this.store.state
    if (comments?.byId.has(id) && !comments.removed.has(id))
      return this.store.set({ linked: id, goTo: id, linkedIsMissing: false })
    const opened = await this.#open((articleId) => openAround(this.#gateway, articleId, id))
    this.store.set(
      opened ? { linked: id, goTo: id, linkedIsMissing: false } : { linked: null, linkedIsMissing: true },
    )
  }

  /** Replaces the list by another one. Returns null if that could not be loaded, or if a later call replaces it. */
  async #open(load: (articleId: string) => Promise<Opened | null>): Promise<Opened | null> {
    const { articleId } = this.store.state
    if (!articleId) return null
    this.#generation += 1
    const generation = this.#generation
    this.store.set({ isOpening: true })
    const opened = await load(articleId).catch(() => null)
    if (generation !== this.#generation) return null
    if (opened) {
      this.#show(opened, generation)
    } else {
      this.store.set({ isOpening: false, loading: new Set() })
      // The feed had stopped, and the call that would have continued it was overtaken by this one.
      if (!this.#feed) void this.#openAgain()
    }
    return opened
  }

  #show(opened: Opened, generation: number): void {
    if (this.#isStopped || generation !== this.#generation) return
    this.#generation += 1
    const { articleId, comments, commentingOpen, feedCursor } = opened
    this.store.set({
      articleId,
      comments,
      commentingOpen,
      failure: null,
      isOpening: false,
      loading: new Set(),
      failed: new Set(),
    })
    this.#feed?.stop()
    this.#feed = new Feed(this.#gateway, articleId, feedCursor, this.#listener())
  }

  #listener(): FeedListener {
    return {
      onEvent: (event) => {
        const { comments, own } = this.store.state
        if (!comments) return
        const canShow = this.#screen.canShowFresh()
        const next = applyEvent(comments, event, this.#replyTo)
        this.store.set({ comments: canShow ? showFresh(next, ROOT) : next })
        const id = event.__typename === 'CommentApproved' ? event.comment.id : event.commentId
        if (own.some((comment) => comment.id === id)) void this.loadOwn()
      },
      onReset: () => {
        this.#feed = null
        void this.#openAgain()
      },
      onGone: () => this.store.set({ failure: 'NOT_FOUND', comments: null }),
      onOutdated: () => this.store.set({ failure: 'OUTDATED' }),
      onConnection: (connection) => this.store.set({ connection }),
    }
  }

  /** Loads the comments again where the reader is, after the feed could not continue. */
  async #openAgain(): Promise<void> {
    const generation = this.#generation
    await this.#wake.wait(Math.random() * MAX_RESET_WAIT_MS)
    for (let attempts = 0; generation === this.#generation; attempts += 1) {
      const { articleId, comments, order } = this.store.state
      if (!articleId || !comments) return
      const id = this.#screen.firstVisible()
      try {
        const around = id === null ? null : await openAround(this.#gateway, articleId, id)
        const opened = around ?? (await openAtEdge(this.#gateway, { id: articleId }, order))
        const complete = await reopenReplies(this.#gateway, opened, comments)
        return this.#show(complete, generation)
      } catch (error) {
        const failure = failureIn(error)
        if (failure === 'NOT_FOUND' || failure === 'OUTDATED')
          return this.store.set({ failure, ...(failure === 'NOT_FOUND' && { comments: null }) })
      }
      this.store.set({ connection: 'offline' })
      await this.#wake.wait(1_000 + backoffMs(attempts))
    }
  }
}

function failureIn(error: unknown) {
  return error instanceof GatewayError ? error.failure : 'FAILED'
}
