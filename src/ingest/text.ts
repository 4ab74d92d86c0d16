import { Parser } from 'htmlparser2'
import { Words } from './words.ts'

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

/** The text between tags, by the same rules as the text of elements: see `Words`. */
function decode(html: string): string {
  const text = new Words()
  // The text of a `<sup>` or `<sub>` is collected apart. Tags inside it are ignored: each level would copy it again.
  let raised: { tag: string; words: Words } | undefined
  let raisedLevels = 0
  let unreadLevels = 0
  let removed: string[] = []
  const parser = new Parser(
    {
      onopentag(name, { lang }) {
        if (unread.has(name) || deleted.has(name)) unreadLevels += 1
        else if (isRaised(name)) {
          raised ??= { tag: name, words: new Words() }
          raisedLevels += 1
        } else if (name === 'q') (raised?.words ?? text).openQuotation(lang)
        else if (!withinWords.has(name)) (raised?.words ?? text).boundary()
      },
      ontext(piece) {
        if (unreadLevels === 0) (raised?.words ?? text).add(piece)
        else removed.push(piece)
      },
      onclosetag(name) {
        if (unread.has(name) || deleted.has(name)) {
          unreadLevels -= 1
          if (unreadLevels > 0) return
          if (deleted.has(name)) (raised?.words ?? text).deleted(removed.join(''))
          removed = []
        } else if (isRaised(name)) {
          raisedLevels -= 1
          if (raisedLevels > 0 || !raised) return
          text.raised(plain(raised.words.text()), raised.tag === 'sup' ? 'SUP' : 'SUB')
          raised = undefined
        } else if (name === 'q') (raised?.words ?? text).closeQuotation()
        else if (!withinWords.has(name)) (raised?.words ?? text).boundary()
      },
    },
    { decodeEntities: true },
  )
  parser.write(html)
  parser.end()
  return text.text()
}

function isRaised(name: string): boolean {
  return name === 'sup' || name === 'sub'
}

const unread = new Set(['script', 'style', 'rt', 'rp', 'rtc', 'annotation'])

const deleted = new Set(['del', 's', 'strike'])

const withinWords = new Set(
  'a abbr b bdi bdo code data dfn em font i ins kbd mark rb ruby samp small span strong time tt u var wbr math semantics mrow mi mn mo mtext mstyle msup msub'.split(
    ' ',
  ),
)

/** More than thirty marks on one letter, the limit in UAX 15: sorting them takes quadratic time. */
const tooManyMarks = /(\p{M}{30})\p{M}+/gu

/** Control and format characters, except joiners and the visible ones of Arabic and Syriac. */
const unseen = /[\p{Cc}[\p{Cf}--[\u200c\u200d\u0600-\u0605\u06dd\u070f\u08e2]]\ufffc\ufffe\uffff]|\p{Cs}/gv
