import { useSyncExternalStore } from 'react'

/** Errors of a gateway that does not have the documents of this desk: it has a newer version of it. */
export const OUTDATED_CODES: readonly string[] = ['PERSISTED_QUERY_NOT_FOUND', 'DOCUMENT_NOT_PERSISTED']

let isOutdated = false
const listeners = new Set<() => void>()

/** Remembers that the gateway answered with an error that only a reload ends. */
export function noteError(code: string): void {
  if (isOutdated || !OUTDATED_CODES.includes(code)) return
  isOutdated = true
  for (const listener of listeners) listener()
}

export function useOutdated(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => isOutdated,
  )
}
