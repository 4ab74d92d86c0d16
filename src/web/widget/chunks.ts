/** Neighbouring comments that are in the document together, or not at all. */
export interface Chunk {
  key: string
  ids: string[]
}

const MAX_CHUNK_SIZE = 20

/**
 * Divides a list into chunks. A comment stays in its chunk when the list grows, so that the measured height of a chunk
 * stays valid.
 * @param known the key of the chunk of each comment, from the last call
 */
export function assignChunks(
  ids: readonly string[],
  known: ReadonlyMap<string, string>,
): { chunks: Chunk[]; known: ReadonlyMap<string, string> } {
  const chunks: Chunk[] = []
  const keys = new Set<string>()
  for (const id of ids) {
    const key = known.get(id)
    const last = chunks.at(-1)
    const continues = key === undefined ? last && last.ids.length < MAX_CHUNK_SIZE : last?.key === key
    if (last && continues) {
      last.ids.push(id)
      continue
    }
    // A chunk that another comment now divides keeps its key for its first part.
    const ownKey = key === undefined || keys.has(key) ? id : key
    keys.add(ownKey)
    chunks.push({ key: ownKey, ids: [id] })
  }
  return {
    chunks,
    known: new Map(chunks.flatMap((chunk) => chunk.ids.map((id) => [id, chunk.key] as const))),
  }
}
