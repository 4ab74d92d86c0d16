// The address of a comment on the page: the fragment #comment- and the bytes of the comment's UUID, as base64url.

const PREFIX = '#comment-'
const TYPE = 'Comment:'

/** The fragment of a comment, such as `#comment-AZrT…`: the same on every page and for all time. */
export function fragmentOf(id: string): string {
  const key = decoded(id)
  const digits = key?.startsWith(TYPE) ? key.slice(TYPE.length).replaceAll('-', '') : ''
  if (!/^[0-9a-f]{32}$/.test(digits)) return PREFIX + id
  const bytes = digits.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)))
  return PREFIX + btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The id of the comment that a fragment names; null if it names none. */
export function idIn(fragment: string): string | null {
  if (!fragment.startsWith(PREFIX)) return null
  const name = fragment.slice(PREFIX.length)
  const bytes = name.length === 22 ? decoded(name.replaceAll('-', '+').replaceAll('_', '/')) : null
  if (bytes?.length !== 16) return name || null
  const digits = [...bytes].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('')
  return btoa(TYPE + digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'))
}

function decoded(base64: string): string | null {
  try {
    return atob(base64)
  } catch {
    return null
  }
}
