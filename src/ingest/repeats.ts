import type { BlockDraft } from '../articles/draft.ts'

/**
 * A body without repeated runs of text: some pages print the beginning of an article again for printers or
 * phones. A run is at least two consecutive blocks of text with 160 characters in total, so a repeated answer in an
 * interview and a refrain of short lines stay.
 */
export function withoutRepeatedRuns(blocks: BlockDraft[]): BlockDraft[] {
  const texts = blocks.flatMap((block, at) => ('text' in block ? [{ at, text: keyOf(block.text) }] : []))
  const firstPlaces = new Map<string, number>()
  const repeated = new Set<number>()
  for (let i = 0; i < texts.length; i += 1) {
    const next = texts[i + 1]
    if (!next) break
    const pair = `${texts[i]!.text}\n${next.text}`
    const first = firstPlaces.get(pair)
    const count = first === undefined ? 0 : runLength(texts, first, i)
    const run = texts.slice(i, i + count)
    if (count < 2 || run.reduce((sum, { text }) => sum + text.length, 0) < MIN_RUN_CHARACTERS) {
      if (first === undefined) firstPlaces.set(pair, i)
      continue
    }
    for (const { at } of run) repeated.add(at)
    i += count - 1
  }
  return blocks.filter((_, at) => !repeated.has(at))
}

const MIN_RUN_CHARACTERS = 160

/** The number of texts from `again` on that equal those from `first` on. A run ends where its repeat starts. */
function runLength(texts: { text: string }[], first: number, again: number): number {
  let count = 0
  while (
    first + count < again &&
    texts[again + count] &&
    texts[first + count]!.text === texts[again + count]!.text
  ) {
    count += 1
  }
  return count
}

function keyOf(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim()
}
