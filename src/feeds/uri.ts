/**
 * Converts a URL that browsers accept to a valid URI (RFC 3986), which format schemas require.
 * @returns the input if it is not a URL
 */
export function uriOf(address: string): string {
  const url = URL.parse(address)
  if (!url) return address
  const rest = `${url.pathname}${url.search}${url.hash}`
  return (
    url.href.slice(0, url.href.length - rest.length) + rest.replace(NOT_URI_CHARACTERS, encodeURIComponent)
  )
}

const NOT_URI_CHARACTERS = /%(?![\da-f]{2})|[|\\^`[\]{}<>"]/gi
