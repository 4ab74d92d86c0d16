/** Which rows of a long list are in the page. */
export interface RowWindow {
  /** The first row, and the row after the last one. */
  start: number
  end: number
  /** The height of the rows before and after, in px. */
  before: number
  after: number
}

/** Rows beyond the visible ones, on each side. */
const OVERSCAN = 6

/**
 * The rows that are visible in a viewport, and some more.
 * @param heights of all rows, in px
 * @param top the upper edge of the viewport, relative to the list
 */
export function windowOf(heights: readonly number[], top: number, viewportHeight: number): RowWindow {
  let offset = 0
  let first = 0
  while (first < heights.length - 1 && offset + (heights[first] as number) < top) {
    offset += heights[first] as number
    first += 1
  }
  let last = first
  let bottom = offset
  while (last < heights.length && bottom < top + viewportHeight) {
    bottom += heights[last] as number
    last += 1
  }
  const start = Math.max(first - OVERSCAN, 0)
  const end = Math.min(last + OVERSCAN, heights.length)
  return { start, end, before: sum(heights, 0, start), after: sum(heights, end, heights.length) }
}

export function sum(heights: readonly number[], from: number, to: number): number {
  let total = 0
  for (let index = from; index < to; index += 1) total += heights[index] as number
  return total
}
