import type { ArticleChangesInput } from '../../../../schema/documents.ts'
import { blockPart, blockText, type Draft, type Part, withText } from './draft.ts'

/** A text of a story that a correction can change. */
export interface Place {
  /** Where it is: the name of a field, or the number of a block. */
  at: string
  part: Part
  text: string
}

/** Other words for a text. */
export interface Rewording {
  at: string
  part: Part
  /** The words that the editor changed. */
  base: string
  words: string
}

const FIELDS = ['kicker', 'headline', 'standfirst', 'byline'] as const

/** The texts of a story, in reading order. */
export function textsIn(draft: Draft): Place[] {
  return [
    ...FIELDS.map((name): Place => ({ at: name, part: name, text: draft[name] ?? '' })),
    ...draft.blocks.flatMap((block, index): Place[] => {
      const text = blockText(block)
      return text === null ? [] : [{ at: String(index), part: blockPart(block), text }]
    }),
  ].filter(({ text }) => text !== '')
}

/**
 * The rewordings as they apply to a newer draft: a text that moved is found by its words. `lost` are those of texts
 * that somebody else changed or removed.
 */
export function applied(rewordings: readonly Rewording[], draft: Draft) {
  const places = textsIn(draft)
  const valid: Rewording[] = []
  const lost: Rewording[] = []
  for (const rewording of rewordings) {
    const same = places.filter(({ part, text }) => part === rewording.part && text === rewording.base)
    const place = same.find(({ at }) => at === rewording.at) ?? (same.length === 1 ? same[0] : undefined)
    if (place) valid.push({ ...rewording, at: place.at })
    else lost.push(rewording)
  }
  return { valid, lost }
}

/** The changes to send; null for none. */
export function changesOf(rewordings: readonly Rewording[], draft: Draft): ArticleChangesInput | null {
  if (rewordings.length === 0) return null
  const words = new Map(rewordings.map((each) => [each.at, each.words]))
  const fields = FIELDS.filter((name) => words.has(name)).map((name) => [name, words.get(name)])
  const blocks = draft.blocks.map((block, index) => {
    const text = words.get(String(index))
    return text === undefined ? block : withText(block, text)
  })
  const changedBlocks = blocks.some((block, index) => block !== draft.blocks[index])
  return {
    ...Object.fromEntries(fields),
    ...(changedBlocks ? { blocks: blocks as ArticleChangesInput['blocks'] } : {}),
  }
}
