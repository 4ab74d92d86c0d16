import { setTimeout as after } from 'node:timers/promises'
import { TemporarilyUnavailable } from '../base/errors.ts'
import type { DeliveryWay, PrismaClient } from '../db/client/client.ts'
import { lockSequenceShared } from '../db/locks.ts'
import { type DeliveryRecord, recordUnlessChanged } from './ledger.ts'

export interface DeliveryRequest {
  partnerId: string
  via: DeliveryWay
  /** The head of the change sequence before the content was read. */
  head: number
  deliveries: readonly DeliveryRecord[]
  /** Whether the head was read a moment ago, so that a change is hardly being written now. */
  isExpectedFree?: boolean
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
  const { partnerId, via, head, deliveries } = request
  if (deliveries.length === 0) return true
  let { isExpectedFree = false } = request
  const deadline = performance.now() + timeoutMs
  for (let delay = MIN_RETRY_DELAY_MS; ; delay = Math.min(delay * 2, MAX_RETRY_DELAY_MS)) {
    // While a change is being written, this check takes no other lock.
    if (isExpectedFree || (await lockSequenceShared(prisma))) {
      const outcome = await recordUnlessChanged(prisma, { partnerId, via, head, at: now() }, deliveries)
      if (outcome !== 'busy') return outcome === 'recorded'
    }
    isExpectedFree = false
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
