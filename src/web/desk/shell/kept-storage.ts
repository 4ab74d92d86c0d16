/** What a user is writing, in this window. */
const PREFIX = 'dateline-desk-kept:'

/** When the user signs out. */
export function forgetKept(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key)
  } catch {}
}

export function read<Value>(key: string): Value | null {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + key) ?? 'null') as Value | null
  } catch {
    return null
  }
}

/** Browsers can forbid storage: then the text is not kept. */
export function write(key: string, value: unknown): void {
  try {
    sessionStorage.setItem(PREFIX + key, JSON.stringify(value))
  } catch {}
}

export function remove(key: string): void {
  try {
    sessionStorage.removeItem(PREFIX + key)
  } catch {}
}
