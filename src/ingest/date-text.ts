/**
 * A text in which dates can be found by patterns: European digits, single spaces, no invisible direction marks, one
 * form of each Arabic letter, and East Asian dates as year-month-day.
 */
export function plainDateText(text: string): string {
  return plainLetters(text)
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
    .replace(/[\uff10-\uff19\uff1a]/g, (each) => String.fromCharCode(each.charCodeAt(0) - 0xfee0))
    .replace(/\s+/g, ' ')
    .replace(eastAsianDay, '$1-$2-$3 ')
    .trim()
}

/** 2026年11月14日(土), 2026년 11월 14일 토요일, 2026. 11. 14. */
const eastAsianDay =
  /(?<!\d)((?:19|20)\d\d)(?: ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]?(?: ?[（(][^）)]{1,5}[）)]| ?[월화수목금토일]요일| ?(?:星期|周)[一二三四五六日天])?) ?/g

/** One form of each Arabic letter, without vowel signs: ي and ی, ك and ک, أ and ا are the same in names of months. */
export function plainLetters(text: string): string {
  return text
    .replace(/[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/ه\u200c/g, 'ە')
    .replace(/[\u064b-\u0652\u0640\u200c]/g, '')
    .replace(/[أإآٱ]/g, 'ا')
    .replace(/[يى]/g, 'ی')
    .replace(/ك/g, 'ک')
}
