import { type JobAttempt, PgBoss } from 'pg-boss'
import { Lazy } from '../base/coalesce.ts'
import type { Database, Log } from '../db/database.ts'

/** The queues: messages to webhooks, and deliveries and verifications of WebSub subscribers. */
export const QUEUES = ['webhooks', 'websub'] as const

export type QueueName = (typeof QUEUES)[number]

/** How long a job may wait for an attempt, in s. Endpoints are disabled long before. */
const JOB_RETENTION_SECONDS = 365 * 86_400

/** How long the id of a completed job is kept, in s, so that the job is not queued again. */
const DONE_RETENTION_SECONDS = 2 * 86_400

/** The time after which a running job counts as abandoned, in s; longer than any attempt takes. */
const JOB_TIMEOUT_SECONDS = 25

/** Practically unlimited: the senders decide when to give up. */
const MAX_RETRIES = 30_000

/**
 * The job queue of this newsroom, in the database itself (pg-boss, in its own schema "pgboss"). It starts on
 * first use, so that a newsroom without webhooks and WebSub subscribers does not need it.
 */
export class JobQueue {
  readonly #database: Database
  readonly #log: Log
  readonly #boss = new Lazy(() => this.#start())
  #closed = false

  constructor(database: Database, log: Log) {
    this.#database = database
    this.#log = log
  }

  /** The running queue. A failed start is retried by the next call. */
  open(): Promise<PgBoss> {
    if (this.#closed) return Promise.reject(new Error('the queue is closed'))
    return this.#boss.get()
  }

  get isOpen(): boolean {
    return this.#boss.opened !== null
  }

  /**
   * Makes abandoned jobs due again.
   * @returns how many
   */
  async recover(name: QueueName): Promise<number> {
    return this.#recover(await this.open(), name, JOB_TIMEOUT_SECONDS)
  }

  /** The number of queued and running jobs; 0 before the queue is used. */
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
    const boss = await this.#boss.opened?.catch(() => null)
    await boss?.stop({ graceful: false })
  }

  /** @param after jobs started longer ago than this, in s, are abandoned */
  async #recover(boss: PgBoss, name: QueueName, after: number): Promise<number> {
    const { rows } = await this.#database.executeSql(
      `SELECT "id", "retry_count" AS "retryCount" FROM pgboss.job
       WHERE "name" = $1 AND "state" = 'active' AND "started_on" <= now() - $2 * interval '1 s'`,
      [name, after],
    )
    const jobs = rows as unknown as JobAttempt[]
    if (jobs.length > 0) await boss.fail(name, jobs, { message: 'the sending gateway stopped' })
    return jobs.length
  }

  async #start(): Promise<PgBoss> {
    const { kind, executeSql } = this.#database
    const boss = new PgBoss({
      db: { executeSql },
      backend: kind === 'embedded' ? 'pglite' : 'postgres',
      // No cron schedules, and no registration of instances.
      schedule: false,
      registerInstance: false,
      monitorVacuum: false,
      reindex: kind === 'server',
      maintenanceIntervalSeconds: 3_600,
    })
    boss.on('error', (error) =>
      this.#log.warn({ err: error }, 'the job queue failed in the background; retrying'),
    )
    await boss.start()
    for (const name of QUEUES) {
      await boss.createQueue(name, {
        // Jobs with the same key go to one receiver one after another, in order.
        policy: 'key_strict_fifo',
        retryLimit: MAX_RETRIES,
        retentionSeconds: JOB_RETENTION_SECONDS,
        deleteAfterSeconds: DONE_RETENTION_SECONDS,
        expireInSeconds: JOB_TIMEOUT_SECONDS,
      })
      // Only this process uses the embedded database, so jobs that ran when it was opened are abandoned.
      if (kind === 'embedded') await this.#recover(boss, name, 0)
    }
    return boss
  }
}
