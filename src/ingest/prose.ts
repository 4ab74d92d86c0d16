import type { BlockDraft } from '../articles/draft.ts'
import type { PlacedBlock } from './block-place.ts'
import type { PageElement } from './dom.ts'

/**
 * Completes the result of Readability, which keeps only one container of an article that has several. A paragraph
 * also belongs to the article if it is in the same kind of element, in the same kind of parent and in the same
 * `<article>` as the found paragraphs. If nothing was found, the kind of element with most of the page's prose
 * is used.
 */
export function completed(found: BlockDraft[], page: PlacedBlock[]): BlockDraft[] {
  const known = new Set(found.flatMap((block) => ('text' in block ? [key(block.text)] : [])))
  const isKnown = ({ block }: PlacedBlock) => isProse(block) && known.has(key(block.text))
  const amount = found.reduce((sum, block) => sum + (isProse(block) ? block.text.length : 0), 0)
  const kinds = kindsOf(amount > 0 ? page.filter(isKnown) : richest(page))
  if (kinds.size === 0) return found
  const scope = articleOf(amount > 0 ? page.filter(isKnown) : page.filter((placed) => kinds.has(placed.kind)))
  const within = page.filter(({ holder, article }) => !scope || article === scope || scope === holder)
  const belongs = (placed: PlacedBlock) =>
    isKnown(placed) || (isProse(placed.block) && kinds.has(placed.kind))
  const first = within.findIndex(belongs)
  const last = within.findLastIndex(belongs)
  const whole = within
    .slice(first, last + 1)
    .filter((placed) => belongs(placed) || goesAlong(placed, kinds, known))
  const gained = whole.reduce((sum, { block }) => sum + (isProse(block) ? block.text.length : 0), 0)
  return gained > Math.max(amount * 1.12, 150) ? whole.map(({ block }) => block) : found
}

/** Whether a block between paragraphs of the article belongs to it: an image, a heading, or a line of the same kind. */
function goesAlong(placed: PlacedBlock, kinds: Set<string>, known: Set<string>): boolean {
  const { block } = placed
  if (!('text' in block)) return true
  return (
    known.has(key(block.text)) ||
    (block.kind === 'HEADING' && block.text.length < 160) ||
    kinds.has(placed.kind)
  )
}

function isProse(block: BlockDraft): block is BlockDraft & { kind: 'PARAGRAPH' } {
  return block.kind === 'PARAGRAPH' && block.text.length >= 40
}

/** The kinds of element that each contain at least a sixth of the prose of these blocks. */
function kindsOf(blocks: PlacedBlock[]): Set<string> {
  const amounts = new Map<string, number>()
  let total = 0
  for (const placed of blocks) {
    if (!isProse(placed.block)) continue
    total += placed.block.text.length
    amounts.set(placed.kind, (amounts.get(placed.kind) ?? 0) + placed.block.text.length)
  }
  return new Set([...amounts].filter(([, amount]) => amount >= total / 6).map(([kind]) => kind))
}

/** The blocks of the kind of element with most prose. */
function richest(page: PlacedBlock[]): PlacedBlock[] {
  const amounts = new Map<string, number>()
  for (const placed of page) {
    if (!isProse(placed.block) || placed.isAside) continue
    amounts.set(placed.kind, (amounts.get(placed.kind) ?? 0) + placed.block.text.length)
  }
  const [best] = [...amounts].sort((a, b) => b[1] - a[1])
  return best ? page.filter((placed) => placed.kind === best[0]) : []
}

function articleOf(blocks: PlacedBlock[]): PageElement | undefined {
  const amounts = new Map<PageElement, number>()
  for (const { block, article } of blocks) {
    if (article && isProse(block)) amounts.set(article, (amounts.get(article) ?? 0) + block.text.length)
  }
  const total = [...amounts.values()].reduce((sum, amount) => sum + amount, 0)
  const [best] = [...amounts].sort((a, b) => b[1] - a[1])
  return best && best[1] > total * 0.6 ? best[0] : undefined
}

function key(text: string): string {
  return text.replace(/\s+/g, '')
}
