import type { BlockDraft } from '../articles/draft.ts'
import { normaliseName } from '../names/names.ts'

/**
 * Whether two bodies are versions of one text: they share more than half of the shorter one and more than a third
 * of the longer one. Runs of characters are compared, because not all scripts separate words.
 */
export function hasMostlySameText(one: BlockDraft[], other: BlockDraft[]): boolean {
  const [first, second] = [runsOf(one), runsOf(other)]
  let shared = 0
  for (const run of first) if (second.has(run)) shared += 1
  return shared > Math.min(first.size, second.size) / 2 && shared > Math.max(first.size, second.size) / 3
}

function runsOf(blocks: BlockDraft[]): Set<string> {
  const parts = blocks.map((block) => ('text' in block ? block.text : ''))
  const text = normaliseName(parts.join(' ').slice(0, MAX_COMPARED_CHARACTERS))
  const runs = new Set<string>()
  for (let i = 0; i + RUN_CHARACTERS <= text.length; i += 1) runs.add(text.slice(i, i + RUN_CHARACTERS))
  return runs
}

const RUN_CHARACTERS = 24
const MAX_COMPARED_CHARACTERS = 20_000
