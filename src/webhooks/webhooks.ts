import type { ChangeWatch } from '../changelog/watch.ts'
import type { PrismaClient } from '../db/client/client.ts'
import type { Log } from '../db/database.ts'
import type { HistoryWatch } from '../db/history-watch.ts'
import type { Backoff } from '../jobs/backoff.ts'
import type { PushCounters } from '../jobs/metrics.ts'
import type { JobQueue } from '../jobs/queue.ts'
import { Worker } from '../jobs/worker.ts'
import type { SendRequest } from '../net/outbound-http.ts'
import { Dispatcher } from './dispatch.ts'
import type { WebhookJob } from './job.ts'
import { FAILING_AFTER_MS } from './queue-some.ts'
import { send } from './send.ts'

export interface WebhooksDeps {
  prisma: PrismaClient
  queue: JobQueue
  changes: ChangeWatch
  history: HistoryWatch
  sendRequest: SendRequest
  backoff: Backoff
  counters: PushCounters
  log: Log
  now: () => Date
  publicUrl: () => string
  /** See PushDeps. */
  pollMs: number
  planMs: number
}

/** The maximum concurrent messages to one endpoint, and to a failing one. */
const MAX_CONCURRENT = 4
const MAX_CONCURRENT_WHEN_FAILING = 1

/** Sends webhook messages for every change that concerns a partner. */
export class Webhooks {
  readonly #deps: WebhooksDeps
  readonly #dispatcher: Dispatcher
  #unwatch = () => {}
  readonly #held = new Map<string, Date>()
  readonly #failingSince = new Map<string, number>()
  #served: readonly string[] = []
  #worker: Worker<WebhookJob> | null = null

  constructor(deps: WebhooksDeps) {
    this.#deps = deps
    const { prisma, queue, now, pollMs, planMs } = deps
    this.#dispatcher = new Dispatcher({
      prisma,
      queue,
      now,
      pollMs,
      planMs,
      onServed: (endpointIds) => this.#serve(endpointIds),
      onQueued: () => this.#worker?.wake(),
      onFailure: this.#report,
    })
  }

  /** Starts to follow the change sequence. */
  start(): void {
    this.#dispatcher.start()
    const unwatch = this.#deps.changes.watch(() => this.#dispatcher.wake())
    this.#unwatch = () => void unwatch()
  }

  /** Checks for work now. */
  wake(): void {
    this.#dispatcher.wake()
    this.#worker?.wake()
  }

  async close(graceMs: number): Promise<void> {
    this.#unwatch()
    await this.#dispatcher.close()
    await this.#worker?.close(graceMs)
  }

  /** The worker and the queue are only created if there are endpoints. */
  #serve(endpointIds: readonly string[]): void {
    this.#served = endpointIds
    if (endpointIds.length === 0) return
    const { queue, pollMs } = this.#deps
    this.#worker ??= new Worker<WebhookJob>({
      queue,
      name: 'webhooks',
      handle: async (job, signal) => send(job, signal, await this.#sender()),
      limitOf: (endpointId) => this.#limitOf(endpointId),
      pausedGroups: () => this.#stillHeld(),
      groups: () => this.#served,
      pollMs,
      onFailure: this.#report,
    })
  }

  async #sender() {
    return {
      ...this.#deps,
      history: this.#deps.history.current,
      hold: (endpointId: string, until: Date) => void this.#held.set(endpointId, until),
      reached: (endpointId: string, arrived: boolean) => this.#note(endpointId, arrived),
    }
  }

  #note(endpointId: string, arrived: boolean): void {
    if (arrived) this.#failingSince.delete(endpointId)
    else if (!this.#failingSince.has(endpointId)) this.#failingSince.set(endpointId, this.#now())
  }

  #limitOf(endpointId: string): number {
    const since = this.#failingSince.get(endpointId)
    return since !== undefined && this.#now() - since >= FAILING_AFTER_MS
      ? MAX_CONCURRENT_WHEN_FAILING
      : MAX_CONCURRENT
  }

  #stillHeld(): string[] {
    for (const [endpointId, until] of this.#held) {
      if (until.getTime() <= this.#now()) this.#held.delete(endpointId)
    }
    return [...this.#held.keys()]
  }

  #now(): number {
    return this.#deps.now().getTime()
  }

  readonly #report = (error: unknown): void => {
    this.#deps.log.warn({ err: error }, 'webhooks could not be processed; retrying')
  }
}
