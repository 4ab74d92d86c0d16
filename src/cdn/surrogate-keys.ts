import { ARTICLE_CHANGES, type Dependency, REFERENCE_DETAILS, REFERENCE_NAMES } from '../read-cache/reads.ts'

// The names by which a CDN drops responses: docs/cdn.md lists them.

/** The key of every response. */
export const ALL = 'all'
/** In place of the keys of articles that do not fit into the header. */
const ANY_ARTICLE = 'any-article'
/** In place of the keys of comments that do not fit. */
const ANY_COMMENTS = 'any-comments'

/**
 * The longest header of keys, in bytes. CDNs accept 16 kB, Varnish 8 kB in one header; nginx, which does not use them,
 * 4 kB for all headers of a response.
 */
const MAX_HEADER_BYTES = 3_000

const COMMENTS_PREFIX = 'comments:'

const GROUPS: ReadonlyMap<Dependency, string> = new Map([
  [ARTICLE_CHANGES, 'feeds'],
  [REFERENCE_DETAILS, 'reference'],
  [REFERENCE_NAMES, 'names'],
])

/** The surrogate keys of a response, separated by spaces. */
export function surrogateKeys(dependencies: Iterable<Dependency>): string {
  const keys = new Set([ALL])
  for (const dependency of dependencies) keys.add(keyOf(dependency))
  const all = join(keys)
  if (all.length <= MAX_HEADER_BYTES) return all
  const fewer = join(grouped(keys, 'c-', ANY_COMMENTS))
  if (fewer.length <= MAX_HEADER_BYTES) return fewer
  return join(grouped(grouped(keys, 'c-', ANY_COMMENTS), 'a-', ANY_ARTICLE))
}

/** The keys to purge when these dependencies have changed. */
export function purgedKeys(dependencies: Iterable<Dependency>): string[] {
  const keys = new Set<string>()
  for (const dependency of dependencies) {
    const key = keyOf(dependency)
    keys.add(key)
    if (key.startsWith('a-')) keys.add(ANY_ARTICLE)
    else if (key.startsWith('c-')) keys.add(ANY_COMMENTS)
  }
  return [...keys]
}

function keyOf(dependency: Dependency): string {
  if (dependency.startsWith(COMMENTS_PREFIX)) return `c-${dependency.slice(COMMENTS_PREFIX.length)}`
  if (UUID.test(dependency)) return `a-${dependency}`
  return GROUPS.get(dependency) ?? dependency
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/

function grouped(keys: ReadonlySet<string>, prefix: string, group: string): Set<string> {
  return new Set([...keys].map((key) => (key.startsWith(prefix) ? group : key)))
}

function join(keys: ReadonlySet<string>): string {
  return [...keys].join(' ')
}
