import { setTimeout as after } from 'node:timers/promises'
import { TemporarilyUnavailable } from '../base/errors.ts'
import type { DeliveryWay, Prisma, PrismaClient } from '../db/client/client.ts'
import { type DeliveryRecord, recordDeliveries } from './ledger.ts'

export interface DeliveryRequest {
  partnerId: string
  via: DeliveryWay
  /** Where the change sequence stood before anything of it was read. */
  head: number
  deliveries: readonly DeliveryRecord[]
}

/** ms between two looks whether a change is still being written: the first delay, and the longest. */
const MIN_RETRY_DELAY_MS = 20
const MAX_RETRY_DELAY_MS = 500

/** How long a hand-over waits for changes that are being written, in ms. */
const DELIVERY_TIMEOUT_MS = 10_000

/**
 * Writes into the ledger what a partner is about to be sent, unless any of it has changed since it was read: then
 * nothing is written, and it must be read anew. So whoever withdraws a story afterwards finds in the ledger who
 * has it, nobody is sent what was withdrawn before, and of two answers to one partner at the same time the ledger
 * ends with what was true last.
 *
 * @returns whether it is written, and may be sent
 * @throws TemporarilyUnavailable when a change is being written for as long as a hand-over waits
 */
export async function recordDelivery(
  request: DeliveryRequest,
  { prisma, now, timeoutMs = DELIVERY_TIMEOUT_MS }: DeliveryDeps,
): Promise<boolean> {
  if (request.deliveries.length === 0) return true
  const deadline = performance.now() + timeoutMs
  for (let delay = MIN_RETRY_DELAY_MS; ; delay = Math.min(delay * 2, MAX_RETRY_DELAY_MS)) {
    // A look before writing: what is written while a change is under way is taken back, and leaves dead rows.
    if (await isFree(prisma)) {
      try {
        await prisma.$transaction((tx) => record(tx, request, now()))
        return true
      } catch (error) {
        if (!(error instanceof RolledBack)) throw error
        if (error.reason === 'overtaken') return false
      }
    }
    if (performance.now() + delay > deadline) {
      throw new TemporarilyUnavailable('A change is being published. Ask again in a few seconds.')
    }
    // Not inside the transaction: a change of a licence may take long, and connections are few.
    await after(delay)
  }
}

interface DeliveryDeps {
  prisma: PrismaClient
  now: () => Date
  /** For tests. */
  timeoutMs?: number
}

/** Whether no transaction has the change sequence locked just now. */
async function isFree(db: Pick<Prisma.TransactionClient, '$queryRaw'>): Promise<boolean> {
  const free = await db.$queryRaw<object[]>`SELECT "position" FROM "ChangeHead" FOR SHARE SKIP LOCKED`
  return free.length > 0
}

/** Takes back what a transaction wrote. */
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
  // In one order, whatever becomes of each: two answers to one partner never wait for each other in a circle.
  await tx.$queryRaw`
    SELECT FROM "Holding" WHERE "partnerId" = ${partnerId}::uuid AND "articleId" = ANY(${ids}::uuid[])
    ORDER BY "articleId" FOR UPDATE`
  await recordDeliveries(tx, { partnerId, via, at }, deliveries)
  // Held to the end: no change can be committed between the look at the sequence and the commit of these lines.
  if (!(await isFree(tx))) throw new RolledBack('busy')
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
