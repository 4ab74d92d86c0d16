import { randomUUID } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import { runEvery } from '../base/clock.ts'
import { Coalescer } from '../base/coalesce.ts'
import type { Bus } from '../bus/bus.ts'
import { COMMENT_FEED_CHANNEL } from '../changelog/comment-feed-hint.ts'
import { CHANGE_CHANNEL } from '../changelog/record.ts'
import type { Database } from '../db/database.ts'
import { changesSince } from '../read-cache/changes-since.ts'
import { ChangedKeys, MAX_GAP_MS } from './changed-keys.ts'
import { confirm, LEASE_MS, releaseLease, takeLease } from './purge-state.ts'
import { PurgeSender, type PurgeSenderDeps } from './send-purge.ts'

export interface PurgesDeps extends PurgeSenderDeps {
  database: Database
  listen: Bus['listen']
  /** How often the database is polled, in ms. */
  pollMs: number
}

/** The lease is renewed when less than this is left of it, in ms: longer than an attempt may take. */
const RENEW_MS = 7_000

/** How often progress without a change is recorded, in ms. */
const CONFIRM_INTERVAL_MS = 5_000

/** What the holder of the lease knows. */
interface Progress {
  keys: ChangedKeys
  /** When the last successful read of changes began, in ms of the process's clock. */
  readAt: number
  /** The history that was read, and the time of the read by the clock of the database. */
  read: { history: string; at: Date } | null
}

/**
 * Sends the keys of each change to the purge hook: at least once, in order, one message at a time. All gateways run it,
 * and one of them holds the lease.
 */
export class Purges {
  readonly #deps: PurgesDeps
  readonly #id = randomUUID()
  readonly #rounds = new Coalescer(() => this.#round())
  readonly #sender: PurgeSender
  readonly #abort = new AbortController()
  #stopPolling = async () => {}
  #stopListening: (() => Promise<void>)[] = []
  #timer: NodeJS.Timeout | undefined
  #closed = false
  #progress: Progress | null = null
  /** Until when the lease is held, and when progress was last recorded, in ms of the process's clock. */
  #heldUntil = Number.NEGATIVE_INFINITY
  #confirmedAt = Number.NEGATIVE_INFINITY

  private constructor(deps: PurgesDeps) {
    this.#deps = deps
    this.#sender = new PurgeSender(deps, (ms) => this.#wakeIn(ms))
  }

  static async open(deps: PurgesDeps): Promise<Purges> {
    const purges = new Purges(deps)
    for (const channel of [CHANGE_CHANNEL, COMMENT_FEED_CHANNEL]) {
      const wake = () => purges.wake()
      purges.#stopListening.push(await deps.listen(channel, wake, wake))
    }
    return purges
  }

  start(): void {
    this.#stopPolling = runEvery(this.#deps.pollMs, () => this.wake())
    this.wake()
  }

  get counters(): { sent: number; failed: number } {
    return this.#sender.counters
  }

  /** The number of keys that wait on this gateway. */
  get waiting(): number {
    return this.#sender.waiting
  }

  /** Looks for changes now. */
  wake(): void {
    if (!this.#closed) void this.#rounds.run()
  }

  /** Waits up to `graceMs` for the message that is being sent. Another gateway continues. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    void this.#stopPolling()
    await Promise.all(this.#stopListening.map((stop) => stop()))
    const idle = this.#rounds.whenIdle()
    await Promise.race([idle, after(graceMs, undefined, { ref: false })])
    this.#abort.abort()
    await idle
    if (this.#progress) await releaseLease(this.#deps.database.prisma, this.#id).catch(this.#report)
  }

  async #round(): Promise<void> {
    try {
      if (this.#closed || !(await this.#hold())) return
      await this.#collect()
      if (await this.#sendAll()) await this.#confirm()
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#report(error)
    }
  }

  /** Takes or renews the lease. Returns whether this gateway has it. */
  async #hold(): Promise<boolean> {
    const now = performance.now()
    if (this.#progress && this.#heldUntil - now > RENEW_MS) return true
    const lease = await takeLease(this.#deps.database.prisma, this.#id)
    if (lease) this.#heldUntil = now + LEASE_MS
    if (lease?.isRenewed && this.#progress) return true
    this.#sender.clear()
    this.#progress = null
    if (!lease) return false
    const { history, position, unconfirmedMs } = lease
    const readAt = unconfirmedMs === null ? Number.NEGATIVE_INFINITY : now - unconfirmedMs
    this.#progress = { keys: new ChangedKeys({ history, position }), readAt, read: null }
    return true
  }

  /** Reads the changes since the last time. */
  async #collect(): Promise<void> {
    const { database, now } = this.#deps
    const progress = this.#progress
    if (!progress) return
    const began = performance.now()
    const at = await databaseTime(database)
    const found = await changesSince(database, progress.keys.position, now())
    this.#sender.add(progress.keys.next(found, began - progress.readAt > MAX_GAP_MS))
    progress.readAt = began
    progress.read = { history: found.history, at }
  }

  /** Sends what is due. Returns whether everything was acknowledged. */
  async #sendAll(): Promise<boolean> {
    while (this.#sender.prepare()) {
      if (this.#closed || this.#sender.isPaused || !(await this.#hold())) return false
      if (!(await this.#sender.attempt(this.#abort.signal))) return false
      this.#confirmedAt = Number.NEGATIVE_INFINITY
    }
    return true
  }

  /** Records that everything that was read is acknowledged. */
  async #confirm(): Promise<void> {
    const { keys, read } = this.#progress ?? {}
    if (!keys || !read || performance.now() - this.#confirmedAt < CONFIRM_INTERVAL_MS) return
    await confirm(this.#deps.database.prisma, this.#id, { ...read, position: keys.position })
    this.#confirmedAt = performance.now()
  }

  #wakeIn(ms: number): void {
    if (this.#closed) return
    // A later call replaces an earlier one, which then waits for the next poll.
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.wake(), Math.ceil(ms) + 1)
    this.#timer.unref()
  }

  readonly #report = (error: unknown): void => {
    this.#deps.log.warn({ err: error }, 'changes could not be read for the purges of the CDN; retrying')
  }
}

const TIME_STATEMENT = { name: 'purge_time', text: 'SELECT clock_timestamp()' }

async function databaseTime(database: Pick<Database, 'rows'>): Promise<Date> {
  const [row] = await database.rows(TIME_STATEMENT, [])
  return row?.[0] as Date
}
