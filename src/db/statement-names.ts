import { AsyncLocalStorage } from 'node:async_hooks'
import { hash } from 'node:crypto'
import { LruCache } from '../base/lru-cache.ts'
import { TextMap } from '../base/text-map.ts'

/**
 * A statement that begins with this comment is never named: PostgreSQL plans it for its values, because one plan for all
 * values would be slow for some.
 */
export const PLANNED_EACH_TIME = '/* planned each time */'

/** The number of named statements: each connection keeps them prepared. */
const MAX_NAMED_STATEMENTS = 300

/** The number of named statements of the outlet's own operations: other documents do not take their places. */
const MAX_RESERVED_STATEMENTS = 200

/** Uses before a statement is named: preparing one that is used once or twice costs more than it saves. */
const MIN_USES = 3

/** Characters of unnamed statements whose uses are counted. */
const MAX_COUNTED_LENGTH = 4_000_000

/**
 * The number of statements after which all counts are halved, so that statements no longer in use lose their
 * names.
 */
const HALVE_AFTER_STATEMENTS = 10_000

const HOUR_MS = 3_600_000

const own = new AsyncLocalStorage<true>()

/** Runs an operation of the outlet: its statements are named in reserved places. */
export function withReservedNames<T>(work: () => T): T {
  return own.run(true, work)
}

/** Names statements, with places that are reserved for the outlet's own operations. */
export class StatementNames {
  readonly #reserved: FrequentStatements
  readonly #others: FrequentStatements

  /** @param now the time in ms */
  constructor(now = Date.now) {
    this.#reserved = new FrequentStatements(MAX_RESERVED_STATEMENTS, now)
    this.#others = new FrequentStatements(MAX_NAMED_STATEMENTS, now)
  }

  /** The name of a statement; "" when it is not prepared. */
  nameOf(sql: string): string {
    if (sql.startsWith(PLANNED_EACH_TIME)) return ''
    // The name depends only on the text, so a statement in both has one name.
    return own.getStore() ? this.#reserved.nameOf(sql) : this.#others.nameOf(sql)
  }
}

interface NamedStatement {
  name: string
  uses: number
}

/**
 * Names the most frequent statements, so that PostgreSQL parses and plans them once per connection. A
 * statement replaces a less frequent one only when it is used more than twice as often, so that one-off
 * statements of clients replace nothing. At most as many names as there are places are replaced per hour: a connection
 * keeps prepared statements until it closes.
 */
class FrequentStatements {
  readonly #named = new Map<string, NamedStatement>()
  /** The same. Prisma writes the text of a statement again each time. */
  readonly #byText = new TextMap<NamedStatement>()
  readonly #counted = new LruCache<string, { uses: number }>(MAX_COUNTED_LENGTH, (sql) => sql.length)
  readonly #places: number
  readonly #now: () => number
  #statements = 0
  #replaced = 0
  #hourStartedAt: number

  constructor(places: number, now: () => number) {
    this.#places = places
    this.#now = now
    this.#hourStartedAt = now()
  }

  nameOf(sql: string): string {
    this.#statements += 1
    if (this.#statements % HALVE_AFTER_STATEMENTS === 0) this.#halve()
    const known = this.#byText.get(sql)
    if (known) {
      known.uses += 1
      return known.name
    }
    const counted = this.#counted.get(sql) ?? { uses: 0 }
    counted.uses += 1
    this.#counted.set(sql, counted)
    if (counted.uses < MIN_USES || !this.#evictFor(counted.uses)) return ''
    const name = hash('sha256', sql).slice(0, 32)
    this.#counted.delete(sql)
    const named = { name, uses: counted.uses }
    this.#named.set(sql, named)
    this.#byText.set(sql, named)
    return name
  }

  #evictFor(uses: number): boolean {
    if (this.#named.size < this.#places) return true
    if (this.#now() - this.#hourStartedAt >= HOUR_MS) {
      this.#hourStartedAt = this.#now()
      this.#replaced = 0
    }
    if (this.#replaced >= this.#places) return false
    let rarest: string | undefined
    let fewest = uses / 2
    for (const [sql, named] of this.#named) {
      if (named.uses >= fewest) continue
      rarest = sql
      fewest = named.uses
    }
    if (rarest === undefined) return false
    this.#named.delete(rarest)
    this.#byText.delete(rarest)
    this.#replaced += 1
    return true
  }

  #halve(): void {
    for (const named of this.#named.values()) named.uses = Math.floor(named.uses / 2)
  }
}
