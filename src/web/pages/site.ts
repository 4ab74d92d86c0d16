import type { OidcSettings } from '../sign-in/settings.ts'
import type { Language } from '../texts/languages.ts'

/** What all pages of the gateway have in common. */
export interface Site {
  /** The name of the outlet. */
  outlet: string
  /** The path under which the gateway is served, without a trailing slash. */
  base: string
  /** The public URL of the gateway, without a trailing slash. */
  publicUrl: string
  /** The paths of the style sheet, the script of the pages and the widget. */
  style: string
  script: string
  widget: string
  /** Whether readers can sign in as sample readers, and whether there is a link to the desk. */
  isDevelopment: boolean
  /** How readers sign in at the outlet's identity provider; null if they can't. */
  signIn: OidcSettings | null
}

/** The path to which the identity provider returns readers. */
export const SIGN_IN_PATH = '/sign-in'

/** Which list of the newsroom a page shows. */
export type ListPlace =
  | { kind: 'front' }
  | { kind: 'topic' | 'person' | 'organisation'; slug: string }
  | { kind: 'search'; query: string }

/** The address of a list, relative to the gateway. */
export interface ListAddress {
  place: ListPlace
  /** The language that the address names: of the articles, and of the page. */
  language: Language | null
  /** The cursor after which the page begins. */
  after: string | null
}

/** The folders of topics, people and organisations in addresses. */
export const FOLDERS = { topic: 'topics', person: 'people', organisation: 'organisations' } as const

/** The path of a person or an organisation. */
export function pathOfEntity(kind: 'person' | 'organisation', slug: string): string {
  return pathOfList({ place: { kind, slug }, language: null, after: null })
}

/** The path of a list with its parameters, in the canonical order. */
export function pathOfList({ place, language, after }: ListAddress): string {
  const query = new URLSearchParams()
  if (place.kind === 'search') query.set('q', place.query)
  if (language) query.set('language', language)
  if (after !== null) query.set('after', after)
  const search = query.size > 0 ? `?${query}` : ''
  if (place.kind === 'front') return `/${search}`
  if (place.kind === 'search') return `/search${search}`
  return `/${FOLDERS[place.kind]}/${encodeURIComponent(place.slug)}${search}`
}

/** The path of a story; `comments` is the cursor after which its comments begin. */
export function pathOfStory(slug: string, comments: string | null = null): string {
  const query = comments === null ? '' : `?${new URLSearchParams({ comments })}`
  return `/stories/${encodeURIComponent(slug)}${query}`
}

/** An address of an image for the page: those of the gateway itself have no host. */
export function imagePath({ base }: Site, url: string): string {
  return url.startsWith('/') && !url.startsWith('//') ? `${base}${url}` : url
}

/** An absolute address of an image, for other programs. */
export function imageAddress({ publicUrl }: Site, url: string): string {
  return url.startsWith('/') && !url.startsWith('//') ? `${publicUrl}${url}` : url
}

/** An address that a link may have; null for others, such as `javascript:`. */
export function linkable(url: string): string | null {
  const protocol = URL.parse(url)?.protocol
  return protocol === 'http:' || protocol === 'https:' ? url : null
}
