import { mapStrings } from '../base/map-strings.ts'

/**
 * Removes characters that XML 1.0 does not allow (section 2.2) from all texts and normalises line ends. One
 * pasted control character would make the whole feed invalid.
 *
 * @param value a JSON value that may contain Dates
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

/** Control characters other than white space, and noncharacters. */
const NOT_XML_CHARACTERS = /(?![\t\n\u0085])[\p{Cc}\p{Noncharacter_Code_Point}]/gu
