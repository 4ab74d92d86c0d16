import { decodeGlobalID, encodeGlobalID } from '@pothos/plugin-relay'
import { InvalidInput, NotFound } from '../base/errors.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether the text has the form of a row's key; anything else would make the database complain. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}

/**
 * Takes a global id apart.
 * @throws InvalidInput when it is not one that this gateway gave out
 */
export function parseGlobalId(globalId: string): { typename: string; id: string } {
  const parsed = decoded(globalId)
  if (parsed && NODES.has(parsed.typename)) return parsed
  throw new InvalidInput('id', 'This is not an id of this gateway. Take ids from its answers.')
}

/** Whether a value is a global id in the only form in which this gateway writes it. */
export function isCanonicalId(value: unknown): boolean {
  const parsed = typeof value === 'string' ? decoded(value) : null
  return parsed !== null && encodeGlobalID(parsed.typename, parsed.id.toLowerCase()) === value
}

/** The types that can be read by their id. */
const NODES = new Set(['Article', 'Comment', 'Organisation', 'Person', 'Reader', 'Topic'])

function decoded(globalId: string): { typename: string; id: string } | null {
  try {
    return decodeGlobalID(globalId)
  } catch {
    return null
  }
}

/**
 * The row's key inside a global id of the given type.
 * @throws NotFound when it is the id of something else
 */
export function rowIdOf(typename: string, globalId: string): string {
  const parsed = parseGlobalId(globalId)
  if (parsed.typename !== typename || !isUuid(parsed.id)) throw new NotFound(typename.toLowerCase())
  return parsed.id.toLowerCase()
}

/** The same, but what is no id of that type becomes a key that no row has. */
export function rowIdOrNone(typename: string, globalId: string): string {
  try {
    return rowIdOf(typename, globalId)
  } catch {
    return NO_ROW
  }
}

/** Finds a row by the global id of its type or, where the text is none, by its slug. */
export function rowIdOrSlug(typename: string, text: string): { id: string } | { slug: string } {
  try {
    return { id: rowIdOf(typename, text) }
  } catch {
    return { slug: text }
  }
}

/**
 * Where-condition for a field that takes "slug" or "id".
 * @throws InvalidInput unless exactly one of them is given
 */
export function slugOrRowId(
  typename: string,
  { slug, id }: { slug?: string | null; id?: string | null },
): { slug: string } | { id: string } {
  if ((slug == null) === (id == null)) throw new InvalidInput('slug', 'Give either "slug" or "id".')
  if (slug != null) return { slug }
  const parsed = parseGlobalId(id as string)
  return { id: parsed.typename === typename ? toRowId(parsed.id) : NO_ROW }
}

/** A key that no row has. */
const NO_ROW = '00000000-0000-0000-0000-000000000000'

/** The text as a row's key; a text that can't be one becomes a key that no row has. */
export function toRowId(text: string): string {
  return isUuid(text) ? text.toLowerCase() : NO_ROW
}
