import { fromPrisma } from 'pg-boss'
import type { PrismaClient } from '../db/client/client.ts'
import type { PushQueue } from '../push/queue.ts'
import { jobOf } from './job.ts'
import { bringForward, countWaiting } from './waiting.ts'

export interface DispatcherDeps {
  prisma: PrismaClient
  queue: PushQueue
  now: () => Date
  /** How often endpoints are looked at although nothing woke it, in ms. */
  planMs: number
  /** The same while one of them is behind and waits for room. */
  pollMs: number
  /** Called with the endpoints that are served. */
  onServed: (endpointIds: readonly string[]) => void
  /** Called after messages were queued. */
  onQueued: () => void
  onFailure: (error: unknown) => void
}

/**
 * Messages of one endpoint in the queue at once. The change sequence itself is the backlog, so an endpoint
 * that is far behind, or dead, does not fill the queue for all others.
 */
const WINDOW = 200

/** The same for one that has not answered for a minute. */
const WINDOW_WHEN_FAILING = 20
export const FAILING_AFTER = 60_000

/** Messages queued in one transaction. */
const BATCH = 100

/**
 * Follows the change sequence for each endpoint and queues a message for every change that concerns its
 * partner. Any number of gateways do it at once: who has the endpoint's row goes on with it, the others pass by.
 */
export class Dispatcher {
  readonly #deps: DispatcherDeps
  #rest: NodeJS.Timeout | undefined
  #round: Promise<void> | null = null
  #again = false
  /** Whether some endpoint waited for room when it was last looked at. */
  #isBehind = false
  #closed = false

  constructor(deps: DispatcherDeps) {
    this.#deps = deps
  }

  start(): void {
    this.wake()
  }

  /** Looks at all endpoints now. */
  wake(): void {
    if (this.#closed) return
    this.#again = true
    this.#round ??= this.#rounds()
      .catch(this.#deps.onFailure)
      .finally(() => {
        this.#round = null
        this.#sleep()
      })
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#rest)
    await this.#round
  }

  #sleep(): void {
    const { pollMs, planMs } = this.#deps
    clearTimeout(this.#rest)
    if (this.#closed) return
    this.#rest = setTimeout(() => this.wake(), this.#isBehind ? pollMs : planMs)
    this.#rest.unref()
  }

  async #rounds(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false
      const endpoints = await this.#served()
      this.#isBehind = endpoints.some(({ isBehind }) => isBehind)
      this.#deps.onServed(endpoints.map(({ id }) => id))
      for (const { id, isBehind } of endpoints) {
        while (isBehind && !this.#closed && (await this.#queueSome(id))) this.#deps.onQueued()
      }
    }
  }

  /** Endpoints that are to be sent to: not disabled, of partners that are served. */
  #served(): Promise<{ id: string; isBehind: boolean }[]> {
    return this.#deps.prisma.$queryRaw`
      SELECT e."id", e."position" < h."position" AS "isBehind"
      FROM "WebhookEndpoint" e JOIN "Partner" p ON p."id" = e."partnerId" JOIN "Licence" l ON l."partnerId" = p."id",
        "ChangeHead" h
      WHERE e."disabledAt" IS NULL AND p."suspendedAt" IS NULL
      ORDER BY e."id"`
  }

  /** @returns whether there may be more to queue for it now */
  async #queueSome(endpointId: string): Promise<boolean> {
    const { prisma, queue, now } = this.#deps
    const boss = await queue.open()
    return prisma.$transaction(async (tx) => {
      // The queue orders what is about one story by the time of its transaction, which another gateway's that
      // began later may have overtaken; then this one begins anew.
      const [endpoint] = await tx.$queryRaw<Locked[]>`
        SELECT e."partnerId", e."position", e."failingSince", h."position" AS head
        FROM "WebhookEndpoint" e, "ChangeHead" h
        WHERE e."id" = ${endpointId}::uuid AND e."disabledAt" IS NULL
          AND (e."queuedAt" IS NULL OR e."queuedAt" <= now())
        FOR UPDATE OF e SKIP LOCKED`
      if (!endpoint) return false
      const { partnerId, position, failingSince, head } = endpoint
      const isFailing = failingSince !== null && now().getTime() - failingSince.getTime() >= FAILING_AFTER
      const room = (isFailing ? WINDOW_WHEN_FAILING : WINDOW) - (await countWaiting(tx, endpointId))
      if (room <= 0) return false
      const take = Math.min(room, BATCH)
      const changes = await tx.articleChange.findMany({
        where: { position: { gt: position, lte: head }, OR: [{ partnerId: null }, { partnerId }] },
        orderBy: { position: 'asc' },
        take,
      })
      const jobs = changes.map((change) => jobOf(endpointId, change))
      if (jobs.length > 0) await boss.insert('webhooks', jobs, { db: fromPrisma(tx) })
      // What is new about a story is not held up by an older message about it that waits for its next attempt.
      const articleIds = [...new Set(changes.map(({ articleId }) => articleId))]
      if (jobs.length > 0) await bringForward(boss, tx, endpointId, articleIds)
      const upTo = changes.length < take ? head : (changes.at(-1)?.position ?? head)
      await tx.$executeRaw`
        UPDATE "WebhookEndpoint" SET "position" = ${upTo}, "queuedAt" = now() WHERE "id" = ${endpointId}::uuid`
      return upTo < head || jobs.length > 0
    })
  }
}

interface Locked {
  partnerId: string
  position: number
  failingSince: Date | null
  head: number
}
