/** The suffixes that this gateway, and proxies that compress, add to the tag of a compressed response. */
const ENCODING_SUFFIX = /[-;](?:br|gzip|zstd|deflate)"$/

/**
 * Whether the value of If-None-Match names a response (RFC 9110, 13.1.2: compared weakly).
 * @param tag without quotation marks
 * @param encoding of the form that would be sent, which is the suffix of its tag; without one, a tag to which a proxy
 *   has added a suffix names the same response
 */
export function hasTag(header: string, tag: string, encoding: string | null = null): boolean {
  const expected = encoding === null ? `"${tag}"` : `"${tag}-${encoding}"`
  if (header === expected) return true
  return header.split(',').some((each) => {
    const named = each.trim().replace(/^W\//, '')
    return named === '*' || (encoding === null ? named.replace(ENCODING_SUFFIX, '"') : named) === expected
  })
}
