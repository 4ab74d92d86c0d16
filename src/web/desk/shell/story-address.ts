import { settings } from './settings.ts'

interface Story {
  slug: string
  /** Its address at the outlet. */
  url: string
}

/** Where readers read a story: on the gateway's own page, or else at the outlet. null if there is no address to open. */
export function storyAddress({ slug, url }: Story): string | null {
  if (settings.hasPages) return `${settings.base}/stories/${encodeURIComponent(slug)}`
  return URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol) ? url : null
}
