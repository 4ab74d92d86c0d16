import type { CommentFeedRow } from './event.ts'
import { ENTRIES_PER_PAGE } from './store.ts'

/** How long a page of earlier entries is cached for other subscribers that resume at the same time, in ms. */
const PAGE_TTL_MS = 1_000

type ReadPage = (from: number) => Promise<CommentFeedRow[]>

/** Pages of one feed that are too old for memory. Calls within `PAGE_TTL_MS` share one read of a page. */
export class PageCache {
  readonly #readPage: ReadPage
  readonly #pages = new Map<number, Promise<CommentFeedRow[]>>()

  /** @param readPage reads the page after a position, which is a multiple of `ENTRIES_PER_PAGE` */
  constructor(readPage: ReadPage) {
    this.#readPage = readPage
  }

  /** The rest of a page after a position. */
  async after(position: number): Promise<CommentFeedRow[]> {
    const from = position - (position % ENTRIES_PER_PAGE)
    const rows = await this.#page(from)
    // The page has grown since: it must be read again.
    if (rows.length <= position - from) this.#pages.delete(from)
    return rows.slice(position - from)
  }

  clear(): void {
    this.#pages.clear()
  }

  #page(from: number): Promise<CommentFeedRow[]> {
    const known = this.#pages.get(from)
    if (known) return known
    const rows = this.#readPage(from)
    this.#pages.set(from, rows)
    const forget = () => {
      if (this.#pages.get(from) === rows) this.#pages.delete(from)
    }
    rows.then(() => setTimeout(forget, PAGE_TTL_MS).unref(), forget)
    return rows
  }
}
