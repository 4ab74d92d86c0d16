import { withoutInvisible } from './normalise.ts'

/** The Latin letter for each letter of another script, small capital or symbol that resembles it. */
const lookalikes = new Map<string, string>()
for (const [latin, others] of Object.entries({
  a: 'аαɑᴀ@4ªѧꭺꓮⲁⱥᗩɐ',
  b: 'ьвβʙϐᏼ6ɓƀꓐᗷ',
  c: 'сᴄƈꮯ¢ȼⲥꓚᑕɔ',
  d: 'ԁᴅɗժđδꭰɖꮷꓓᗪ',
  e: 'еєεҽɛᴇ3ꭼ€əɇⲉꓰᗴǝɘ',
  f: 'ƒғꜰꓝᖴɟ',
  g: 'ɡցɢԍ9ǥɠꮐꓖƃ',
  h: 'һнհʜℎħɦⲏꮋꓧᕼɥ',
  j: 'јʝᴊյɉꭻꓙᒍ',
  k: 'кκᴋƙĸⲕꮶꓗʞ',
  l: 'іıιɩɪӏ1|!ⅼլʟłǀ׀ι¡ɨɭⲓꭵꮮꓡꓲᒪᴉ',
  m: 'мᴍʍꮇɱⲙꓟᗰϻꟽɯ',
  n: 'пηոɴռɲŋⲛꓠᑎᴎ',
  o: 'оοσօ0ᴏøөѳοסס٥۵๐ⲟꓳ',
  p: 'рρᴘþƥⲣꮲꓑᑭ',
  q: 'ԛգզʠ',
  r: 'гʀɾꭱɍɼɽꮢꓣᖇяɹᴙ',
  s: 'ѕꜱ5$ʂꮪꓢᔕ',
  t: 'тτᴛ7ţŧꭲƭʈⲧꓔ†ʇ',
  u: 'υսᴜцʋμꓴᑌ',
  v: 'ѵνᴠⱱꮩꓦᐯʌ',
  w: 'ԝωшᴡաⱳꮃꓪᗯ',
  x: 'хχ×ҳⲭꓫ᙭',
  y: 'уүγʏүყɏⲩꓬʎ',
  z: 'ᴢʐ2ζȥƶꮓꓜ',
})) {
  for (const other of others) lookalikes.set(other, latin)
}

/** Capitals of Greek and Cyrillic that resemble other letters than their small forms do. */
const CAPITALS: Record<string, string> = {
  Μ: 'm',
  Η: 'h',
  Ν: 'n',
  Υ: 'y',
  Σ: 'e',
  Λ: 'a',
  И: 'n',
  Д: 'a',
}

/** Greek sigmas in the form of a c: their decomposition has the common form. */
const LUNATE_SIGMA = /[\u03f2\u03f9]/g

/** White letters on black: emoji by their form, without a decomposition. */
const NEGATIVE_LETTERS = /[\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}\u{1f1e6}-\u{1f1ff}]/gu

function latinOf(character: string): string {
  const code = character.codePointAt(0) as number
  const first = code >= 0x1f1e6 ? 0x1f1e6 : code >= 0x1f170 ? 0x1f170 : 0x1f150
  return String.fromCharCode(97 + code - first)
}

/** Signs that resemble letters, but may also stand beside a word or between two. */
const SIGNS = /[@|!¡$¢€׆]/gu
const SIGNS_BESIDE_WORDS = /(?<![\p{L}\p{N}])[@|!¡$¢€׆]+|[@|!¡$¢€׆]+(?![\p{L}\p{N}])/gu

/**
 * The words of a text in a form that is equal for words that a reader can't distinguish: without case, marks
 * and invisible characters, with similar letters, digits and signs mapped to Latin letters (after the skeletons
 * of Unicode Technical Standard 39). For comparisons only.
 */
export function lookalikeWords(text: string): string[] {
  return wordsOf(decomposed(text))
}

/**
 * The ways to read a text whose signs may be letters ("@dmin") or not ("@admin", "Admin!", "ada@admin"), each as
 * its lookalikeWords.
 */
export function lookalikeReadings(text: string): string[][] {
  const letters = decomposed(text)
  const readings = [letters, letters.replace(SIGNS_BESIDE_WORDS, ' '), letters.replace(SIGNS, ' ')]
  return [...new Set(readings)].map(wordsOf)
}

/** The text without compatibility forms, marks and invisible characters; words in camel case are separated. */
function decomposed(text: string): string {
  return withoutInvisible(text)
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(NEGATIVE_LETTERS, latinOf)
    .replace(LUNATE_SIGMA, 'c')
    .normalize('NFKD')
    .replace(/[\p{Mn}\u0640]/gu, '')
}

/** Turned letters, from which people write upside down, with the letters that others become when they are turned. */
const TURNED = /[ɐǝɟƃɥᴉʞɯɹʇʌʎ]/u
const TURNS: Record<string, string> = { p: 'd', d: 'p', b: 'q', q: 'b', n: 'u', u: 'n', ʍ: 'w' }

/** A text that is written upside down, read from the other end; any other text as it is. */
export function upright(text: string): string {
  if (!TURNED.test(text)) return text
  return Array.from(text, (character) => TURNS[character] ?? character)
    .reverse()
    .join('')
}

function wordsOf(text: string): string[] {
  const folded = text
    .replace(/[ΜΗΝΥΣΛИД]/g, (capital) => CAPITALS[capital] as string)
    .toLowerCase()
    .replaceAll('ς', 'σ')
  const latin = Array.from(folded, (character) => lookalikes.get(character) ?? character)
    .join('')
    .replaceAll('i', 'l')
    .replace(/[ىیێې]/g, 'ي')
    .replaceAll('ک', 'ك')
    .replace(/[ەھہةۃۀ]/g, 'ه')
    .replace(/[وۆۇۈ]+/g, 'و')
    .replaceAll('ڕ', 'ر')
    .replaceAll('ڵ', 'ل')
  return withoutPairs(latin).match(/[\p{L}\p{N}]+/gu) ?? []
}

/** Lookalike words written as one. */
export function joinedWords(words: readonly string[]): string {
  return withoutPairs(words.join(''))
}

/** Replaces pairs of letters that look like one letter. */
function withoutPairs(latin: string): string {
  return latin.replaceAll('rn', 'm').replaceAll('vv', 'w').replaceAll('cl', 'd')
}
