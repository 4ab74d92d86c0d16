import { performance } from 'node:perf_hooks'
import { runEvery } from '../base/clock.ts'
import type { Prisma } from './client/client.ts'
import type { Database } from './database.ts'

/** The clock that decides embargoes, licences, decisions and time limits. */
export interface Clock {
  /** The database's time, from the last measurement. */
  readonly now: () => Date
  /**
   * The database's time at this point of a transaction, after it has taken its locks.
   * @param read the value of clock_timestamp(), if a statement that took the locks has read it
   */
  readonly timeIn: (tx: Pick<Prisma.TransactionClient, '$queryRaw'>, read?: Date) => Promise<Date>
}

export interface DatabaseClockDeps {
  database: Pick<Database, 'rows'>
  /** How often the clock is measured, in ms. */
  measureMs: number
  onFailure: (error: unknown) => void
  /** A clock in ms that never goes backwards; the process's monotonic clock by default. */
  monotonic?: () => number
}

/** Measurements at the start; the one with the shortest round trip counts. */
const FIRST_MEASUREMENTS = 3

/** A measurement with a longer round trip is used only when the last one is older than this, in ms. */
const MAX_MEASUREMENT_AGE_MS = 60_000

/** A difference after which a measurement is always used, in ms: the clock was set, or is another server's. */
const MAX_DRIFT_MS = 1_000

const CLOCK_STATEMENT = { name: 'database-clock', text: 'SELECT clock_timestamp()' }

/**
 * The database's clock without a query for each reading. It is measured at the start and at intervals, in the
 * middle of the round trip, and advances by the monotonic clock in between. So gateways agree on the time
 * even if their own clocks differ, and setting a gateway's clock has no effect.
 */
export class DatabaseClock implements Clock {
  readonly #deps: DatabaseClockDeps
  readonly #monotonic: () => number
  #offset = 0
  #uncertainty = Number.POSITIVE_INFINITY
  #measuredAt = 0
  #stop: () => Promise<void> = async () => {}

  private constructor(deps: DatabaseClockDeps) {
    this.#deps = deps
    this.#monotonic = deps.monotonic ?? (() => performance.now())
  }

  static async open(deps: DatabaseClockDeps): Promise<DatabaseClock> {
    const clock = new DatabaseClock(deps)
    for (let i = 0; i < FIRST_MEASUREMENTS; i++) await clock.measure()
    clock.#stop = runEvery(deps.measureMs, () => clock.measure(), deps.onFailure)
    return clock
  }

  readonly now = (): Date => new Date(this.#monotonic() + this.#offset)

  readonly timeIn: Clock['timeIn'] = async (tx, read) => {
    if (read) return read
    const [row] = await tx.$queryRaw<{ at: Date }[]>`SELECT clock_timestamp() AS at`
    return row?.at ?? this.now()
  }

  /** Measures the database's clock. */
  async measure(): Promise<void> {
    const sent = this.#monotonic()
    const [[time] = []] = await this.#deps.database.rows(CLOCK_STATEMENT, [])
    const received = this.#monotonic()
    const offset = (time as Date).getTime() - (sent + received) / 2
    const uncertainty = (received - sent) / 2
    const isBetter = uncertainty <= this.#uncertainty
    const isOld = received - this.#measuredAt >= MAX_MEASUREMENT_AGE_MS
    if (!isBetter && !isOld && Math.abs(offset - this.#offset) < MAX_DRIFT_MS + uncertainty) return
    this.#offset = offset
    this.#uncertainty = uncertainty
    this.#measuredAt = received
  }

  close(): Promise<void> {
    return this.#stop()
  }
}

/** A clock with a given time, for tests and sample data. */
export function clockOf(now: () => Date): Clock {
  return { now, timeIn: async () => now() }
}

/** The database's clock for a command. */
export async function clockForCommand(database: Pick<Database, 'rows'>): Promise<Clock> {
  const clock = await DatabaseClock.open({ database, measureMs: 60_000, onFailure: () => {} })
  await clock.close()
  return clock
}
