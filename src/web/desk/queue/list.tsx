import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { CommentRow } from './row.tsx'
import type { Actions } from './use-actions.ts'
import type { Queue } from './use-queue.ts'
import { sum, windowOf } from './window.ts'

/** The height of a comment that was not shown yet, in px. */
const ESTIMATED_PX = 190

/** The next page is loaded when fewer comments than this are below the visible ones. */
const LOAD_AHEAD = 60

interface Props {
  queue: Queue
  actions: Actions
  label: string
}

/**
 * The comments as a feed (WAI-ARIA): each one is an article that can have the focus. Only those near the visible part
 * are in the page, so that ten thousand comments are no more work than a hundred.
 */
export function CommentList({ queue, actions, label }: Props) {
  const { shown, departures } = queue
  const list = useRef<HTMLDivElement>(null)
  const { heights, observe } = useHeights(shown.map(({ id }) => id))
  const view = useViewport(list)
  const rows = windowOf(heights, view.top, view.height)
  const { selection, focus } = actions
  useFocus(list, actions, shown, heights)
  useEffect(() => queue.want(rows.end + LOAD_AHEAD))
  const latest = useRef(actions)
  latest.current = actions
  const handlers = useMemo(
    () => ({
      activate: (id: string) => latest.current.activate(id),
      select: (id: string, isRange: boolean) => latest.current.select(id, isRange),
      approve: (id: string) => latest.current.approve(id),
      reject: (id: string) => latest.current.reject(id),
    }),
    [],
  )
  return (
    <div
      role="feed"
      aria-label={label}
      aria-busy={queue.queue.isLoading && focus === null}
      className="comments"
      ref={list}
    >
      <div style={{ blockSize: rows.before }} />
      {shown.slice(rows.start, rows.end).map((comment, index) => (
        <CommentRow
          key={comment.id}
          comment={comment}
          departure={departures.get(comment.id) ?? null}
          isActive={selection.activeId === comment.id}
          isSelected={selection.selected.has(comment.id)}
          position={rows.start + index + 1}
          count={queue.queue.hasMore ? -1 : shown.length}
          handlers={handlers}
          observe={observe}
        />
      ))}
      <div style={{ blockSize: rows.after }} />
    </div>
  )
}

/** Measures the rows that are in the page. */
function useHeights(ids: readonly string[]) {
  const known = useRef(new Map<string, number>())
  const [, setVersion] = useState(0)
  const observer = useMemo(
    () =>
      new ResizeObserver((entries) => {
        let hasChanged = false
        for (const { target, borderBoxSize } of entries) {
          const id = (target as HTMLElement).dataset.id as string
          const height = borderBoxSize[0]?.blockSize ?? 0
          if (height > 0 && known.current.get(id) !== height) {
            known.current.set(id, height)
            hasChanged = true
          }
        }
        if (hasChanged) setVersion((version) => version + 1)
      }),
    [],
  )
  useEffect(() => () => observer.disconnect(), [observer])
  const observe = useCallback(
    (element: HTMLElement) => {
      observer.observe(element)
      return () => observer.unobserve(element)
    },
    [observer],
  )
  return { heights: ids.map((id) => known.current.get(id) ?? ESTIMATED_PX), observe }
}

/** The visible part of the window, relative to the list. */
function useViewport(list: React.RefObject<HTMLElement | null>) {
  const [view, setView] = useState({ top: 0, height: window.innerHeight })
  useLayoutEffect(() => {
    let frame = 0
    const measure = () => {
      frame = 0
      const top = -(list.current?.getBoundingClientRect().top ?? 0)
      setView({ top, height: window.innerHeight })
    }
    const schedule = () => {
      frame ||= requestAnimationFrame(measure)
    }
    measure()
    window.addEventListener('scroll', schedule, { passive: true })
    window.addEventListener('resize', schedule)
    return () => {
      cancelAnimationFrame(frame)
      window.removeEventListener('scroll', schedule)
      window.removeEventListener('resize', schedule)
    }
  }, [list])
  return view
}

/** Moves the focus to a comment when an action asks for it. A comment that is not in the page is scrolled to first. */
function useFocus(
  list: React.RefObject<HTMLElement | null>,
  { focus }: Actions,
  shown: Queue['shown'],
  heights: readonly number[],
): void {
  const done = useRef(focus)
  useEffect(() => {
    if (!focus || done.current === focus || !list.current) return
    const element = list.current.querySelector<HTMLElement>(`[data-id="${CSS.escape(focus.id)}"]`)
    if (element) {
      done.current = focus
      element.focus({ preventScroll: true })
      element.scrollIntoView({ block: 'nearest' })
      return
    }
    const index = shown.findIndex(({ id }) => id === focus.id)
    if (index < 0) return
    const top = list.current.getBoundingClientRect().top + window.scrollY + sum(heights, 0, index)
    window.scrollTo(0, top - window.innerHeight / 3)
  })
}
