const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** How many characters a reader counts. The text must be bounded in bytes before. */
export function countGraphemes(text: string): number {
  let count = 0
  for (const _ of segmenter.segment(text)) count += 1
  return count
}

/** The start of a text: whole characters, of at most so many code points. */
export function truncateGraphemes(text: string, maxCodePoints: number): string {
  let length = 0
  let end = 0
  // A code point has at most two code units, so this much decides.
  for (const { segment, index } of segmenter.segment(text.slice(0, 4 * maxCodePoints))) {
    length += [...segment].length
    if (length > maxCodePoints) break
    end = index + segment.length
  }
  return text.slice(0, end)
}
