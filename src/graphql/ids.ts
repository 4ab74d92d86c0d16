import { decodeGlobalID, encodeGlobalID } from '@pothos/plugin-relay'
import possibleTypes from '../../schema/possible-types.json' with { type: 'json' }
import { InvalidInput, NotFound } from '../base/errors.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether the text has the form of a row's id; PostgreSQL fails on any other text. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}

/**
 * Parses a global id.
 * @throws InvalidInput when it is not valid
 */
export function parseGlobalId(globalId: string): { typename: string; id: string } {
  const parsed = decoded(globalId)
  if (parsed && NODES.has(parsed.typename)) return parsed
  throw new InvalidInput('id', 'This is not a valid id. Use an id that this API returned.')
}

/** Whether a value is a global id exactly as this gateway writes it. */
export function isCanonicalId(value: unknown): boolean {
  const parsed = typeof value === 'string' ? decoded(value) : null
  return parsed !== null && encodeGlobalID(parsed.typename, parsed.id.toLowerCase()) === value
}

/** The types of nodes, from the generated list of the types that implement each interface. */
const NODES: ReadonlySet<string> = new Set(possibleTypes.Node)

/** Whether the type with this name implements Node. */
export function isNodeType(typename: string): boolean {
  return NODES.has(typename)
}

function decoded(globalId: string): { typename: string; id: string } | null {
  try {
    return decodeGlobalID(globalId)
  } catch {
    return null
  }
}

/**
 * The row's id in a global id of the given type.
 * @throws NotFound for an id of another type
 */
export function rowIdOf(typename: string, globalId: string): string {
  const parsed = parseGlobalId(globalId)
  if (parsed.typename !== typename || !isUuid(parsed.id)) throw new NotFound(typename.toLowerCase())
  return parsed.id.toLowerCase()
}

/**
 * Like `rowIdOf`, but returns an id that no row has for an id of another type.
 * @throws InvalidInput when it is not a global id
 */
export function rowIdIn(typename: string, globalId: string): string {
  const parsed = parseGlobalId(globalId)
  return parsed.typename === typename ? toRowId(parsed.id) : NO_ROW
}

/** Like `rowIdOf`, but returns an id that no row has when the id is invalid or of another type. */
export function rowIdOrNone(typename: string, globalId: string): string {
  try {
    return rowIdOf(typename, globalId)
  } catch {
    return NO_ROW
  }
}

/** The condition to find a row by global id, or by slug when the text is not a global id of the type. */
export function rowIdOrSlug(typename: string, text: string): { id: string } | { slug: string } {
  try {
    return { id: rowIdOf(typename, text) }
  } catch {
    return bySlug(text)
  }
}

/**
 * The condition for a field with the arguments "slug" and "id".
 * @throws InvalidInput unless exactly one of them is given
 */
export function slugOrRowId(
  typename: string,
  { slug, id }: { slug?: string | null; id?: string | null },
): { slug: string } | { id: string } {
  if ((slug == null) === (id == null)) throw new InvalidInput('slug', 'Give either "slug" or "id".')
  if (slug != null) return bySlug(slug)
  return { id: rowIdIn(typename, id as string) }
}

/** Longer texts than any slug are not sent to the database. */
function bySlug(slug: string): { slug: string } | { id: string } {
  return slug.length <= MAX_SLUG_LENGTH ? { slug } : { id: NO_ROW }
}

/** The longest slug that editors can give (`editing/limits.ts`), in characters. */
const MAX_SLUG_LENGTH = 500

/** An id that no row has. */
const NO_ROW = '00000000-0000-0000-0000-000000000000'

/** The text as a row's id; an id that no row has when the text is not a UUID. */
export function toRowId(text: string): string {
  return isUuid(text) ? text.toLowerCase() : NO_ROW
}
