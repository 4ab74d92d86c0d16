import type { PrismaClient } from '../db/client/client.ts'
import { lockedFreePurgeState } from '../db/locks.ts'
import type { KnownChanges } from './changed-keys.ts'

/** How long a gateway sends purges alone, unless it renews, in ms. Longer than an attempt takes. */
export const LEASE_MS = 10_000

export interface Lease extends KnownChanges {
  /** Whether this gateway has held it without interruption. */
  isRenewed: boolean
  /** Now, by the clock of the database. */
  at: Date
  /** The time since all changes were acknowledged, in ms; null if there was no purge yet. */
  unconfirmedMs: number | null
}

/** Takes or renews the right to send purges. Null while another gateway has it. */
export async function takeLease(prisma: PrismaClient, gatewayId: string): Promise<Lease | null> {
  const [lease] = await prisma.$queryRaw<Lease[]>`
    WITH free AS (${lockedFreePurgeState(gatewayId)})
    UPDATE "PurgeState" s
    SET "holder" = ${gatewayId}::uuid, "heldUntil" = clock_timestamp() + ${LEASE_MS} * interval '1 ms'
    FROM free WHERE s."id" = free."id"
    RETURNING s."history"::text, s."position", clock_timestamp() AS "at",
      free."holder" IS NOT DISTINCT FROM s."holder" AS "isRenewed",
      (extract(epoch FROM clock_timestamp() - s."confirmedAt") * 1000)::float8 AS "unconfirmedMs"`
  return lease ?? null
}

/** Records that all changes before a time are acknowledged. */
export async function confirm(
  prisma: PrismaClient,
  gatewayId: string,
  { history, position, at }: KnownChanges & { at: Date },
): Promise<void> {
  await prisma.$executeRaw`
    UPDATE "PurgeState" SET "history" = ${history}::uuid, "position" = ${position}, "confirmedAt" = ${at}
    WHERE "id" = 1 AND "holder" = ${gatewayId}::uuid`
}

/** Lets another gateway continue at once. */
export async function releaseLease(prisma: PrismaClient, gatewayId: string): Promise<void> {
  await prisma.$executeRaw`
    UPDATE "PurgeState" SET "holder" = NULL, "heldUntil" = NULL
    WHERE "id" = 1 AND "holder" = ${gatewayId}::uuid`
}
