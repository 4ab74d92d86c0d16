import { normaliseCased, normaliseName, type Word, words } from './names.ts'

/** The owner of a name, by id. */
export type NameOwner = { person: string } | { organisation: string }

export interface StoredName {
  text: string
  kind: 'CANONICAL' | 'ALIAS' | 'ACRONYM' | 'TRANSLITERATION'
  /** The language in which an acronym is used; every language when omitted. */
  language?: string | null
  owner: NameOwner
}

/** A name found in a text; `start` and `end` are offsets of `surface` in UTF-16 code units. */
export interface FoundName {
  start: number
  end: number
  surface: string
  owner: NameOwner
}

/**
 * All names of the newsroom, for finding them in texts. Words are looked up in a tree of names, so the cost
 * for a text does not depend on the number of names.
 */
export class NameIndex {
  private readonly root: Node = { next: new Map(), entries: [] }

  constructor(names: Iterable<StoredName> = []) {
    for (const name of names) this.add(name)
  }

  /** Adds a name. Adding it again for the same owner changes nothing. */
  add(name: StoredName): void {
    const parts = words(name.text)
    if (parts.length === 0) return
    let node = this.root
    for (const part of parts) {
      let next = node.next.get(part.text)
      if (!next) {
        next = { next: new Map(), entries: [] }
        node.next.set(part.text, next)
      }
      node = next
    }
    const entry = entryOf(name, parts)
    const same = node.entries.some(
      (other) =>
        idOf(other.owner) === idOf(entry.owner) &&
        other.cased === entry.cased &&
        other.language === entry.language,
    )
    if (!same) node.entries.push(entry)
  }

  /** The owner of a name; 'several' for two owners, undefined for none. */
  ownerOf(name: string): NameOwner | 'several' | undefined {
    let node: Node | undefined = this.root
    for (const part of words(name)) node = node?.next.get(part.text)
    const entries = node?.entries.filter((entry) => spelt(entry, name)) ?? []
    return entries.length === 0 ? undefined : (onlyOwner(entries) ?? 'several')
  }

  /**
   * The names in a text, in order and without overlaps: at each word the longest name that starts there. A
   * name with two owners is skipped, and so is every shorter name inside it. Acronyms and names of at most
   * three letters must have their own capitals, and a single word that is written with a capital needs one.
   * In Arabic script a name may follow a one-letter prefix (و ف ب ل ك), which is not part of the surface.
   * Acronyms of another language than the text's are skipped.
   */
  findNames(text: string, language?: string): FoundName[] {
    const spoken = language && primary(language)
    const found: FoundName[] = []
    const tokens = words(text)
    for (let at = 0; at < tokens.length; ) {
      const match = this.longest(text, tokens, at, spoken)
      if (match?.owner) {
        const { start, end, owner } = match
        found.push({ start, end, surface: text.slice(start, end), owner })
      }
      at = match ? match.next : at + 1
    }
    return found
  }

  private longest(text: string, tokens: Word[], at: number, spoken: string | undefined): Match | undefined {
    const first = tokens[at]!
    const whole = this.walk(text, tokens, at, first, spoken)
    if (whole || !prefixed.test(first.text)) return whole
    const bare = { ...first, text: first.text.slice(1), start: first.second }
    return this.walk(text, tokens, at, bare, spoken)
  }

  private walk(
    text: string,
    tokens: Word[],
    at: number,
    first: Word,
    spoken: string | undefined,
  ): Match | undefined {
    let best: Match | undefined
    let broken = false
    let node = this.root.next.get(first.text)
    for (let last = at; node; ) {
      const end = tokens[last]!.end
      const surface = text.slice(first.start, end)
      const owners = node.entries.filter(
        (entry) =>
          (!broken || entry.broken) &&
          spelt(entry, surface) &&
          (!spoken || !entry.language || entry.language === spoken),
      )
      if (owners.length > 0) {
        best = { start: first.start, end, next: last + 1, owner: onlyOwner(owners) }
      }
      const next = tokens[last + 1]
      if (!next || node.next.size === 0) break
      const word = text.slice(tokens[last]!.start, end)
      broken ||= isBreak(text.slice(end, next.start), tokens[last]!, word)
      node = node.next.get(next.text)
      last += 1
    }
    return best
  }
}

interface Node {
  next: Map<string, Node>
  entries: Entry[]
}

interface Entry {
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

interface Match {
  start: number
  end: number
  next: number
  owner: NameOwner | undefined
}

/** A conjunction or preposition that Arabic joins to the next word, before at least four letters. */
const prefixed = /^[وفبلك](?=\p{Script=Arabic}{4})/u

function entryOf(name: StoredName, parts: Word[]): Entry {
  const letters = normaliseName(name.text).replaceAll(' ', '').length
  const exact = name.kind === 'ACRONYM' || letters <= 3
  return {
    owner: name.owner,
    language: name.kind === 'ACRONYM' && name.language ? primary(name.language) : null,
    cased: exact ? normaliseCased(name.text) : null,
    capital: parts.length === 1 && startsWithCapital(name.text),
    broken: parts.some((part, i) => {
      const next = parts[i + 1]
      return next !== undefined && isBreak(name.text.slice(part.end, next.start), part, '')
    }),
  }
}

function spelt(entry: Entry, surface: string): boolean {
  if (entry.cased !== null) return normaliseCased(surface) === entry.cased
  return !entry.capital || startsWithCapital(surface)
}

function startsWithCapital(text: string): boolean {
  const letter = text.match(/\p{L}/u)?.[0] ?? ''
  return letter !== letter.toLowerCase()
}

/**
 * Whether the text between two words separates them into different names; a full stop after initials does
 * not.
 */
function isBreak(gap: string, before: Word, printed: string): boolean {
  // "… left the EU. Commission officials": a sentence may end after an acronym.
  if (/^[.]\s/.test(gap) && /^\p{Lu}{2,}$/u.test(printed)) return true
  if (/[.]/.test(gap) && before.text.length > 3) return true
  return /[^\s\p{Pd}\p{Cf}'’‘ʼ`´·.&/_+"“”«»]|\n/u.test(gap)
}

function onlyOwner(entries: Entry[]): NameOwner | undefined {
  const owner = entries[0]!.owner
  return entries.every((entry) => idOf(entry.owner) === idOf(owner)) ? owner : undefined
}

function primary(language: string): string {
  return language.toLowerCase().split('-')[0]!
}

function idOf(owner: NameOwner): string {
  return 'person' in owner ? owner.person : owner.organisation
}
