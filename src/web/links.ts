/** A piece of a comment: plain text, or an address that becomes a link. */
export interface Piece {
  text: string
  href?: string
}

const ADDRESS = /https?:\/\/[^\s<>"'`{}|\\^]+/giu
/** Punctuation after an address belongs to the sentence. */
const SENTENCE_END = /[.,;:!?،؛؟…'"»”’)\]]+$/u

/** Splits a comment into text and addresses of web pages. Only http and https become links. */
export function piecesOf(body: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const { 0: match, index } of body.matchAll(ADDRESS)) {
    const text = trimmed(match)
    if (!URL.canParse(text)) continue
    const { protocol, href } = new URL(text)
    if (protocol !== 'http:' && protocol !== 'https:') continue
    if (index > end) pieces.push({ text: body.slice(end, index) })
    pieces.push({ text, href })
    end = index + text.length
  }
  if (end < body.length) pieces.push({ text: body.slice(end) })
  return pieces
}

/** Without the punctuation after it. A closing bracket stays if the address contains the opening one. */
function trimmed(address: string): string {
  const text = address.replace(SENTENCE_END, '')
  return text.includes('(') && address[text.length] === ')' ? `${text})` : text
}
