const FIELDS = [
  'slug',
  'headline',
  'kicker',
  'standfirst',
  'byline',
  'language',
  'publishedAt',
  'updatedAt',
  'commentCount',
  'version',
  'url',
  'dateline { text }',
  'topic { slug }',
  'leadImage { url alt }',
]

/** Documents that differ in their fields, so that no two of them need the same columns. At most 16,383. */
export function* distinctDocuments(count: number): Generator<{ query: string }> {
  if (count >= 2 ** FIELDS.length) throw new RangeError(`at most ${2 ** FIELDS.length - 1} documents`)
  for (let number = 1; number <= count; number++) {
    const fields = FIELDS.filter((_, i) => number & (1 << i))
    yield { query: `query Other${number} { articles(first: 2) { edges { node { ${fields.join(' ')} } } } }` }
  }
}
