import { fromPrisma, type PgBoss } from 'pg-boss'
import type { Prisma, PrismaClient } from '../db/client/client.ts'
import { lockEndpointRow } from '../db/locks.ts'
import { REMOVAL_PRIORITY } from './job.ts'

type Tx = Prisma.TransactionClient

/** The number of queued messages of an endpoint: removals and others. */
export async function countWaiting(tx: Tx, endpointId: string): Promise<{ urgent: number; others: number }> {
  const [row] = await tx.$queryRaw<{ urgent: number; others: number }[]>`
    SELECT count(*) FILTER (WHERE "priority" >= ${REMOVAL_PRIORITY})::int AS urgent,
      count(*) FILTER (WHERE "priority" < ${REMOVAL_PRIORITY})::int AS others
    FROM pgboss.job WHERE "name" = 'webhooks' AND "group_id" = ${endpointId} AND "state" < 'completed'`
  return row ?? { urgent: 0, others: 0 }
}

/** Raises the priority of queued messages with the given keys. */
export async function raisePriority(tx: Tx, keys: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE pgboss.job SET "priority" = ${REMOVAL_PRIORITY}
    WHERE "name" = 'webhooks' AND "state" < 'active' AND "singleton_key" = ANY(${[...keys]}::text[])`
}

/**
 * Makes failed messages of an endpoint due now instead of at their next retry.
 * @param keys only messages with these keys; all by default
 */
export async function retryNow(
  boss: PgBoss,
  db: Tx | PrismaClient,
  endpointId: string,
  keys: readonly string[] | null = null,
): Promise<void> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM pgboss.job
    WHERE "name" = 'webhooks' AND "group_id" = ${endpointId} AND "state" = 'retry' AND "start_after" > now()
      AND (${keys && [...keys]}::text[] IS NULL OR "singleton_key" = ANY(${keys && [...keys]}::text[]))`
  for (const { id } of rows) {
    await boss.update('webhooks', undefined, { id, startAfter: '0', db: fromPrisma(db) })
  }
}

/**
 * Removes the waiting messages of an endpoint from the queue and rewinds its position in the change sequence
 * before the first of them, so that nothing is lost.
 *
 * @param also the position of a running message that is returned too
 */
export async function returnToSequence(
  boss: PgBoss,
  tx: Tx,
  endpointId: string,
  also?: number,
): Promise<void> {
  // Lock the endpoint before its jobs, as the dispatcher does.
  await lockEndpointRow(tx, endpointId)
  const rows = await tx.$queryRaw<{ id: string; position: number }[]>`
    SELECT "id", ("data"->>'position')::int AS position FROM pgboss.job
    WHERE "name" = 'webhooks' AND "group_id" = ${endpointId} AND "state" < 'active'`
  if (rows.length > 0) {
    await boss.deleteJob(
      'webhooks',
      rows.map(({ id }) => id),
      { db: fromPrisma(tx) },
    )
  }
  const positions = rows.map(({ position }) => position)
  if (also !== undefined) positions.push(also)
  if (positions.length === 0) return
  await rewindEndpoint(
    tx,
    endpointId,
    positions.reduce((least, position) => Math.min(least, position)),
  )
  await tx.$executeRaw`
    UPDATE "WebhookEndpoint" SET "removalsPosition" = least("removalsPosition", "position"), "removalsWithin" = NULL
    WHERE "id" = ${endpointId}::uuid`
}

/** Rewinds an endpoint, so that a position is queued again. */
export async function rewindEndpoint(tx: Tx, endpointId: string, position: number): Promise<void> {
  const behind = position - 1
  // To the start of a licence change; messages already sent are recognised by their ids.
  await tx.$executeRaw`
    UPDATE "WebhookEndpoint" SET "position" = least("position", ${behind}),
      "positionWithin" = CASE WHEN "position" < ${behind} THEN "positionWithin" END
    WHERE "id" = ${endpointId}::uuid`
}
