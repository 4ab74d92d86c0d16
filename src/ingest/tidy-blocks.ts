import type { BlockDraft, ImageDraft } from '../articles/draft.ts'
import { embedAt } from './embeds.ts'
import { pictureName } from './images.ts'
import { Substrings } from './substrings.ts'
import { plain } from './text.ts'
import { textKey } from './text-key.ts'

/** The parts of a page that an article stores outside its body. */
export interface PrintedElsewhere {
  headline: string
  leadImage: ImageDraft | undefined
  /** The byline as the page prints it. */
  byline: string | undefined
}

/**
 * The blocks without those that are stored elsewhere (headline, lead image, byline), pull quotes, advertising
 * labels, and headings without text after them.
 */
export function tidyBlocks(blocks: BlockDraft[], page: PrintedElsewhere): BlockDraft[] {
  const headline = textKey(page.headline)
  const prose = new Substrings(
    blocks.flatMap((block) => (block.kind === 'PARAGRAPH' ? [textKey(block.text)] : [])).join(' '),
  )
  const byline = textKey(page.byline ?? '')
  const pictures = new Set(page.leadImage ? [pictureName(page.leadImage.url)] : [])
  const start = blocks.findIndex((block) => block.kind === 'PARAGRAPH' && block.text.length >= 80)
  const kept = blocks.filter((block, i) => {
    if (block.kind === 'EMBED') return true
    if (block.kind === 'IMAGE') {
      const name = pictureName(block.image.url)
      return !pictures.has(name) && pictures.add(name)
    }
    const text = textKey(block.text)
    if (text === '' || embedAt(block.text) !== undefined || boilerplate.test(plain(block.text))) return false
    if (
      block.kind === 'PARAGRAPH' &&
      (isCaption(text, page.leadImage) || (i < start && (isDateLine(block.text) || text === byline)))
    )
      return false
    if (block.kind === 'QUOTATION') return !prose.has(text)
    return block.kind === 'PARAGRAPH' || text !== headline
  })
  while (kept.at(-1)?.kind === 'HEADING') kept.pop()
  return kept.filter((block, i) => !(block.kind === 'HEADING' && kept[i + 1]?.kind === 'HEADING' && i === 0))
}

/** Whether a text (given as its key) is the caption of the lead image, alone or with its credit. */
function isCaption(text: string, image: ImageDraft | undefined): boolean {
  const caption = textKey(image?.caption ?? '')
  return (
    caption !== '' &&
    text.startsWith(caption) &&
    text.length <= caption.length + textKey(image?.credit ?? '').length + 12
  )
}

/** Whether a text is the printed time of publication, such as "12 March 2024, 08:05 • 2 minutes". */
function isDateLine(text: string): boolean {
  return (
    text.length < 70 &&
    /(?:^|\D)(?:(?:19|20)\d\d|\d{1,2}[:.]\d\d)(?:\D|$)/.test(text) &&
    !/[.!?؟]["”»]?$/.test(text)
  )
}

const boilerplate =
  /^(?:advertis?ements?|story continues below(?: this)? advertisement|article continues (?:below|after)[\w ]*|werbung|anzeige|publicidad|publicité|pubblicità|reklama?|реклама|إعلان|\*|share(?: this(?: article)?)?|read more|please follow and like us|all rights reserved|[©ⓒ].{0,80}|copyright .{0,80}|riproduzione riservata|[\s•·*–—-]+)[.:]?$/iu
