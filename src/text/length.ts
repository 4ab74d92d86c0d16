const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The number of characters as readers count them. The text must be limited in bytes before. */
export function countGraphemes(text: string): number {
  let count = 0
  for (const _ of segmenter.segment(text)) count += 1
  return count
}

/** Truncates a text to a number of code points, without splitting a grapheme cluster. */
export function truncateGraphemes(text: string, maxCodePoints: number): string {
  let length = 0
  let end = 0
  // A code point has at most two code units, so this prefix is enough.
  for (const { segment, index } of segmenter.segment(text.slice(0, 4 * maxCodePoints))) {
    length += [...segment].length
    if (length > maxCodePoints) break
    end = index + segment.length
  }
  return text.slice(0, end)
}
