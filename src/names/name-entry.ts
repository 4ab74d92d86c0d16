import { normaliseCased, normaliseName, type Word } from './names.ts'

/** The person or organisation that has a name. */
export interface NameOwner {
  kind: 'PERSON' | 'ORGANISATION'
  /** The row id. */
  id: string
}

export interface StoredName {
  text: string
  kind: 'CANONICAL' | 'ALIAS' | 'ACRONYM' | 'TRANSLITERATION'
  /** The language in which an acronym is used; every language when omitted. */
  language?: string | null
  owner: NameOwner
}

/** A stored name as it is compared with words in a text. */
export interface Entry {
  owner: NameOwner
  /** The primary language of an acronym; null for other names. */
  language: string | null
  /** The required spelling, including case; null when case is free. */
  cased: string | null
  /** The name is one word and starts with a capital. */
  capital: boolean
  /** The name itself contains a comma or similar between its words. */
  broken: boolean
}

export function entryOf(name: StoredName, parts: Word[]): Entry {
  const letters = normaliseName(name.text).replaceAll(' ', '').length
  const exact = name.kind === 'ACRONYM' || letters <= 3
  return {
    owner: name.owner,
    language: name.kind === 'ACRONYM' && name.language ? primaryLanguage(name.language) : null,
    cased: exact ? normaliseCased(name.text) : null,
    capital: parts.length === 1 && startsWithCapital(name.text),
    broken: parts.some((part, i) => {
      const next = parts[i + 1]
      return next !== undefined && isBreak(name.text.slice(part.end, next.start), part, '')
    }),
  }
}

/** Whether a text has the spelling that a name requires. */
export function spelledAs(entry: Entry, surface: string): boolean {
  if (entry.cased !== null) return normaliseCased(surface) === entry.cased
  return !entry.capital || startsWithCapital(surface)
}

/** Whether the text between two words separates them into different names. A full stop after initials does not. */
export function isBreak(gap: string, before: Word, printed: string): boolean {
  // "… left the EU. Commission officials": a sentence may end after an acronym.
  if (/^[.]\s/.test(gap) && /^\p{Lu}{2,}$/u.test(printed)) return true
  if (/[.]/.test(gap) && before.text.length > 3) return true
  return /[^\s\p{Pd}\p{Cf}'’‘ʼ`´·.&/_+"“”«»]|\n/u.test(gap)
}

/** The owner of all entries; undefined if they have several owners. */
export function onlyOwner(entries: Entry[]): NameOwner | undefined {
  const owner = entries[0]!.owner
  return entries.every((entry) => entry.owner.id === owner.id) ? owner : undefined
}

/** The primary language of a BCP 47 tag, in lower case. */
export function primaryLanguage(language: string): string {
  return language.toLowerCase().split('-')[0]!
}

function startsWithCapital(text: string): boolean {
  const letter = text.match(/\p{L}/u)?.[0] ?? ''
  return letter !== letter.toLowerCase()
}
