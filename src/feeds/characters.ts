import { mapStrings } from '../base/map-strings.ts'

/**
 * The same value with every text in the characters that XML 1.0 has (section 2.2), lines ending in a line
 * feed. One control character that came in by a paste would make the whole feed unreadable.
 *
 * @param value what JSON can hold, and Dates
 */
export function inXmlCharacters<T>(value: T): T {
  return mapStrings(value, clean)
}

function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\v\f]/g, ' ')
    .replace(NOT_XML_CHARACTERS, '')
}

/** Control characters but those that make space, and those code points of each plane that never are characters. */
const NOT_XML_CHARACTERS = /(?![\t\n\u0085])[\p{Cc}\p{Noncharacter_Code_Point}]/gu
