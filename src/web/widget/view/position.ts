// Keeps what the reader sees in its place. Browsers do this themselves for some changes, but not all browsers, and not
// across a replaced list.

/** Elements that the reader sees, with their distance from the top of the window. */
export type Position = readonly { element: HTMLElement; top: number }[]

/** Enough that one of them remains when comments are removed. */
const MAX_ELEMENTS = 8

/** What the reader sees of the widget; null if the widget is below the window. */
export function positionOf(host: HTMLElement): Position | null {
  const bounds = host.getBoundingClientRect()
  if (bounds.top >= innerHeight) return null
  // The reader is below the widget: what follows it must not move.
  if (bounds.bottom <= 0) return [{ element: host, top: bounds.bottom }]
  const focused = host.shadowRoot?.activeElement
  const seen = [...(focused instanceof HTMLElement ? [focused] : []), ...cardsOf(host)].flatMap((element) => {
    const { top, bottom } = element.getBoundingClientRect()
    return bottom > 0 && top < innerHeight ? [{ element, top }] : []
  })
  return seen.slice(0, MAX_ELEMENTS)
}

/** Scrolls by as much as what the reader saw has moved. */
export function restorePosition(host: HTMLElement, position: Position): void {
  for (const { element, top: before } of position) {
    const now = currentOf(host, element)
    if (!now) continue
    const { top, bottom } = now.getBoundingClientRect()
    const moved = (now === host ? bottom : top) - before
    if (Math.abs(moved) >= 1) scrollerOf(host).scrollBy({ top: moved, behavior: 'instant' })
    return
  }
}

/** The element itself; if the list was replaced, the element of the same comment. */
function currentOf(host: HTMLElement, element: HTMLElement): HTMLElement | undefined {
  if (element.isConnected) return element
  const { id } = element.dataset
  return id === undefined ? undefined : cardsOf(host).find((card) => card.dataset.id === id)
}

/** The first comment in the window that is not a reply. */
export function firstVisibleComment(host: HTMLElement): string | null {
  for (const element of host.shadowRoot?.querySelectorAll<HTMLElement>('.list > .chunk > .comment') ?? []) {
    const { bottom } = element.getBoundingClientRect()
    if (bottom > 0) return element.dataset.comment ?? null
  }
  return null
}

/** Whether new comments can be shown at an end of the list without moving what the reader sees. */
export function canGrow(host: HTMLElement, end: 'start' | 'end'): boolean {
  const list = host.shadowRoot?.querySelector('.list')
  if (!list) return false
  const { top, bottom } = list.getBoundingClientRect()
  const isEmpty = !list.querySelector('.comment')
  return isEmpty || top >= innerHeight || bottom <= 0 || (end === 'end' && bottom >= 0)
}

/** Scrolls to a comment and moves the focus to it. Returns false if it is not on the screen yet. */
export function focusComment(host: HTMLElement, id: string): boolean {
  const card = cardsOf(host).find((element) => element.dataset.id === id)
  if (!card) return false
  card.focus({ preventScroll: true })
  const { top, bottom } = card.getBoundingClientRect()
  if (top < 0 || bottom > innerHeight) card.scrollIntoView({ block: 'center', behavior: 'instant' })
  return true
}

function cardsOf(host: HTMLElement): HTMLElement[] {
  return [...(host.shadowRoot?.querySelectorAll<HTMLElement>('.card') ?? [])]
}

/** The closest element around the widget that scrolls. */
function scrollerOf(host: HTMLElement): Element {
  for (let element = parentOf(host); element; element = parentOf(element)) {
    const isScrollable = /auto|scroll/.test(getComputedStyle(element).overflowY)
    if (isScrollable && element.scrollHeight > element.clientHeight && element !== document.body)
      return element
  }
  return document.scrollingElement ?? document.documentElement
}

function parentOf(element: Element): Element | null {
  const root = element.getRootNode()
  return element.assignedSlot ?? element.parentElement ?? (root instanceof ShadowRoot ? root.host : null)
}
