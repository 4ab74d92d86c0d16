import { mapTexts } from '../syndication/texts.ts'

/**
 * The same value with every text in the characters that XML 1.0 has (section 2.2), lines ending in a line
 * feed. One control character that came in by a paste would make the whole feed unreadable.
 *
 * @param value what JSON can hold, and Dates
 */
export function inXmlCharacters<T>(value: T): T {
  return mapTexts(value, clean)
}

function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\v\f]/g, ' ')
    .replace(FORBIDDEN, '')
}

/** Control characters, and those code points of each plane that never are characters. */
const FORBIDDEN = /[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\p{Noncharacter_Code_Point}]/gu
