import { fromPrisma, type Job } from 'pg-boss'
import type { PrismaClient } from '../db/client/client.ts'
import { type Backoff, nextAttempt } from '../jobs/backoff.ts'
import type { PushCounters } from '../jobs/metrics.ts'
import type { JobQueue } from '../jobs/queue.ts'
import { type DistributeDeps, distribute, markSent } from './distribute.ts'
import type { WebSubJob } from './job.ts'
import { type VerifyDeps, verifyIntent } from './verify.ts'

/** The maximum attempts to send a feed; then the hub waits for its next change. */
const MAX_ATTEMPTS = 5

export interface JobDeps extends DistributeDeps, VerifyDeps {
  prisma: PrismaClient
  queue: JobQueue
  backoff: Backoff
  counters: PushCounters
}

/**
 * Verifies a subscription or sends a feed, and settles the job in the queue.
 * @param onSubscribed called after a subscription was confirmed
 */
export async function performJob(
  job: Job<WebSubJob>,
  signal: AbortSignal,
  deps: JobDeps,
  onSubscribed: () => void,
): Promise<void> {
  const { prisma, queue, counters } = deps
  const boss = await queue.open()
  if (job.data.kind === 'verify') {
    const confirmed = await verifyIntent(job.data.intent, signal, deps)
    // The job is deleted instead of completed: it may contain a key and a secret.
    await boss.deleteJob('websub', job)
    if (confirmed) onSubscribed()
    return
  }
  const outcome = await distribute(job.data.subscriptionId, signal, deps)
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
  await postpone(job, { ...job.data, attempts }, deps, retryAfter)
}

async function postpone(
  job: Job<WebSubJob>,
  data: WebSubJob & { attempts: number },
  { prisma, queue, backoff, now }: JobDeps,
  retryAfter?: string,
): Promise<void> {
  const startAfter = nextAttempt(backoff, { attempts: data.attempts, at: now(), retryAfter })
  const boss = await queue.open()
  await prisma.$transaction(async (tx) => {
    const db = fromPrisma(tx)
    await boss.fail('websub', job, undefined, { db })
    await boss.update('websub', data, { id: job.id, startAfter, db })
  })
}
