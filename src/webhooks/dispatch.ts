import { Coalescer } from '../base/coalesce.ts'
import type { PrismaClient } from '../db/client/client.ts'
import type { JobQueue } from '../jobs/queue.ts'
import { queueSome } from './queue-some.ts'

export interface DispatcherDeps {
  prisma: PrismaClient
  queue: JobQueue
  now: () => Date
  /** The interval of scans without a notification, in ms. */
  planMs: number
  /** The same while an endpoint waits for room in the queue. */
  pollMs: number
  /** Called with the ids of the active endpoints. */
  onServed: (endpointIds: readonly string[]) => void
  /** Called after messages were queued. */
  onQueued: () => void
  onFailure: (error: unknown) => void
}

/**
 * Follows the change sequence and queues a message per endpoint for each change that concerns its partner. All
 * gateways may run it: the row lock of an endpoint decides, the others skip it.
 */
export class Dispatcher {
  readonly #deps: DispatcherDeps
  readonly #rounds = new Coalescer(() => this.#round())
  #timer: NodeJS.Timeout | undefined
  /** Whether an endpoint waited for room in the queue at the last scan. */
  #isBehind = false
  #closed = false

  constructor(deps: DispatcherDeps) {
    this.#deps = deps
  }

  start(): void {
    this.wake()
  }

  /** Scans all endpoints now. */
  wake(): void {
    if (!this.#closed) void this.#rounds.run()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#rounds.whenIdle()
  }

  async #round(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#scan().catch(this.#deps.onFailure)
    this.#scheduleNext()
  }

  #scheduleNext(): void {
    if (this.#closed) return
    const { pollMs, planMs } = this.#deps
    this.#timer = setTimeout(() => this.wake(), this.#isBehind ? pollMs : planMs)
    this.#timer.unref()
  }

  async #scan(): Promise<void> {
    if (this.#closed) return
    const endpoints = await this.#served()
    this.#isBehind = endpoints.some(({ isBehind }) => isBehind)
    this.#deps.onServed(endpoints.map(({ id }) => id))
    for (const { id, isBehind } of endpoints) {
      while (isBehind && !this.#closed && (await this.#queueSome(id))) this.#deps.onQueued()
    }
  }

  /** The enabled endpoints. Those of suspended partners get only removals. */
  #served(): Promise<{ id: string; isBehind: boolean }[]> {
    return this.#deps.prisma.$queryRaw`
      SELECT e."id", greatest(CASE WHEN p."suspendedAt" IS NULL THEN 0 ELSE e."removalsPosition" END, e."position")
        < h."position" AS "isBehind"
      FROM "WebhookEndpoint" e JOIN "Partner" p ON p."id" = e."partnerId" JOIN "Licence" l ON l."partnerId" = p."id",
        "ChangeHead" h
      WHERE e."disabledAt" IS NULL
      ORDER BY e."id"`
  }

  /** @returns whether there may be more to queue for it now */
  async #queueSome(endpointId: string): Promise<boolean> {
    const { prisma, queue, now } = this.#deps
    const boss = await queue.open()
    return prisma.$transaction((tx) => queueSome(tx, { endpointId, boss, now: now() }))
  }
}
