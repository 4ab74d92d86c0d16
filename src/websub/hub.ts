import type { Clients } from '../auth/clients.ts'
import { runEvery } from '../base/clock.ts'
import { Coalescer } from '../base/coalesce.ts'
import { DomainError, TemporarilyUnavailable } from '../base/errors.ts'
import type { ChangeWatch } from '../changelog/watch.ts'
import type { PrismaClient } from '../db/client/client.ts'
import type { Log } from '../db/database.ts'
import type { Backoff } from '../jobs/backoff.ts'
import type { PushCounters } from '../jobs/metrics.ts'
import type { JobQueue } from '../jobs/queue.ts'
import { Worker } from '../jobs/worker.ts'
import type { SendRequest } from '../net/outbound-http.ts'
import type { RenderFeed } from './feed.ts'
import { hostOf, type WebSubJob } from './job.ts'
import { RequestRate } from './limits.ts'
import { performJob } from './perform-job.ts'
import { endLeases, planDistribution } from './plan.ts'
import { readIntent } from './request.ts'

export interface HubDeps {
  prisma: PrismaClient
  queue: JobQueue
  changes: ChangeWatch
  sendRequest: SendRequest
  render: RenderFeed
  backoff: Backoff
  counters: PushCounters
  log: Log
  now: () => Date
  publicUrl: () => string
  allowLoopback: boolean
  clients: Clients
  /** See PushDeps. */
  pollMs: number
  planMs: number
}

/** The maximum concurrent requests to one host. */
const MAX_CONCURRENT = 2

/** The WebSub hub of the feeds (W3C WebSub, 23 January 2018): notifies subscribers of changes. */
export class Hub {
  readonly #deps: HubDeps
  readonly #rate = new RequestRate()
  readonly #rounds = new Coalescer(() => this.#round().catch(this.#report))
  #stopPolling = async () => {}
  #unwatch = () => {}
  #worker: Worker<WebSubJob> | null = null
  #closed = false

  constructor(deps: HubDeps) {
    this.#deps = deps
  }

  /** Starts to watch for changed feeds. */
  start(): void {
    const unwatch = this.#deps.changes.watch(() => this.wake())
    this.#unwatch = () => void unwatch()
    this.#stopPolling = runEvery(this.#deps.planMs, () => this.wake())
    this.wake()
  }

  /**
   * Accepts a subscription request; its callback will be verified.
   * @param network the client's; see Clients
   * @param readForm reads the form, after the client's rate was checked
   * @throws DomainError when the request is refused, or can't be handled at present
   */
  async accept(network: string, readForm: () => Promise<URLSearchParams>): Promise<void> {
    const { now, queue } = this.#deps
    try {
      this.#rate.count(network, now())
      const intent = await readIntent(await readForm(), { ...this.#deps, network })
      const host = hostOf(intent.callback)
      this.#rate.countHost(network, host, now())
      const boss = await queue.open()
      await boss.insert('websub', [
        {
          data: { kind: 'verify', intent } satisfies WebSubJob,
          group: { id: host },
          singletonKey: `${intent.topic} ${intent.callback}`,
        },
      ])
      this.#open().wake()
    } catch (cause) {
      if (cause instanceof DomainError && !(cause instanceof TemporarilyUnavailable)) throw cause
      if (!(cause instanceof DomainError)) this.#report(cause)
      throw new TemporarilyUnavailable('The hub is temporarily unavailable. Try again shortly.', { cause })
    }
  }

  /** Checks for work now. */
  wake(): void {
    if (!this.#closed) void this.#rounds.run()
  }

  async close(graceMs: number): Promise<void> {
    this.#closed = true
    this.#unwatch()
    void this.#stopPolling()
    await this.#rounds.whenIdle()
    await this.#worker?.close(graceMs)
  }

  async #round(): Promise<void> {
    if (this.#closed) return
    const deps = { ...this.#deps, onFailure: this.#report }
    if (!(await endLeases(deps))) return
    const worker = this.#open()
    if (await planDistribution(deps)) worker.wake()
  }

  /** The worker and the queue are only created if there are subscribers. */
  #open(): Worker<WebSubJob> {
    const { queue, pollMs } = this.#deps
    this.#worker ??= new Worker<WebSubJob>({
      queue,
      name: 'websub',
      handle: (job, signal) => performJob(job, signal, this.#deps, () => this.wake()),
      limitOf: () => MAX_CONCURRENT,
      pollMs,
      onFailure: this.#report,
    })
    return this.#worker
  }

  readonly #report = (error: unknown): void => {
    this.#deps.log.warn({ err: error }, 'the WebSub hub failed; retrying')
  }
}
