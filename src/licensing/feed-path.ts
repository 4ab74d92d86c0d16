/** The path of a partner's feeds: "/feeds/p/TOKEN/rss.xml" is its version of "/feeds/rss.xml". */
const PARTNER_FEED_PATH = /^\/feeds\/p\/([^/?]*)/

/** The token in a path under /feeds/; null for a public feed. */
export function feedTokenIn(path: string): string | null {
  return PARTNER_FEED_PATH.exec(path)?.[1] ?? null
}

/** The path without its token. */
export function withoutFeedToken(path: string): string {
  return path.replace(PARTNER_FEED_PATH, '/feeds')
}

/** The path with the given token instead of its own, and without a key in the query. */
export function withFeedToken(path: string, token: string): string {
  const [at = '', query = ''] = withoutFeedToken(path).split(/\?(.*)/s, 2)
  const rest = new URLSearchParams(query)
  rest.delete('key')
  return `${at.replace('/feeds', `/feeds/p/${token}`)}${rest.size > 0 ? `?${rest}` : ''}`
}
