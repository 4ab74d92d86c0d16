import { performance } from 'node:perf_hooks'
import { runEvery } from '../base/clock.ts'
import type { Prisma } from './client/client.ts'
import type { Database } from './database.ts'

/** The clock by which embargoes, licences, decisions and time limits are judged. */
export interface Clock {
  /** The database's time, as it was last measured. */
  readonly now: () => Date
  /** The database's time at this point of a transaction, behind the locks that it holds. */
  readonly timeIn: (tx: Pick<Prisma.TransactionClient, '$queryRaw'>) => Promise<Date>
}

export interface DatabaseClockDeps {
  database: Pick<Database, 'rows'>
  /** How often the database is asked, in ms. */
  measureMs: number
  onFailure: (error: unknown) => void
  /** Milliseconds that never run backwards; the process's monotonic clock by default. */
  monotonic?: () => number
}

/** Questions at the start; the answer that came fastest counts. */
const FIRST_MEASUREMENTS = 3

/** A slower answer than the last one's is taken all the same when that is older than this, in ms. */
const MAX_MEASUREMENT_AGE_MS = 60_000

/** A clock that differs this much, in ms, was set, or belongs to another server: its answer counts at once. */
const MAX_DRIFT_MS = 1_000

const CLOCK_STATEMENT = { name: 'database-clock', text: 'SELECT clock_timestamp()' }

/**
 * The database's clock, for use without a question each time. It is measured at the start and regularly, in the
 * middle of the round trip; between two measurements time advances by the monotonic clock. So gateways whose own
 * clocks differ agree on what is due, and setting a gateway's clock changes nothing.
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

  readonly timeIn: Clock['timeIn'] = async (tx) => {
    const [row] = await tx.$queryRaw<{ at: Date }[]>`SELECT clock_timestamp() AS at`
    return row?.at ?? this.now()
  }

  /** Asks the database for its time. */
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

/** A clock that is told its time, for tests and for data with moments of its own. */
export function clockOf(now: () => Date): Clock {
  return { now, timeIn: async () => now() }
}

/** The database's clock for a command that runs once and is over. */
export async function clockForCommand(database: Pick<Database, 'rows'>): Promise<Clock> {
  const clock = await DatabaseClock.open({ database, measureMs: 60_000, onFailure: () => {} })
  await clock.close()
  return clock
}
