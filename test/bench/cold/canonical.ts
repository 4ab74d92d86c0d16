import { isDeepStrictEqual } from 'node:util'

// The responses of the servers in one form, to see that all do the same work. Schemas differ in names, in the
// form of ids and times, and in how a list is wrapped.

/** Throws when a server's response has other content than that of the bare server. */
export function assertSameContent(server: string, page: string, response: string, expected: string): void {
  const [own, other] = [response, expected].map((text) => canonical(JSON.parse(text)))
  if (isDeepStrictEqual(own, other)) return
  throw new Error(
    `${server} answers the ${page} with other content:\n${JSON.stringify(own).slice(0, 4_000)}\nexpected:\n${JSON.stringify(other).slice(0, 4_000)}`,
  )
}

function canonical(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => canonical(each))
  if (typeof value === 'string') return canonicalText(value, key)
  if (typeof value !== 'object' || value === null) return value
  const object = value as Record<string, unknown>
  if ('nodes' in object) return canonical(object.nodes)
  const entries = Object.entries(object).flatMap(([name, each]) =>
    entriesOf(name.replace(/_n\d+$/, ''), each),
  )
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function entriesOf(key: string, value: unknown): [string, unknown][] {
  // Cursors are opaque, and only some servers send the fields that a block lacks.
  if (key === 'endCursor' || value === null) return []
  if (key === 'rolesAsPrinted') return [['roleAsPrinted', (value as string[])[0]]]
  if (key === 'authorName') return [['author', { displayName: value }]]
  if (key === 'dateline' && typeof value === 'string') return [['dateline', { text: value }]]
  if (key === 'image') return Object.entries(value as object)
  return [[key, canonical(value, key)]]
}

function canonicalText(text: string, key: string): string {
  if (key.endsWith('At')) return new Date(text).toISOString()
  if (key !== 'id' || text.includes('-')) return text
  return Buffer.from(text, 'base64').toString().replace(/^\w+:/, '')
}
