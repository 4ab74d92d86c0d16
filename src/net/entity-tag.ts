/** The suffixes that this gateway, and proxies that compress, add to the tag of a compressed response. */
const ENCODING_SUFFIX = /[-;](?:br|gzip|zstd|deflate)"$/

/**
 * Whether the value of If-None-Match names an entity tag (RFC 9110, 13.1.2: compared weakly). A tag with the suffix of
 * an encoding names the same response.
 * @param tag without quotation marks
 */
export function hasTag(header: string, tag: string): boolean {
  if (header === `"${tag}"`) return true
  return header.split(',').some((each) => {
    const named = each.trim()
    return named === '*' || named.replace(/^W\//, '').replace(ENCODING_SUFFIX, '"') === `"${tag}"`
  })
}
