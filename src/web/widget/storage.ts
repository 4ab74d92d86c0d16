// What the widget keeps in the reader's browser. Without storage, nothing is kept, and all else works.

const PREFIX = 'dateline-comments:'

export function readStored(key: string, storage = local): string | null {
  try {
    return storage().getItem(PREFIX + key)
  } catch {
    return null
  }
}

/** Stores a value; null removes it. */
export function store(key: string, value: string | null, storage = local): void {
  try {
    if (value === null) storage().removeItem(PREFIX + key)
    else storage().setItem(PREFIX + key, value)
  } catch {
    // Storage is full or not allowed.
  }
}

const local = () => localStorage

/** Storage of this window only. */
export const ofWindow = () => sessionStorage
