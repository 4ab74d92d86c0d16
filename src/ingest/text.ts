import { parseDocument } from './dom.ts'

/**
 * Plain text for storage: control and invisible characters dropped, every run of white space one
 * space, in Unicode's composed form. Joiners between letters stay, since Persian, Kurdish and Indic
 * scripts and emoji need them.
 */
export function plain(text: string): string {
  return text
    .replace(/[\p{Zs}\s\u2028\u2029\u200b]+/gu, ' ')
    .replace(unseen, '')
    .replace(/(^| )[\u200c\u200d]+|[\u200c\u200d]+(?= |$)/gu, '$1')
    .replace(/ {2,}/g, ' ')
    .trim()
    .normalize('NFC')
}

/** Text that may hold tags and entities, as plain text. Entities encoded twice are decoded twice. */
export function plainFromHtml(text: string): string {
  let decoded = text
  for (let round = 0; round < 2 && /<[a-z/!]|&[#\w]+;/i.test(decoded); round += 1) {
    const spaced = decoded.replace(/<(?:br|\/p|\/div|\/li|\/h\d)\b[^>]*>/gi, ' $&')
    decoded = parseDocument(`<html><body>${spaced}</body></html>`).body?.textContent ?? ''
  }
  return plain(decoded)
}

/** Control and format characters but joiners and the few that Arabic and Syriac show. */
const unseen = /[\p{Cc}[\p{Cf}--[\u200c\u200d\u0600-\u0605\u06dd\u070f\u08e2]]\ufffc\ufffe\uffff]|\p{Cs}/gv
