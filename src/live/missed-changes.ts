import { type ArticleChangeEvent, missedEvent, type PublicChangeKind } from './article-event.ts'
import { type ArticleStart, type MissedEntry, type ReadDeps, readMissed } from './article-reads.ts'

/**
 * What readers of older versions of an article have missed. It is read once for all subscribers that start together, and
 * there are only a few different events, so that subscribers share their executions.
 */
export class MissedChanges {
  readonly #articleId: string
  readonly #deps: Pick<ReadDeps, 'prisma'>
  readonly #entries = new WeakMap<ArticleStart, Promise<MissedEntry[]>>()
  readonly #events = new Map<PublicChangeKind, ArticleChangeEvent>()

  constructor(articleId: string, deps: Pick<ReadDeps, 'prisma'>) {
    this.#articleId = articleId
    this.#deps = deps
  }

  /** The event for a subscriber that has an older version; null if it has missed nothing. */
  async eventAfter(after: number | null, start: ArticleStart): Promise<ArticleChangeEvent | null> {
    if (!start.isPublic || after === null || after >= start.version) return null
    const missed = (await this.#entriesUpTo(start)).filter(({ version }) => version > after)
    const event = missedEvent(this.#articleId, start.version, missed)
    return event && this.#shared(event)
  }

  #entriesUpTo(start: ArticleStart): Promise<MissedEntry[]> {
    const known = this.#entries.get(start)
    if (known) return known
    const entries = readMissed(this.#articleId, start.position, this.#deps)
    this.#entries.set(start, entries)
    return entries
  }

  /** The same object for equal events. */
  #shared(event: ArticleChangeEvent): ArticleChangeEvent {
    const known = this.#events.get(event.kind)
    if (known?.version === event.version && known.at.getTime() === event.at.getTime()) return known
    this.#events.set(event.kind, event)
    return event
  }
}
