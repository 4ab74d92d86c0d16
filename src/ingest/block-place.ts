import type { BlockDraft } from '../articles/draft.ts'
import type { PageElement } from './dom.ts'

/** A block with its position in the page. Stored when the block is read, because the document changes later. */
export interface PlacedBlock {
  block: BlockDraft
  /** The element that directly contains it. */
  holder: PageElement
  /** The tag and class of that element and of its parent, without digits: generated classes are numbered. */
  kind: string
  /** The nearest `<article>` around it. */
  article: PageElement | undefined
  /** Whether it is in a header, footer or aside. */
  isAside: boolean
}

export type Place = Omit<PlacedBlock, 'block'>

export function placeOf(holder: PageElement, outer: Place | undefined): Place {
  const tag = holder.tagName.toUpperCase()
  return {
    holder,
    kind: `${tagAndClass(holder)} ${tagAndClass(holder.parentElement)}`,
    article: tag === 'ARTICLE' ? holder : outer ? outer.article : (holder.closest('article') ?? undefined),
    isAside: /^(?:FOOTER|ASIDE|HEADER)$/.test(tag) || (outer?.isAside ?? false),
  }
}

function tagAndClass(element: PageElement | null): string {
  if (!element) return ''
  return `${element.tagName}.${(element.getAttribute('class') ?? '')
    .slice(0, 200)
    .replace(/[\d\s]+/g, ' ')
    .trim()}`
}
