import { withoutInvisible } from './normalise.ts'

/** The Latin letter for each letter of another script, small capital or symbol that resembles it. */
const lookalikes = new Map<string, string>()
for (const [latin, others] of Object.entries({
  a: 'аαɑᴀ@4ªѧꭺ',
  b: 'ьвβʙϐᏼ6',
  c: 'сᴄƈꮯ¢',
  d: 'ԁᴅɗժđδꭰ',
  e: 'еєεҽɛᴇ3ꭼ€ə',
  f: 'ƒғꜰ',
  g: 'ɡցɢԍ9ǥ',
  h: 'һнհʜℎħ',
  j: 'јʝᴊյ',
  k: 'кκᴋƙĸ',
  l: 'іıιɩɪӏ1|!ⅼլʟłǀ׀ι¡',
  m: 'мᴍʍꮇ',
  n: 'пηոɴռ',
  o: 'оοσօ0ᴏøөѳοסס٥۵๐',
  p: 'рρᴘþ',
  q: 'ԛգզʠ',
  r: 'гʀɾꭱ',
  s: 'ѕꜱ5$ʂꮪ',
  t: 'тτᴛ7ţŧꭲ',
  u: 'υսᴜцʋμ',
  v: 'ѵνᴠⱱ',
  w: 'ԝωшᴡա',
  x: 'хχ×ҳ',
  y: 'уүγʏүყ',
  z: 'ᴢʐ2ζ',
})) {
  for (const other of others) lookalikes.set(other, latin)
}

/** Greek capitals that resemble other letters than their small forms do. */
const CAPITALS: Record<string, string> = { Μ: 'm', Η: 'h', Ν: 'n', Υ: 'y' }

/** Greek sigmas in the form of a c: their decomposition has the common form. */
const LUNATE_SIGMA = /[\u03f2\u03f9]/g

/** White letters on black: emoji by their form, without a decomposition. */
const NEGATIVE_LETTERS = /[\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}\u{1f1e6}-\u{1f1ff}]/gu

function latinOf(character: string): string {
  const code = character.codePointAt(0) as number
  const first = code >= 0x1f1e6 ? 0x1f1e6 : code >= 0x1f170 ? 0x1f170 : 0x1f150
  return String.fromCharCode(97 + code - first)
}

/**
 * The words of a text in a form that is equal for words that a reader can't distinguish: without case, marks
 * and invisible characters, with similar letters and digits mapped to Latin letters (after the skeletons of
 * Unicode Technical Standard 39). For comparisons only.
 */
export function lookalikeWords(text: string): string[] {
  const folded = withoutInvisible(text)
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(NEGATIVE_LETTERS, latinOf)
    .replace(LUNATE_SIGMA, 'c')
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .replace(/[ΜΗΝΥ]/g, (capital) => CAPITALS[capital] as string)
    .toLowerCase()
  const latin = Array.from(folded, (character) => lookalikes.get(character) ?? character)
    .join('')
    .replaceAll('i', 'l')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replace(/[ىی]/g, 'ي')
    .replaceAll('ک', 'ك')
  return latin.match(/[\p{L}\p{N}]+/gu) ?? []
}
