import { isValidValue } from '../../text/valid-text.ts'
import type { Problem } from '../pages/message.tsx'
import { FOLDERS, type ListAddress, type ListPlace, pathOfList, pathOfStory } from '../pages/site.ts'
import { LANGUAGES } from '../texts/languages.ts'

/** The page that a path names. */
export type PageAddress =
  /** `comments` is the cursor after which the comments begin. */
  { kind: 'story'; slug: string; comments: string | null } | ({ kind: 'list' } & ListAddress)

/** Why an address names no page. */
type BadAddress = Extract<Problem, 'notFound' | 'badAddress' | 'longSearch'>

/** The longest slug and cursor, in characters. */
const MAX_SLUG_LENGTH = 200
const MAX_CURSOR_LENGTH = 500
/** The longest search, as in the API. */
const MAX_QUERY_LENGTH = 200

const KINDS = ['topic', 'person', 'organisation'] as const

/**
 * Parses the address of a page. Parameters that the page does not have are ignored, as is an unknown language.
 * @returns "notFound" if there is no such page, "badAddress" or "longSearch" if a parameter is not valid
 */
export function readPageAddress(url: string): PageAddress | BadAddress {
  const [path = '', search = ''] = url.split(/\?(.*)/s, 2)
  const parameters = new URLSearchParams(search)
  const story = slugIn(path, 'stories')
  if (story !== null) {
    const comments = cursorIn(parameters, 'comments')
    return comments === undefined ? 'badAddress' : { kind: 'story', slug: story, comments }
  }
  const place = placeOf(path, parameters)
  if (!place) return 'notFound'
  const after = cursorIn(parameters, 'after')
  if (place.kind === 'search' && place.query.length > MAX_QUERY_LENGTH) return 'longSearch'
  if (after === undefined || (place.kind === 'search' && !isValidValue(place.query))) return 'badAddress'
  const language = LANGUAGES.find((each) => each === parameters.get('language')) ?? null
  return { kind: 'list', place, language, after }
}

/** The canonical spelling of an address. */
export function writePageAddress(address: PageAddress): string {
  return address.kind === 'story' ? pathOfStory(address.slug, address.comments) : pathOfList(address)
}

function placeOf(path: string, parameters: URLSearchParams): ListPlace | null {
  if (path === '/') return { kind: 'front' }
  if (path === '/search') return { kind: 'search', query: (parameters.get('q') ?? '').trim() }
  for (const kind of KINDS) {
    const slug = slugIn(path, FOLDERS[kind])
    if (slug !== null) return { kind, slug }
  }
  return null
}

function slugIn(path: string, folder: string): string | null {
  const prefix = `/${folder}/`
  if (!path.startsWith(prefix)) return null
  try {
    const slug = decodeURIComponent(path.slice(prefix.length))
    const isSlug = slug !== '' && slug.length <= MAX_SLUG_LENGTH && !slug.includes('/') && isValidValue(slug)
    return isSlug ? slug : null
  } catch {
    return null
  }
}

/** Null if there is none, undefined if it can't be one. */
function cursorIn(parameters: URLSearchParams, name: string): string | null | undefined {
  const cursor = parameters.get(name)
  if (cursor === null || cursor === '') return null
  return cursor.length <= MAX_CURSOR_LENGTH && isValidValue(cursor) ? cursor : undefined
}
