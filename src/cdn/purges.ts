import { randomUUID } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import { runEvery } from '../base/clock.ts'
import { Coalescer } from '../base/coalesce.ts'
import type { Bus } from '../bus/bus.ts'
import { COMMENT_FEED_CHANNEL } from '../changelog/comment-feed-hint.ts'
import { CHANGE_CHANNEL } from '../changelog/record.ts'
import type { PurgeConfig } from '../config/cdn.ts'
import type { Database, Log } from '../db/database.ts'
import { type Backoff, nextAttempt } from '../jobs/backoff.ts'
import type { SendRequest } from '../net/outbound-http.ts'
import { changesSince } from '../read-cache/changes-since.ts'
import { ChangedKeys, MAX_GAP_MS } from './changed-keys.ts'
import { confirm, LEASE_MS, releaseLease, takeLease } from './purge-state.ts'
import { type PurgeMessage, purgeMessage, sendPurge } from './send-purge.ts'
import { type Batch, WaitingKeys } from './waiting-keys.ts'

export interface PurgesDeps {
  config: PurgeConfig
  database: Database
  listen: Bus['listen']
  sendRequest: SendRequest
  backoff: Backoff
  log: Log
  now: () => Date
  /** How often the database is polled, in ms. */
  pollMs: number
  /** When a purge is repeated, in ms. */
  repeatMs: number
}

/** The lease is renewed when less than this is left of it, in ms: longer than an attempt may take. */
const RENEW_MS = 7_000

/** How often progress without a change is recorded, in ms. */
const CONFIRM_INTERVAL_MS = 5_000

/** The longest wait that the receiver can ask for, in ms. */
const MAX_RETRY_MS = 60_000

/** A batch that is being sent. */
interface Attempted extends PurgeMessage {
  batch: Batch
  attempts: number
}

/** What the holder of the lease knows. */
interface Progress {
  keys: ChangedKeys
  /** When the last successful read of changes began, in ms of the process's clock. */
  readAt: number
  /** The same by the clock of the database, as far as it is known. */
  read: { history: string; at: Date } | null
}

/**
 * Sends the keys of each change to the purge hook: at least once, in order, one message at a time. All gateways run it,
 * and one of them holds the lease.
 */
export class Purges {
  readonly counters = { sent: 0, failed: 0 }
  readonly #deps: PurgesDeps
  readonly #id = randomUUID()
  readonly #rounds = new Coalescer(() => this.#round())
  readonly #waiting: WaitingKeys
  readonly #abort = new AbortController()
  #stopPolling = async () => {}
  #stopListening: (() => Promise<void>)[] = []
  #timer: NodeJS.Timeout | undefined
  #closed = false
  #progress: Progress | null = null
  /** Until when the lease is held, and when progress was last recorded, in ms of the process's clock. */
  #heldUntil = Number.NEGATIVE_INFINITY
  #confirmedAt = Number.NEGATIVE_INFINITY
  #current: Attempted | null = null
  /** When the current message is tried again, in ms of the process's clock. */
  #retryAt = Number.NEGATIVE_INFINITY

  private constructor(deps: PurgesDeps) {
    this.#deps = deps
    this.#waiting = new WaitingKeys(deps.repeatMs)
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

  /** The number of keys that wait on this gateway. */
  get waiting(): number {
    return this.#waiting.size + (this.#current?.batch.keys.length ?? 0)
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

  /** Whether this gateway sends purges. */
  async #hold(): Promise<boolean> {
    const now = performance.now()
    if (this.#progress && this.#heldUntil - now > RENEW_MS) return true
    const lease = await takeLease(this.#deps.database.prisma, this.#id)
    if (!lease) {
      this.#forget()
      return false
    }
    this.#heldUntil = now + LEASE_MS
    if (this.#progress && lease.isRenewed) return true
    this.#forget()
    const { history, position, unconfirmedMs } = lease
    const readAt = unconfirmedMs === null ? Number.NEGATIVE_INFINITY : now - unconfirmedMs
    this.#progress = { keys: new ChangedKeys({ history, position }), readAt, read: null }
    return true
  }

  #forget(): void {
    this.#progress = null
    this.#current = null
    this.#retryAt = Number.NEGATIVE_INFINITY
    this.#waiting.clear()
  }

  /** Reads the changes since the last time. */
  async #collect(): Promise<void> {
    const { database, now } = this.#deps
    const progress = this.#progress
    if (!progress) return
    const began = performance.now()
    const at = await databaseTime(database)
    const found = await changesSince(database, progress.keys.position, now())
    this.#waiting.add(progress.keys.next(found, began - progress.readAt > MAX_GAP_MS))
    progress.readAt = began
    progress.read = { history: found.history, at }
  }

  /** Sends what is due. Returns whether everything was acknowledged. */
  async #sendAll(): Promise<boolean> {
    for (;;) {
      this.#current ??= this.#next()
      if (!this.#current) return true
      if (this.#closed || this.#retryAt > performance.now()) return false
      if (!(await this.#hold()) || !this.#current) return false
      if (!(await this.#attempt(this.#current))) return false
      this.#current = null
      this.#confirmedAt = Number.NEGATIVE_INFINITY
    }
  }

  #next(): Attempted | null {
    const batch = this.#waiting.take(performance.now())
    return batch && { ...purgeMessage(batch.keys, this.#deps.now()), batch, attempts: 0 }
  }

  async #attempt(message: Attempted): Promise<boolean> {
    const { config, sendRequest, backoff, now, log } = this.#deps
    const { signal } = this.#abort
    let reason: string
    let retryAfter: string | undefined
    try {
      const { status, headers } = await sendPurge(message, config, { at: now(), sendRequest, signal })
      if (status >= 200 && status < 300) {
        this.counters.sent += 1
        const repeatAt = this.#waiting.acknowledged(message.batch, performance.now())
        if (repeatAt !== null) this.#wakeIn(repeatAt - performance.now())
        return true
      }
      reason = `the receiver answered ${status}`
      retryAfter = headers['retry-after']
    } catch (error) {
      signal.throwIfAborted()
      reason = error instanceof Error ? error.message : String(error)
    }
    this.counters.failed += 1
    message.attempts += 1
    const at = now()
    const planned = nextAttempt(backoff, { attempts: message.attempts, at, retryAfter })
    const wait = Math.min(planned.getTime() - at.getTime(), MAX_RETRY_MS)
    this.#retryAt = performance.now() + wait
    this.#wakeIn(wait)
    if (message.attempts === 1) log.warn({ reason }, 'a purge of the CDN failed; retrying')
    return false
  }

  #wakeIn(ms: number): void {
    if (this.#closed) return
    // A repetition can wait for the next poll instead.
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.wake(), Math.ceil(ms) + 1)
    this.#timer.unref()
  }

  /** Records that everything that was read is acknowledged. */
  async #confirm(): Promise<void> {
    const { prisma } = this.#deps.database
    const { keys, read } = this.#progress ?? {}
    if (!keys || !read || performance.now() - this.#confirmedAt < CONFIRM_INTERVAL_MS) return
    await confirm(prisma, this.#id, { ...read, position: keys.position })
    this.#confirmedAt = performance.now()
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
