import { setTimeout as after } from 'node:timers/promises'
import { TemporarilyUnavailable } from '../base/errors.ts'
import { type DeliveryWay, Prisma, type PrismaClient } from '../db/client/client.ts'
import { lockHoldings, lockSequenceShared } from '../db/locks.ts'
import { type DeliveryRecord, recordDeliveries } from './ledger.ts'

export interface DeliveryRequest {
  partnerId: string
  via: DeliveryWay
  /** The head of the change sequence before the content was read. */
  head: number
  deliveries: readonly DeliveryRecord[]
}

/** The delays between checks whether a change is being written. */
const MIN_RETRY_DELAY_MS = 20
const MAX_RETRY_DELAY_MS = 500

/** The maximum wait for a change that is being written. */
const DELIVERY_TIMEOUT_MS = 10_000

/**
 * Records a delivery to a partner, unless its content changed after it was read: then nothing is recorded and
 * the caller must read again. So an editor who withdraws an article finds in the ledger every partner that has
 * it, no withdrawn content is sent, and concurrent deliveries to one partner leave the newest state.
 *
 * @returns whether the delivery was recorded and may be sent
 * @throws TemporarilyUnavailable if a change is being written for too long
 */
export async function recordDelivery(
  request: DeliveryRequest,
  { prisma, now, timeoutMs = DELIVERY_TIMEOUT_MS }: DeliveryDeps,
): Promise<boolean> {
  if (request.deliveries.length === 0) return true
  const deadline = performance.now() + timeoutMs
  for (let delay = MIN_RETRY_DELAY_MS; ; delay = Math.min(delay * 2, MAX_RETRY_DELAY_MS)) {
    // Checking first avoids transactions that are rolled back and leave dead rows.
    if (await lockSequenceShared(prisma)) {
      try {
        await prisma.$transaction((tx) => record(tx, request, now()))
        return true
      } catch (error) {
        if (!(error instanceof RolledBack)) throw error
        if (error.reason === 'overtaken') return false
      }
    }
    if (performance.now() + delay > deadline) {
      throw new TemporarilyUnavailable('A change is being published. Try again in a few seconds.')
    }
    // Outside the transaction: a licence change may take long, and connections are limited.
    await after(delay)
  }
}

interface DeliveryDeps {
  prisma: PrismaClient
  now: () => Date
  /** For tests. */
  timeoutMs?: number
}

/** Rolls back a transaction. */
class RolledBack extends Error {
  readonly reason: 'overtaken' | 'busy'

  constructor(reason: 'overtaken' | 'busy') {
    super(reason)
    this.reason = reason
  }
}

async function record(
  tx: Prisma.TransactionClient,
  { partnerId, via, head, deliveries }: DeliveryRequest,
  at: Date,
): Promise<void> {
  const ids = deliveries.map(({ articleId }) => articleId)
  await lockHoldings(
    tx,
    Prisma.sql`h."partnerId" = ${partnerId}::uuid AND h."articleId" = ANY(${ids}::uuid[])`,
  )
  await recordDeliveries(tx, { partnerId, via, at }, deliveries)
  // The lock is held to the end, so no change can be committed between this check and our commit.
  if (!(await lockSequenceShared(tx))) throw new RolledBack('busy')
  const later = await tx.articleChange.findFirst({
    where: {
      position: { gt: head },
      OR: [
        { articleId: { in: ids }, partnerId: null },
        { articleId: { in: ids }, partnerId },
        { articleId: null, partnerId },
      ],
    },
    select: { position: true },
  })
  if (later) throw new RolledBack('overtaken')
}
