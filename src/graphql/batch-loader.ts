/** Loads the value of a key. */
export type Load<Key, Context, Value> = (key: Key, context: Context) => Promise<Value>

/**
 * Loads the values of all keys that the fields of an operation need at the same time with one call.
 * @param loadAll loads the values of different keys, each of which must have a value
 */
export function batchLoader<Key, Context extends object, Value>(
  loadAll: (keys: readonly Key[], context: Context) => Promise<ReadonlyMap<Key, Value>>,
): Load<Key, Context, Value> {
  const open = new WeakMap<Context, { keys: Set<Key>; values: Promise<ReadonlyMap<Key, Value>> }>()
  return async (key, context) => {
    let batch = open.get(context)
    if (!batch) {
      const keys = new Set<Key>()
      // The executor starts all fields of a list before the next phase of the event loop.
      const values = new Promise(setImmediate).then(() => {
        open.delete(context)
        return loadAll([...keys], context)
      })
      batch = { keys, values }
      open.set(context, batch)
    }
    batch.keys.add(key)
    const values = await batch.values
    if (!values.has(key)) throw new Error(`the batch has no value for ${String(key)}`)
    return values.get(key) as Value
  }
}
