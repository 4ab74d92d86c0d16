import { Component } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { assignChunks, type Chunk } from '../chunks.ts'
import { type Edge, ROOT } from '../comments.ts'
import { CommentItem } from './comment.tsx'
import { useView } from './context.ts'

/** The comments that are not replies. Only those near the window are in the document. */
export function CommentList() {
  const { state, text } = useView()
  const section = state.comments?.sections.get(ROOT)
  const isNewestFirst = state.order === 'newest'
  const sorted = section?.ids ?? NO_IDS
  const ids = useMemo(() => (isNewestFirst ? sorted.toReversed() : sorted), [isNewestFirst, sorted])
  if (!section) return null
  const isEmpty = ids.length + section.fresh.length === 0 && !section.hasOlder && !section.hasNewer
  return (
    <div class="list-frame" aria-busy={state.isOpening}>
      {isNewestFirst && <FreshButton />}
      {isNewestFirst ? <MoreButton edge="newer" place="start" /> : <MoreButton edge="older" place="start" />}
      <Chunks ids={ids} />
      {isEmpty && (
        <p class="soft empty">{text(state.commentingOpen && !state.isReadOnly ? 'emptyOpen' : 'empty')}</p>
      )}
      {isNewestFirst ? <MoreButton edge="older" place="end" /> : <MoreButton edge="newer" place="end" />}
      {!isNewestFirst && <FreshButton />}
    </div>
  )
}

const NO_IDS: readonly string[] = []

/** A button with the number of new comments. They are inserted when it is pressed. */
function FreshButton() {
  const { state, text, controller } = useView()
  const count = state.comments?.sections.get(ROOT)?.fresh.length ?? 0
  return (
    <div class={`fresh ${state.order}`}>
      {count > 0 && (
        <button
          type="button"
          class="button primary"
          part="button new-comments"
          onClick={() => void controller.showNew(ROOT)}
        >
          {text('newComments', { count })}
        </button>
      )}
    </div>
  )
}

interface MoreButtonProps {
  edge: Edge
  place: 'start' | 'end'
}

/** Loads the next page: when pressed, and after that whenever the reader comes near. */
function MoreButton({ edge, place }: MoreButtonProps) {
  const { state, text, controller } = useView()
  const button = useRef<HTMLButtonElement>(null)
  const continues = useRef(false)
  const section = state.comments?.sections.get(ROOT)
  const hasMore = (edge === 'older' ? section?.hasOlder : section?.hasNewer) ?? false
  const isLoading = state.loading.has(`${edge}:${ROOT}`)
  const hasFailed = state.failed.has(`${edge}:${ROOT}`)
  useEffect(() => {
    if (!hasMore || isLoading || hasFailed || !button.current) return
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting && continues.current) void controller.loadMore(ROOT, edge)
      },
      { rootMargin: '1000px 0px' },
    )
    observer.observe(button.current)
    return () => observer.disconnect()
  })
  if (!hasMore) return null
  const press = () => {
    const focuses = !continues.current
    continues.current = true
    void controller.loadMore(ROOT, edge, focuses)
  }
  return (
    <div class={`more ${place}`}>
      {hasFailed && <p role="alert">{text('loadingFailed')}</p>}
      <button
        type="button"
        class="button"
        part="button more"
        ref={button}
        aria-disabled={isLoading}
        onClick={press}
      >
        {isLoading ? text('loading') : text(edge === 'older' ? 'showOlder' : 'showNewer')}
      </button>
    </div>
  )
}

interface ChunksProps {
  ids: readonly string[]
}

interface ChunksState {
  /** The heights of the chunks that are far from the window, by key. */
  far: ReadonlyMap<string, number>
}

/** How far from the window comments stay in the document. */
const NEAR = '1500px 0px'

class Chunks extends Component<ChunksProps, ChunksState> {
  override state: ChunksState = { far: new Map() }
  #assigned: ReturnType<typeof assignChunks> = { chunks: [], known: new Map() }
  #ids: readonly string[] = []
  readonly #refs = new Map<string, (element: Element | null) => void>()
  readonly #observer = new IntersectionObserver((entries) => this.#onScroll(entries), { rootMargin: NEAR })

  override componentWillUnmount(): void {
    this.#observer.disconnect()
  }

  #onScroll(entries: readonly IntersectionObserverEntry[]): void {
    const far = new Map(this.state.far)
    let hasChanged = false
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      const { chunk = '' } = (target as HTMLElement).dataset
      // The focus must not get lost.
      if (isIntersecting === !far.has(chunk) || (!isIntersecting && target.matches(':focus-within'))) continue
      if (isIntersecting) far.delete(chunk)
      else far.set(chunk, boundingClientRect.height)
      hasChanged = true
    }
    if (hasChanged) this.setState({ far })
  }

  /** Always the same function for a chunk: otherwise each rendering would begin to observe all chunks again. */
  #refOf(key: string): (element: Element | null) => void {
    let ref = this.#refs.get(key)
    if (!ref) {
      let observed: Element | null = null
      ref = (element) => {
        if (observed) this.#observer.unobserve(observed)
        if (element) this.#observer.observe(element)
        else this.#refs.delete(key)
        observed = element
      }
      this.#refs.set(key, ref)
    }
    return ref
  }

  override render({ ids }: ChunksProps, { far }: ChunksState) {
    if (ids !== this.#ids) this.#assigned = assignChunks(ids, this.#assigned.known)
    this.#ids = ids
    return (
      <div class="list" part="list">
        {this.#assigned.chunks.map((chunk) => this.#renderChunk(chunk, far.get(chunk.key)))}
      </div>
    )
  }

  #renderChunk({ key, ids }: Chunk, height: number | undefined) {
    return (
      <div
        key={key}
        class="chunk"
        data-chunk={key}
        ref={this.#refOf(key)}
        style={{ height: height === undefined ? '' : `${height}px` }}
      >
        {height === undefined && ids.map((id) => <CommentItem key={id} id={id} depth={0} />)}
      </div>
    )
  }
}
