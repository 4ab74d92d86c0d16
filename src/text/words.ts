import { InvalidInput } from '../base/errors.ts'

/** The longest text of a filter, in characters, and the most words in it. */
export const MAX_FILTER_CHARACTERS = 200
const MAX_FILTER_WORDS = 10

/**
 * The words of a filter.
 * @param field the name of the argument
 * @throws InvalidInput if there is none, or if there are too many
 */
export function wordsOf(text: string, field: string): string[] {
  if (text.length > MAX_FILTER_CHARACTERS)
    throw new InvalidInput(field, `"${field}" is too long. Use at most ${MAX_FILTER_CHARACTERS} characters.`)
  const words = text.split(/\s+/u).filter((word) => word !== '')
  if (words.length === 0) throw new InvalidInput(field, `"${field}" is empty. Give at least one word.`)
  if (words.length > MAX_FILTER_WORDS)
    throw new InvalidInput(field, `"${field}" has too many words. Use at most ${MAX_FILTER_WORDS}.`)
  return words
}

/** A text with the special characters of LIKE escaped. */
export function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&')
}

/** The pattern of LIKE for texts that contain a text. */
export function containing(text: string): string {
  return `%${escapeLike(text)}%`
}
