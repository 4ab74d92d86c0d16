import { Coalescer } from '../base/coalesce.ts'
import { within } from '../base/within.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { type Attempts, addAttempts } from './counts.ts'

/** A number of attempts per window of a number of seconds, aligned to the start of 1970. */
export interface Rate {
  seconds: number
  max: number
}

/** Attempts of one statement, with the total that it returned. */
interface CountedAttempts extends Attempts {
  total?: number
}

export interface RateLimitDeps {
  prisma: Pick<PrismaClient, '$queryRaw'>
  now: () => Date
  onFailure: (error: unknown) => void
}

/** How long an attempt waits for the counts of the database, in ms. */
const DATABASE_TIMEOUT_MS = 2_000

/** The most totals cached; older ones are read from the database again. */
const MAX_CACHED_TOTALS = 20_000

/**
 * Counts attempts per client, across all gateways. At most one statement of this gateway runs at a time:
 * attempts counted meanwhile share the next one. A client known to be over its limit costs no statement.
 */
export class RateLimit {
  readonly #name: string
  readonly #rates: readonly Rate[]
  readonly #deps: RateLimitDeps
  /** Cached totals, by key and start. */
  readonly #totals = new Map<string, number>()
  #waiting = new Map<string, CountedAttempts>()
  readonly #writes = new Coalescer(() => this.#writeWaiting())
  /** Whether a statement has no answer after the timeout. None follows until it has ended. */
  #isStuck = false

  /** @param name distinguishes the limit from others in the database */
  constructor(name: string, rates: readonly Rate[], deps: RateLimitDeps) {
    this.#name = name
    this.#rates = rates
    this.#deps = deps
  }

  /** Seconds until a client may retry, as far as this gateway knows; null when it may now. Reads nothing. */
  retryAfterOf(client: string): number | null {
    const at = this.#deps.now().getTime()
    const waits = this.#rates
      .filter((rate) => (this.#totals.get(placeOf(this.#span(client, rate, at))) ?? 0) >= rate.max)
      .map((rate) => secondsLeft(rate, at))
    return waits.length > 0 ? Math.max(...waits) : null
  }

  /** Counts an attempt. Returns the seconds until the client may retry when it is over the limit, else null. */
  async count(client: string): Promise<number | null> {
    const at = this.#deps.now().getTime()
    const places = this.#rates.map((rate) => {
      const span = this.#span(client, rate, at)
      const attempts: CountedAttempts = this.#waiting.get(placeOf(span)) ?? span
      attempts.count += 1
      this.#waiting.set(placeOf(span), attempts)
      return { rate, attempts, place: attempts.count }
    })
    await this.#writes.run()
    const waits = places
      // Attempts counted in one statement are ranked in order of arrival.
      .filter(({ rate, attempts, place }) => totalOf(attempts) - attempts.count + place > rate.max)
      .map(({ rate }) => secondsLeft(rate, at))
    return waits.length > 0 ? Math.max(...waits) : null
  }

  #span(client: string, { seconds }: Rate, at: number): Attempts {
    const ms = seconds * 1_000
    return { key: `${this.#name} ${seconds} ${client}`, start: Math.floor(at / ms) * ms, count: 0 }
  }

  /** While the database is unavailable or does not answer, this gateway counts on its own. */
  async #writeWaiting(): Promise<void> {
    const batch = [...this.#waiting.values()]
    this.#waiting = new Map()
    const totals =
      (await this.#addToDatabase(batch)) ??
      batch.map((attempts) => (this.#totals.get(placeOf(attempts)) ?? 0) + attempts.count)
    for (const [index, attempts] of batch.entries()) {
      const total = totals[index] as number
      attempts.total = total
      this.#remember(attempts, total)
    }
  }

  /** The new totals; null when they can't be read. */
  async #addToDatabase(batch: Attempts[]): Promise<number[] | null> {
    if (this.#isStuck) return null
    const fail = (error: unknown) => {
      this.#deps.onFailure(error)
      return null
    }
    const adding = addAttempts(this.#deps.prisma, batch).catch(fail)
    const totals = await within(DATABASE_TIMEOUT_MS, adding, undefined)
    if (totals !== undefined) return totals
    this.#isStuck = true
    void adding.finally(() => {
      this.#isStuck = false
    })
    return null
  }

  #remember(attempts: Attempts, total: number): void {
    const place = placeOf(attempts)
    this.#totals.delete(place)
    this.#totals.set(place, total)
    // The oldest is first.
    if (this.#totals.size > MAX_CACHED_TOTALS) this.#totals.delete(this.#totals.keys().next().value as string)
  }
}

/** The total of the attempts' own statement: later statements may have ended since. */
function totalOf({ total, count }: CountedAttempts): number {
  return total ?? count
}

function placeOf({ key, start }: Attempts): string {
  return `${start} ${key}`
}

function secondsLeft({ seconds }: Rate, at: number): number {
  const ms = seconds * 1_000
  return Math.max(1, Math.ceil((Math.floor(at / ms) * ms + ms - at) / 1_000))
}
