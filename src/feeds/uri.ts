/**
 * An address as a URI (RFC 3986): browsers take more than that, and the schemas of formats do not.
 * @returns the address as it is where it is none that a browser takes
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
