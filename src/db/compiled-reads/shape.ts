/** The arguments of a read: what is the same for all requests of one kind, and what is not. */
export interface Shape {
  /** Equal for arguments that differ only in their values. */
  key: string
  /** The strings, numbers, times and lists of these in the arguments, in the order of a walk through them. */
  values: unknown[]
}

/** What stands in arguments in the place of a value. */
export class Leaf {
  /** The place of the value in the values of the shape. */
  readonly index: number
  /** The type of the value, as in the key. Words and their lists have the type "word" or "words". */
  readonly type: LeafType
  /** The value if the key contains it: a word, or a list of words. */
  readonly words: readonly string[]

  constructor(index: number, type: LeafType, words: readonly string[] = []) {
    this.index = index
    this.type = type
    this.words = words
  }
}

export type LeafType = keyof typeof MARKS

/** How the key shows a value. Every mark begins with a character that no name of a field contains. */
const MARKS = {
  text: '=s',
  integer: '=i',
  negative: '=-',
  time: '=t',
  word: '=w',
  noValues: '=[]',
  texts: '=[s]',
  integers: '=[i]',
  words: '=[w]',
} as const

/** Arguments in which each value is replaced by its leaf. */
export type Marked = Leaf | boolean | null | readonly Marked[] | MarkedObject
export interface MarkedObject {
  readonly [name: string]: Marked
}

/** Longer lists of words are not part of a key. */
const MAX_WORDS = 8

/** The range of an INTEGER of PostgreSQL. */
const INTEGER_LIMIT = 2 ** 31

/** A value that no read is compiled for. */
const NOT_COVERED = Symbol('not covered')

/**
 * The shape of arguments; null if they contain something that no read is compiled for.
 * @param words strings that are part of the key, because SQL contains them and not a parameter
 */
export function shapeOf(args: object, words: ReadonlySet<string>): Shape | null {
  const walk = new Walk(words)
  return walk.visit(args) ? { key: walk.key, values: walk.values } : null
}

class Walk {
  key = ''
  readonly values: unknown[] = []
  readonly #words: ReadonlySet<string>

  constructor(words: ReadonlySet<string>) {
    this.#words = words
  }

  /** Returns false for a value that no read is compiled for. */
  visit(value: unknown): boolean {
    if (value === true) {
      this.key += '=T'
    } else if (value === false || value === null) {
      this.key += value === null ? '=N' : '=F'
    } else {
      const type = leafTypeOf(value, this.#words)
      if (type === NOT_COVERED) return false
      if (type === null)
        return Array.isArray(value) ? this.#visitList(value) : this.#visitObject(value as object)
      this.values.push(value)
      this.key += MARKS[type]
      if (type === 'word' || type === 'words') this.key += value
    }
    return true
  }

  #visitObject(value: object): boolean {
    this.key += '{'
    for (const name in value) {
      const field: unknown = value[name as keyof typeof value]
      if (field === undefined) continue
      this.key += `,${name}`
      if (!this.visit(field)) return false
    }
    this.key += '}'
    return true
  }

  #visitList(list: readonly unknown[]): boolean {
    this.key += '['
    for (const each of list) if (!this.visit(each)) return false
    this.key += ']'
    return true
  }
}

/** The same walk, which replaces the values. Only for arguments that have a shape. */
export function markedOf(args: object, words: ReadonlySet<string>): MarkedObject {
  let index = 0
  const mark = (value: unknown): Marked => {
    if (typeof value === 'boolean' || value === null) return value
    const type = leafTypeOf(value, words) as LeafType | null
    if (type === 'word') return new Leaf(index++, type, [value as string])
    if (type === 'words') return new Leaf(index++, type, value as string[])
    if (type) return new Leaf(index++, type)
    return Array.isArray(value) ? value.map(mark) : markFields(value as object)
  }
  const markFields = (value: object): MarkedObject => {
    const marked: Record<string, Marked> = Object.create(null)
    for (const name in value) {
      const field: unknown = value[name as keyof typeof value]
      if (field !== undefined) marked[name] = mark(field)
    }
    return marked
  }
  return markFields(args)
}

/** The type of a value; null for an object or list that contains values. */
function leafTypeOf(value: unknown, words: ReadonlySet<string>): LeafType | null | typeof NOT_COVERED {
  if (typeof value === 'string') return words.has(value) ? 'word' : 'text'
  if (typeof value === 'number') return numberTypeOf(value)
  if (typeof value !== 'object' || value === null) return NOT_COVERED
  if (Array.isArray(value)) return listTypeOf(value, words)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? NOT_COVERED : 'time'
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null ? null : NOT_COVERED
}

function numberTypeOf(value: number): LeafType | typeof NOT_COVERED {
  if (!Number.isInteger(value) || value >= INTEGER_LIMIT || value < -INTEGER_LIMIT) return NOT_COVERED
  return value < 0 ? 'negative' : 'integer'
}

function listTypeOf(
  list: readonly unknown[],
  words: ReadonlySet<string>,
): LeafType | null | typeof NOT_COVERED {
  if (list.length === 0) return 'noValues'
  switch (typeof list[0]) {
    case 'object':
      return list.every((each) => typeof each === 'object' && each !== null) ? null : NOT_COVERED
    case 'string':
      if (!list.every((each) => typeof each === 'string')) return NOT_COVERED
      return list.length <= MAX_WORDS && list.every((each) => words.has(each)) ? 'words' : 'texts'
    case 'number':
      return list.every((each) => typeof each === 'number' && typeof numberTypeOf(each) === 'string')
        ? 'integers'
        : NOT_COVERED
    default:
      return NOT_COVERED
  }
}
