import { isLoopback } from '../config/loopback.ts'
import { isValidValue } from '../text/valid-text.ts'

/** The folder of this gateway's own pages of articles. */
const STORIES = '/stories/'

/** The slug in the address of an article's page on this gateway; null for any other address. */
export function slugInStoryAddress(text: string, publicUrl: string): string | null {
  const url = URL.parse(text.trim())
  const gateway = new URL(publicUrl)
  if (!url || !/^https?:$/.test(url.protocol) || !isSameSite(url, gateway)) return null
  const folder = gateway.pathname.replace(/\/$/, '') + STORIES
  if (!url.pathname.startsWith(folder)) return null
  const name = url.pathname.slice(folder.length).replace(/\/$/, '')
  try {
    const slug = decodeURIComponent(name)
    return slug !== '' && isValidValue(slug) ? slug : null
  } catch {
    return null
  }
}

/** The scheme and "www." do not matter, and this machine has several names. */
function isSameSite(one: URL, other: URL): boolean {
  const hasSameName =
    nameOf(one) === nameOf(other) || (isLoopback(one.hostname) && isLoopback(other.hostname))
  return hasSameName && one.port === other.port
}

function nameOf({ hostname }: URL): string {
  return hostname.replace(/^www\./, '')
}
