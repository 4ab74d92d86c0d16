import { setTimeout as after } from 'node:timers/promises'
import type { Job } from 'pg-boss'
import { runEvery } from '../base/clock.ts'
import { Coalescer } from '../base/coalesce.ts'
import type { JobQueue, QueueName } from './queue.ts'

export interface WorkerDeps<T> {
  queue: JobQueue
  name: QueueName
  /** Runs a job and settles it in the queue. A rejection puts the job back. */
  handle: (job: Job<T>, signal: AbortSignal) => Promise<void>
  /** Concurrent jobs per group (receiver) in this process. */
  limitOf: (group: string) => number
  /** Groups from which no job is taken at present. */
  pausedGroups?: () => string[]
  /** All known groups: while none of them can take a job, the queue is not read. */
  groups?: () => readonly string[]
  /** How often the queue is polled, in ms. */
  pollMs: number
  onFailure: (error: unknown) => void
}

/** Concurrent jobs in this process. Jobs mostly wait for responses, which costs little. */
const MAX_CONCURRENT_JOBS = 256

/** The interval of the search for abandoned jobs, in ms. */
const RECOVER_INTERVAL_MS = 5_000

/** Delay before a job that failed because of the gateway is retried, in ms. */
const REQUEUE_DELAY_MS = 5_000

/**
 * Takes due jobs from the queue, a few at a time per receiver, so that a slow receiver delays only its own
 * jobs. A job is taken only when it can run at once: a job taken by a process that is killed waits until it
 * counts as abandoned.
 */
export class Worker<T extends object> {
  readonly #deps: WorkerDeps<T>
  readonly #running = new Map<string, Promise<void>>()
  readonly #perGroup = new Map<string, number>()
  readonly #abort = new AbortController()
  readonly #fetches: Coalescer<void>
  readonly #intervals: (() => Promise<void>)[]
  #closed = false

  constructor(deps: WorkerDeps<T>) {
    this.#deps = deps
    this.#fetches = new Coalescer(() => this.#fetchJobs().catch(deps.onFailure))
    this.#intervals = [
      runEvery(deps.pollMs, () => this.wake()),
      runEvery(RECOVER_INTERVAL_MS, () => this.#recover(), deps.onFailure),
    ]
    this.wake()
  }

  /** Looks for due jobs. */
  wake(): void {
    if (!this.#closed) void this.#fetches.run()
  }

  /** Stops taking jobs, waits up to `graceMs` for running ones, and puts the rest back. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true
    for (const stop of this.#intervals) void stop()
    await this.#fetches.whenIdle()
    const ended = Promise.all(this.#running.values())
    await Promise.race([ended, after(graceMs, undefined, { ref: false })])
    this.#abort.abort()
    await ended
  }

  async #fetchJobs(): Promise<void> {
    const { queue, name } = this.#deps
    if (this.#closed) return
    const boss = await queue.open()
    while (!this.#closed && this.#running.size < MAX_CONCURRENT_JOBS) {
      const full = this.#fullGroups()
      const groups = this.#deps.groups?.()
      if (groups?.length && groups.every((group) => full.includes(group))) return
      const [job] = await boss.fetch<T>(name, { ignoreGroups: full })
      if (!job) return
      this.#begin(job)
    }
  }

  #begin(job: Job<T>): void {
    const group = job.groupId ?? ''
    this.#perGroup.set(group, (this.#perGroup.get(group) ?? 0) + 1)
    const done = this.#deps
      .handle(job, this.#abort.signal)
      .catch((error) => this.#requeue(job, error))
      .finally(() => {
        this.#running.delete(job.id)
        const left = (this.#perGroup.get(group) ?? 1) - 1
        if (left > 0) this.#perGroup.set(group, left)
        else this.#perGroup.delete(group)
        this.wake()
      })
    this.#running.set(job.id, done)
  }

  #fullGroups(): string[] {
    const { limitOf, pausedGroups } = this.#deps
    const full = [...this.#perGroup].filter(([group, underWay]) => underWay >= limitOf(group))
    return [...full.map(([group]) => group), ...(pausedGroups?.() ?? [])]
  }

  async #requeue(job: Job<T>, error: unknown): Promise<void> {
    const { queue, name, onFailure } = this.#deps
    if (!this.#abort.signal.aborted) onFailure(error)
    try {
      const boss = await queue.open()
      await boss.fail(name, job, { message: String(error) })
      if (this.#abort.signal.aborted) return
      await boss.update(name, undefined, { id: job.id, startAfter: REQUEUE_DELAY_MS / 1_000 })
    } catch (failure) {
      // The job will count as abandoned later.
      onFailure(failure)
    }
  }

  async #recover(): Promise<void> {
    if ((await this.#deps.queue.recover(this.#deps.name)) > 0) this.wake()
  }
}
