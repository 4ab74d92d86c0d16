import {
  type Entry,
  entryOf,
  isBreak,
  type NameOwner,
  onlyOwner,
  primaryLanguage,
  type StoredName,
  spelledAs,
} from './name-entry.ts'
import { type Word, words } from './names.ts'

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
        other.owner.id === entry.owner.id && other.cased === entry.cased && other.language === entry.language,
    )
    if (!same) node.entries.push(entry)
  }

  /** The owner of a name; 'several' for two owners, undefined for none. */
  ownerOf(name: string): NameOwner | 'several' | undefined {
    let node: Node | undefined = this.root
    for (const part of words(name)) node = node?.next.get(part.text)
    const entries = node?.entries.filter((entry) => spelledAs(entry, name)) ?? []
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
    const spoken = language && primaryLanguage(language)
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
          spelledAs(entry, surface) &&
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

interface Match {
  start: number
  end: number
  next: number
  owner: NameOwner | undefined
}

/** A conjunction or preposition that Arabic joins to the next word, before at least four letters. */
const prefixed = /^[وفبلك](?=\p{Script=Arabic}{4})/u
