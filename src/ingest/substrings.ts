/**
 * An index of a long text, for many searches in it. `String.includes` may compare every character of one text
 * with every character of the other, each time.
 */
export class Substrings {
  readonly length: number
  private readonly text: string
  private places: Map<string, number[]> | undefined

  constructor(text: string) {
    this.length = text.length
    this.text = text.slice(0, MAX_CHARACTERS)
  }

  /** Whether the indexed text contains a text of at least four characters. */
  has(wanted: string): boolean {
    const start = wanted.slice(0, START)
    if (start.length < START) return this.text.includes(wanted)
    this.places ??= placesOf(this.text)
    return (this.places.get(start) ?? []).some((place) => this.text.startsWith(wanted, place))
  }
}

const START = 4

/** The indexed part of the text, in UTF-16 code units, and the maximum number of comparisons per search. */
const MAX_CHARACTERS = 300_000
const MAX_PLACES = 1_000

function placesOf(text: string): Map<string, number[]> {
  const places = new Map<string, number[]>()
  for (let at = 0; at + START <= text.length; at += 1) {
    const start = text.slice(at, at + START)
    const known = places.get(start)
    if (!known) places.set(start, [at])
    else if (known.length < MAX_PLACES) known.push(at)
  }
  return places
}
