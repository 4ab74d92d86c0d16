import { type JobAttempt, PgBoss } from 'pg-boss'
import type { Database, Log } from '../db/database.ts'

/** What waits to be sent: messages to webhooks, and feeds and questions to WebSub's subscribers. */
export const QUEUES = ['webhooks', 'websub'] as const

export type QueueName = (typeof QUEUES)[number]

/** What is waiting for an attempt longer than this is given up, in s. Endpoints are disabled long before. */
const JOB_RETENTION_SECONDS = 365 * 86_400

/** For how long a message that was sent is remembered by its id, so that it is not queued again, in s. */
const DONE_RETENTION_SECONDS = 2 * 86_400

/** A sender that has not settled a job after so long is taken for dead, in s; longer than any attempt takes. */
const JOB_TIMEOUT_SECONDS = 25

/** Another attempt is always allowed: when to give up is not the queue's to decide. */
const MAX_RETRIES = 30_000

/**
 * The jobs of this newsroom, in the database itself (pg-boss, in its own schema "pgboss"). It starts when it is
 * first needed, so a newsroom that pushes nothing never pays for it.
 */
export class JobQueue {
  readonly #database: Database
  readonly #log: Log
  #opening: Promise<PgBoss> | null = null
  #closed = false

  constructor(database: Database, log: Log) {
    this.#database = database
    this.#log = log
  }

  /** The running queue; a start that failed is tried again by the next call. */
  open(): Promise<PgBoss> {
    if (this.#closed) return Promise.reject(new Error('the queue is closed'))
    this.#opening ??= this.#start().catch((error) => {
      this.#opening = null
      throw error
    })
    return this.#opening
  }

  get isOpen(): boolean {
    return this.#opening !== null
  }

  /**
   * Makes jobs whose sender died, and did not say so, due again.
   * @returns how many
   */
  async recover(name: QueueName): Promise<number> {
    return this.#recover(await this.open(), name, JOB_TIMEOUT_SECONDS)
  }

  /** Jobs that are waiting or being sent; 0 before the queue is needed. */
  async depth(name: QueueName): Promise<number> {
    if (!this.isOpen) return 0
    await this.open()
    const { rows } = await this.#database.executeSql(
      `SELECT count(*)::int AS depth FROM pgboss.job WHERE "name" = $1 AND "state" < 'completed'`,
      [name],
    )
    return Number(rows[0]?.depth)
  }

  async close(): Promise<void> {
    this.#closed = true
    const boss = await this.#opening?.catch(() => null)
    await boss?.stop({ graceful: false })
  }

  /** @param after a job that was begun so long ago, in s, has no sender any more */
  async #recover(boss: PgBoss, name: QueueName, after: number): Promise<number> {
    const { rows } = await this.#database.executeSql(
      `SELECT "id", "retry_count" AS "retryCount" FROM pgboss.job
       WHERE "name" = $1 AND "state" = 'active' AND "started_on" <= now() - $2 * interval '1 s'`,
      [name, after],
    )
    const jobs = rows as unknown as JobAttempt[]
    if (jobs.length > 0) await boss.fail(name, jobs, { message: 'the sender died' })
    return jobs.length
  }

  async #start(): Promise<PgBoss> {
    const { kind, executeSql } = this.#database
    const boss = new PgBoss({
      db: { executeSql },
      backend: kind === 'embedded' ? 'pglite' : 'postgres',
      // Nothing here runs by the calendar, and who else is running is nobody's business.
      schedule: false,
      registerInstance: false,
      monitorVacuum: false,
      reindex: kind === 'server',
      maintenanceIntervalSeconds: 3_600,
    })
    boss.on('error', (error) => this.#log.warn({ err: error }, 'the queue reports a failure'))
    await boss.start()
    for (const name of QUEUES) {
      await boss.createQueue(name, {
        // What is about one thing goes to one receiver one after the other, in order.
        policy: 'key_strict_fifo',
        retryLimit: MAX_RETRIES,
        retentionSeconds: JOB_RETENTION_SECONDS,
        deleteAfterSeconds: DONE_RETENTION_SECONDS,
        expireInSeconds: JOB_TIMEOUT_SECONDS,
      })
      // Only this process has the embedded database: whatever was under way when it was opened is not any more.
      if (kind === 'embedded') await this.#recover(boss, name, 0)
    }
    return boss
  }
}
