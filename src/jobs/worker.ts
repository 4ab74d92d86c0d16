import { setTimeout as after } from 'node:timers/promises'
import type { Job } from 'pg-boss'
import type { PushQueue, QueueName } from './queue.ts'

export interface CourierDeps<T> {
  queue: PushQueue
  name: QueueName
  /** Does a job and settles it in the queue. What it throws puts the job back. */
  handle: (job: Job<T>, signal: AbortSignal) => Promise<void>
  /** Jobs of one group, which is one receiver, under way at once in this process. */
  limitOf: (group: string) => number
  /** Groups of which nothing is to be taken at present. */
  held?: () => string[]
  /** The groups that there are, as far as is known: while none of them can take anything, nothing is looked for. */
  groups?: () => readonly string[]
  /** How often due jobs are looked for, in ms. */
  pollMs: number
  onFailure: (error: unknown) => void
}

/** Jobs under way at once in this process, whoever they are for. Waiting for an answer costs next to nothing. */
const MOST = 256

/** Between two looks for jobs of senders that died, in ms. */
const RECOVER_EVERY = 5_000

/** A job that could not be done for a reason of ours is put back for so long, in ms. */
const PUT_BACK = 5_000

/**
 * Takes due jobs out of the queue, a few at a time for each receiver, so that one that is slow or dead holds
 * up nobody but itself. A job is taken only when it can be done at once: whatever is taken when the process is
 * killed waits until it is taken for dead.
 */
export class Courier<T extends object> {
  readonly #deps: CourierDeps<T>
  readonly #underWay = new Map<string, Promise<void>>()
  readonly #perGroup = new Map<string, number>()
  readonly #abort = new AbortController()
  readonly #timers: NodeJS.Timeout[]
  #taking: Promise<void> | null = null
  #again = false
  #closed = false

  constructor(deps: CourierDeps<T>) {
    this.#deps = deps
    this.#timers = [
      setInterval(() => this.wake(), deps.pollMs),
      setInterval(() => void this.#recover(), RECOVER_EVERY),
    ]
    for (const timer of this.#timers) timer.unref()
    this.wake()
  }

  /** Looks for due jobs now. */
  wake(): void {
    if (this.#closed) return
    this.#again = true
    this.#taking ??= this.#take()
      .catch(this.#deps.onFailure)
      .finally(() => {
        this.#taking = null
      })
  }

  /** Takes nothing more, lets what is under way end for `graceMs`, and puts back what has not ended then. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true
    for (const timer of this.#timers) clearInterval(timer)
    await this.#taking
    const ended = Promise.all(this.#underWay.values())
    await Promise.race([ended, after(graceMs, undefined, { ref: false })])
    this.#abort.abort()
    await ended
  }

  async #take(): Promise<void> {
    const { queue, name } = this.#deps
    const boss = await queue.open()
    while (this.#again) {
      this.#again = false
      while (!this.#closed && this.#underWay.size < MOST) {
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
      .catch((error) => this.#putBack(job, error))
      .finally(() => {
        this.#underWay.delete(job.id)
        const left = (this.#perGroup.get(group) ?? 1) - 1
        if (left > 0) this.#perGroup.set(group, left)
        else this.#perGroup.delete(group)
        this.wake()
      })
    this.#underWay.set(job.id, done)
  }

  #fullGroups(): string[] {
    const { limitOf, held } = this.#deps
    const full = [...this.#perGroup].filter(([group, underWay]) => underWay >= limitOf(group))
    return [...full.map(([group]) => group), ...(held?.() ?? [])]
  }

  async #putBack(job: Job<T>, error: unknown): Promise<void> {
    const { queue, name, onFailure } = this.#deps
    if (!this.#abort.signal.aborted) onFailure(error)
    try {
      const boss = await queue.open()
      await boss.fail(name, job, { message: String(error) })
      if (this.#abort.signal.aborted) return
      await boss.update(name, undefined, { id: job.id, startAfter: PUT_BACK / 1_000 })
    } catch (trouble) {
      // Then it is taken for dead in a while.
      onFailure(trouble)
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
