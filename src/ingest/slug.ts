import { createHash } from 'node:crypto'
import { normaliseName } from '../names/names.ts'

/**
 * The slug of an article: the words of its address if it has any, otherwise its headline in Latin letters,
 * otherwise "story-" and a digest of the address. The same address and headline always give the same slug.
 */
export function slugOf(canonicalUrl: string, headline: string): string {
  const segments = new URL(canonicalUrl).pathname.split('/').filter(Boolean).reverse()
  for (const segment of segments.slice(0, 2)) {
    const slug = slugify(decoded(segment).replace(/\.(?:html?|aspx?|php\d?|amp|jsp|cms|ece|shtml|xml)$/i, ''))
    if (wordCount(slug) >= 3) return slug
  }
  const fromHeadline = slugify(headline)
  return wordCount(fromHeadline) >= 2 ? fromHeadline : `story-${digest(canonicalUrl)}`
}

/** A text as a slug of at most 80 characters, in Latin letters; empty if nothing can be transliterated. */
export function slugify(text: string): string {
  const latin = [...normaliseName(text)].map((letter) => latinOf(letter)).join('')
  const slug = latin.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '')
  if (slug.length <= 80) return slug
  return slug
    .slice(0, 81)
    .replace(/-[^-]*$/, '')
    .slice(0, 80)
}

/** The first eight hexadecimal digits of a digest. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

function wordCount(slug: string): number {
  return slug.split('-').filter((word) => /[a-z]{2}/.test(word)).length
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

function latinOf(letter: string): string {
  return letter <= '~' ? letter : (transliterations.get(letter) ?? '')
}

/** Transliteration letter by letter, for URLs. The letters are in the form that normaliseName returns. */
const transliterations = new Map<string, string>([
  ...pairs(
    'абвгдезийклмнопрстуфхцчшщъыьэюяєіґў',
    'a b v g d e z i i k l m n o p r s t u f kh ts ch sh shch  y  e yu ya ye i g u',
  ),
  ['ж', 'zh'],
  ['ђ', 'dj'],
  ['ј', 'j'],
  ['љ', 'lj'],
  ['њ', 'nj'],
  ['ћ', 'c'],
  ['џ', 'dz'],
  ...pairs('αβγδεζηθικλμνξοπρστυφχψω', 'a v g d e z i th i k l m n x o p r s t y f ch ps o'),
  ...pairs(
    'ابتثجحخدذرزسشصضطظعغفقكلمنهويپچژگڤء',
    'a b t th j h kh d dh r z s sh s d t z a gh f q k l m n h w y p ch zh g v ',
  ),
  ...pairs('אבגדהוזחטיכךלמםנןסעפףצץקרשת', 'a b g d h v z h t y k k l m m n n s a p p ts ts k r sh t'),
])

function pairs(letters: string, latin: string): [string, string][] {
  const spellings = latin.split(' ')
  return [...letters].map((letter, i) => [letter, spellings[i] ?? ''])
}
