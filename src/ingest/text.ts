import { Parser } from 'htmlparser2'

/**
 * Plain text for storage, in NFC: without control characters and invisible characters, and with single spaces.
 * Joiners between letters stay, because Persian, Kurdish, Indic scripts and emoji need them.
 */
export function plain(text: string): string {
  return text
    .replace(/[\p{Zs}\s\u2028\u2029\u200b]+/gu, ' ')
    .replace(unseen, '')
    .replace(/(?<![\u200c\u200d])(?:(^| )[\u200c\u200d]+|[\u200c\u200d]+(?= |$))/gu, '$1')
    .replace(/ {2,}/g, ' ')
    .trim()
    .replace(tooManyMarks, '$1')
    .normalize('NFC')
}

/** Text with tags and entities as plain text. Entities that were encoded twice are decoded twice. */
export function plainFromHtml(text: string, maxCharacters = MAX_HTML_CHARACTERS): string {
  let decoded = text.slice(0, maxCharacters)
  for (let round = 0; round < 2 && /<[a-z/!]|&[#\w]/i.test(decoded); round += 1) decoded = decode(decoded)
  return plain(decoded)
}

/** The maximum length of a text with tags, in UTF-16 code units; the rest is dropped. */
const MAX_HTML_CHARACTERS = 100_000

/** A text in parts of at most so many UTF-16 code units, cut between words. */
export function splitText(text: string, maxCharacters: number): string[] {
  const parts: string[] = []
  let rest = text
  while (rest.length > maxCharacters) {
    const space = rest.lastIndexOf(' ', maxCharacters)
    const at = space > maxCharacters / 2 ? space : maxCharacters
    parts.push(rest.slice(0, at).trim())
    rest = rest.slice(at).trim()
  }
  return [...parts, rest].filter(Boolean)
}

/** The text between tags, with a space at block tags, without scripts, style sheets and the readings of `<ruby>`. */
function decode(html: string): string {
  const parts: string[] = []
  let raw = 0
  let raised = 0
  const parser = new Parser(
    {
      onopentag(name) {
        if (name === 'sup') raised += 1
        if (unread.has(name)) raw += 1
        else if (!withinWords.has(name)) parts.push(' ')
      },
      ontext(text) {
        const isPower = raised > 0 && /^[+\-−]?\d{1,3}$/.test(text) && /\S$/.test(parts.at(-1) ?? '')
        if (raw === 0) parts.push(isPower ? raisedDigits(text) : text)
      },
      onclosetag(name) {
        if (name === 'sup') raised -= 1
        if (unread.has(name)) raw -= 1
        else if (!withinWords.has(name)) parts.push(' ')
      },
    },
    { decodeEntities: true },
  )
  parser.write(html)
  parser.end()
  return parts.join('')
}

const unread = new Set(['script', 'style', 'rt', 'rp', 'rtc'])

/** Digits and signs as superscript characters. */
export function raisedDigits(text: string): string {
  return [...text].map((character) => superscripts.get(character) ?? character).join('')
}

const superscripts = new Map([...'0123456789+-−'].map((character, i) => [character, '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻'[i]!]))

const withinWords = new Set(
  'a abbr b bdi bdo code data del dfn em font i ins kbd mark q rb ruby s samp small span strong strike sub sup time tt u var wbr'.split(
    ' ',
  ),
)

/** More than thirty marks on one letter, the limit in UAX 15: sorting them takes quadratic time. */
const tooManyMarks = /(\p{M}{30})\p{M}+/gu

/** Control and format characters, except joiners and the visible ones of Arabic and Syriac. */
const unseen = /[\p{Cc}[\p{Cf}--[\u200c\u200d\u0600-\u0605\u06dd\u070f\u08e2]]\ufffc\ufffe\uffff]|\p{Cs}/gv
