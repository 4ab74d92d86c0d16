import { setTimeout as after } from 'node:timers/promises'
import type { Job } from 'pg-boss'
import type { JobQueue, QueueName } from './queue.ts'

export interface WorkerDeps<T> {
  queue: JobQueue
  name: QueueName
  /** Does a job and settles it in the queue. What it throws puts the job back. */
  handle: (job: Job<T>, signal: AbortSignal) => Promise<void>
  /** Jobs of one group, which is one receiver, under way at once in this process. */
  limitOf: (group: string) => number
  /** Groups of which nothing is to be taken at present. */
  pausedGroups?: () => string[]
  /** The groups that there are, as far as is known: while none of them can take anything, nothing is looked for. */
  groups?: () => readonly string[]
  /** How often due jobs are looked for, in ms. */
  pollMs: number
  onFailure: (error: unknown) => void
}

/** Jobs under way at once in this process, whoever they are for. Waiting for an answer costs next to nothing. */
const MAX_CONCURRENT_JOBS = 256

/** Between two looks for jobs of senders that died, in ms. */
const RECOVER_INTERVAL_MS = 5_000

/** A job that could not be done for a reason of ours is put back for so long, in ms. */
const REQUEUE_DELAY_MS = 5_000

/**
 * Takes due jobs out of the queue, a few at a time for each receiver, so that one that is slow or dead holds
 * up nobody but itself. A job is taken only when it can be done at once: whatever is taken when the process is
 * killed waits until it is taken for dead.
 */
export class Worker<T extends object> {
  readonly #deps: WorkerDeps<T>
  readonly #running = new Map<string, Promise<void>>()
  readonly #perGroup = new Map<string, number>()
  readonly #abort = new AbortController()
  readonly #timers: NodeJS.Timeout[]
  #fetching: Promise<void> | null = null
  #again = false
  #closed = false

  constructor(deps: WorkerDeps<T>) {
    this.#deps = deps
    this.#timers = [
      setInterval(() => this.wake(), deps.pollMs),
      setInterval(() => void this.#recover(), RECOVER_INTERVAL_MS),
    ]
    for (const timer of this.#timers) timer.unref()
    this.wake()
  }

  /** Looks for due jobs now. */
  wake(): void {
    if (this.#closed) return
    this.#again = true
    this.#fetching ??= this.#fetchJobs()
      .catch(this.#deps.onFailure)
      .finally(() => {
        this.#fetching = null
      })
  }

  /** Takes nothing more, lets what is under way end for `graceMs`, and puts back what has not ended then. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true
    for (const timer of this.#timers) clearInterval(timer)
    await this.#fetching
    const ended = Promise.all(this.#running.values())
    await Promise.race([ended, after(graceMs, undefined, { ref: false })])
    this.#abort.abort()
    await ended
  }

  async #fetchJobs(): Promise<void> {
    const { queue, name } = this.#deps
    const boss = await queue.open()
    while (this.#again) {
      this.#again = false
      while (!this.#closed && this.#running.size < MAX_CONCURRENT_JOBS) {
        const full = this.#fullGroups()
        const groups = this.#deps.groups?.()
        if (groups?.length && groups.every((group) => full.includes(group))) break
        const [job] = await boss.fetch<T>(name, { ignoreGroups: full })
        if (!job) break
        this.#begin(job)
      }
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
      // Then it is taken for dead in a while.
      onFailure(failure)
    }
  }

  async #recover(): Promise<void> {
    try {
      if ((await this.#deps.queue.recover(this.#deps.name)) > 0) this.wake()
    } catch (error) {
      this.#deps.onFailure(error)
    }
  }
}
