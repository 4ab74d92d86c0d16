import type { PrismaClient } from '../db/client/client.ts'
import type { JobQueue } from '../jobs/queue.ts'
import { digestOf } from './digest.ts'
import { feedOf } from './distribute.ts'
import type { RenderFeed } from './feed.ts'
import { hostOf, type WebSubJob } from './job.ts'

export interface PlanDeps {
  prisma: PrismaClient
  queue: JobQueue
  now: () => Date
  render: RenderFeed
  publicUrl: () => string
  onFailure: (error: unknown) => void
}

/**
 * Deletes expired subscriptions.
 * @returns whether any are left
 */
export async function endLeases({ prisma, now }: PlanDeps): Promise<boolean> {
  const anySubscription = () => prisma.webSubSubscription.findFirst({ select: { id: true } })
  if (!(await anySubscription())) return false
  const { count } = await prisma.webSubSubscription.deleteMany({ where: { leaseUntil: { lte: now() } } })
  return count === 0 || (await anySubscription()) !== null
}

/**
 * Queues a job for each subscription whose feed differs from the one last sent. Every feed is rendered once for
 * all its subscribers; the content is decided when it is sent.
 *
 * @returns whether anything was queued
 */
export async function planDistribution(deps: PlanDeps): Promise<boolean> {
  const { prisma, now } = deps
  const feeds = await prisma.webSubSubscription.groupBy({ by: ['topic', 'partnerId'] })
  let planned = false
  for (const { topic, partnerId } of feeds) {
    const found = await feedOf({ topic, partnerId }, deps).catch(deps.onFailure)
    if (!found) continue
    const due = await prisma.webSubSubscription.findMany({
      where: {
        topic,
        partnerId,
        leaseUntil: { gt: now() },
        OR: [{ sentDigest: null }, { sentDigest: { not: digestOf(found.feed) } }],
      },
      select: { id: true, callback: true },
    })
    if (await queueDistribution(due, deps)) planned = true
  }
  return planned
}

/** Skips subscriptions with a waiting job, which will send the current feed. */
async function queueDistribution(
  due: readonly { id: string; callback: string }[],
  { prisma, queue }: PlanDeps,
): Promise<boolean> {
  if (due.length === 0) return false
  const boss = await queue.open()
  const waiting = await prisma.$queryRaw<{ key: string }[]>`
    SELECT "singleton_key" AS key FROM pgboss.job
    WHERE "name" = 'websub' AND "state" < 'active' AND "singleton_key" = ANY(${due.map(({ id }) => id)}::text[])`
  const known = new Set(waiting.map(({ key }) => key))
  const fresh = due.filter(({ id }) => !known.has(id))
  if (fresh.length === 0) return false
  await boss.insert(
    'websub',
    fresh.map(({ id, callback }) => ({
      data: { kind: 'distribute', subscriptionId: id, attempts: 0 } satisfies WebSubJob,
      group: { id: hostOf(callback) },
      singletonKey: id,
    })),
  )
  return true
}
