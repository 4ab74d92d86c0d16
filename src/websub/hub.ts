import type { IncomingMessage, ServerResponse } from 'node:http'
import { fromPrisma, type Job } from 'pg-boss'
import type { Clients } from '../auth/clients.ts'
import { DomainError } from '../base/errors.ts'
import { RETRY_AFTER_HEADER } from '../base/transient-errors.ts'
import type { ChangeWatch } from '../changelog/watch.ts'
import type { PrismaClient } from '../db/client/client.ts'
import type { Log } from '../db/database.ts'
import { type Backoff, nextAttempt } from '../jobs/backoff.ts'
import type { PushCounters } from '../jobs/metrics.ts'
import type { JobQueue } from '../jobs/queue.ts'
import { Worker } from '../jobs/worker.ts'
import type { SendRequest } from '../net/outbound-http.ts'
import { statusOf } from '../net/status.ts'
import { distribute, markSent } from './distribute.ts'
import type { RenderFeed } from './feed.ts'
import { hostOf, type WebSubJob } from './job.ts'
import { RequestRate } from './limits.ts'
import { endLeases, planDistribution } from './plan.ts'
import { readForm } from './read-form.ts'
import { readIntent } from './request.ts'
import { verifyIntent } from './verify.ts'

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

/** The maximum attempts to send a feed; then the hub waits for its next change. */
const MAX_ATTEMPTS = 5

/** The WebSub hub of the feeds (W3C WebSub, 23 January 2018): notifies subscribers of changes. */
export class Hub {
  readonly #deps: HubDeps
  readonly #rate = new RequestRate()
  #poll: NodeJS.Timeout | undefined
  #unwatch = () => {}
  #worker: Worker<WebSubJob> | null = null
  #round: Promise<void> | null = null
  #again = false
  #closed = false

  constructor(deps: HubDeps) {
    this.#deps = deps
  }

  /** Starts to watch for changed feeds. */
  start(): void {
    const unwatch = this.#deps.changes.watch(() => this.wake())
    this.#unwatch = () => void unwatch()
    this.#poll = setInterval(() => this.wake(), this.#deps.planMs)
    this.#poll.unref()
    this.wake()
  }

  /** Handles a subscription request: 202 if the callback will be verified, 4xx with the reason otherwise. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refuse = (status: number, words: string) =>
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${words}\n`)
    if (request.method !== 'POST') {
      response.setHeader('allow', 'POST')
      return void refuse(
        405,
        'This is a WebSub hub. Send a POST request with hub.mode, hub.topic and hub.callback.',
      )
    }
    const { clients, now } = this.#deps
    const network = clients.networkOf(request)
    try {
      this.#rate.count(network, now())
      const intent = await readIntent(await readForm(request), { ...this.#deps, network })
      this.#rate.countHost(network, hostOf(intent.callback), now())
      const boss = await this.#deps.queue.open()
      await boss.insert('websub', [
        {
          data: { kind: 'verify', intent } satisfies WebSubJob,
          group: { id: hostOf(intent.callback) },
          singletonKey: `${intent.topic} ${intent.callback}`,
        },
      ])
      this.#open().wake()
      refuse(202, 'Accepted. The hub will verify your callback.')
    } catch (error) {
      // What is left of a body that was not read to its end would be taken for the next request.
      if (!request.complete) response.setHeader('connection', 'close')
      if (error instanceof DomainError && error.code !== 'TEMPORARILY_UNAVAILABLE') {
        const { status, headers } = statusOf(error)
        if (headers['retry-after']) response.setHeader('retry-after', headers['retry-after'])
        return void refuse(status === 401 ? 403 : status, error.message)
      }
      if (!(error instanceof DomainError)) this.#report(error)
      response.setHeader('retry-after', RETRY_AFTER_HEADER['retry-after'])
      refuse(503, 'The hub is temporarily unavailable. Try again shortly.')
    }
  }

  /** Checks for work now. */
  wake(): void {
    if (this.#closed) return
    this.#again = true
    this.#round ??= this.#rounds()
      .catch(this.#report)
      .finally(() => {
        this.#round = null
      })
  }

  async close(graceMs: number): Promise<void> {
    this.#closed = true
    this.#unwatch()
    clearInterval(this.#poll)
    await this.#round
    await this.#worker?.close(graceMs)
  }

  async #rounds(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false
      const deps = { ...this.#deps, onFailure: this.#report }
      if (!(await endLeases(deps))) continue
      const worker = this.#open()
      if (await planDistribution(deps)) worker.wake()
    }
  }

  /** The worker and the queue are only created if there are subscribers. */
  #open(): Worker<WebSubJob> {
    const { queue, pollMs } = this.#deps
    this.#worker ??= new Worker<WebSubJob>({
      queue,
      name: 'websub',
      handle: (job, signal) => this.#do(job, signal),
      limitOf: () => MAX_CONCURRENT,
      pollMs,
      onFailure: this.#report,
    })
    return this.#worker
  }

  async #do(job: Job<WebSubJob>, signal: AbortSignal): Promise<void> {
    const { prisma, queue, counters } = this.#deps
    const boss = await queue.open()
    if (job.data.kind === 'verify') {
      const confirmed = await verifyIntent(job.data.intent, signal, this.#deps)
      // The job is deleted instead of completed: it may contain a key and a secret.
      await boss.deleteJob('websub', job)
      if (confirmed) this.wake()
      return
    }
    const outcome = await distribute(job.data.subscriptionId, signal, this.#deps)
    if (outcome !== 'nothing') counters.attempted('websub', outcome === 'arrived')
    const attempts = job.data.attempts + 1
    const failure = typeof outcome === 'object' ? outcome : null
    if (!failure || attempts >= MAX_ATTEMPTS) {
      // Unmarked, it would be queued again in the next round.
      if (failure) await markSent(job.data.subscriptionId, failure.digest, prisma)
      await boss.complete('websub', job)
      return
    }
    const retryAfter = failure.failed?.headers['retry-after']
    await this.#postpone(job, { ...job.data, attempts }, retryAfter)
  }

  async #postpone(job: Job<WebSubJob>, data: WebSubJob & { attempts: number }, retryAfter?: string) {
    const { prisma, queue, backoff, now } = this.#deps
    const startAfter = nextAttempt(backoff, { attempts: data.attempts, at: now(), retryAfter })
    const boss = await queue.open()
    await prisma.$transaction(async (tx) => {
      const db = fromPrisma(tx)
      await boss.fail('websub', job, undefined, { db })
      await boss.update('websub', data, { id: job.id, startAfter, db })
    })
  }

  readonly #report = (error: unknown): void => {
    this.#deps.log.warn({ err: error }, 'the WebSub hub failed; retrying')
  }
}
