import { fromPrisma, type PgBoss } from 'pg-boss'
import type { Prisma, PrismaClient } from '../db/client/client.ts'
import { REMOVAL_PRIORITY } from './job.ts'

type Tx = Prisma.TransactionClient

/** How many messages of an endpoint are in the queue, waiting or under way: removals, and all others. */
export async function countWaiting(tx: Tx, endpointId: string): Promise<{ urgent: number; others: number }> {
  const [row] = await tx.$queryRaw<{ urgent: number; others: number }[]>`
    SELECT count(*) FILTER (WHERE "priority" >= ${REMOVAL_PRIORITY})::int AS urgent,
      count(*) FILTER (WHERE "priority" < ${REMOVAL_PRIORITY})::int AS others
    FROM pgboss.job WHERE "name" = 'webhooks' AND "group_id" = ${endpointId} AND "state" < 'completed'`
  return row ?? { urgent: 0, others: 0 }
}

/** Sends messages that wait before all others of their endpoint: those about some stories, by their keys. */
export async function raisePriority(tx: Tx, keys: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE pgboss.job SET "priority" = ${REMOVAL_PRIORITY}
    WHERE "name" = 'webhooks' AND "state" < 'active' AND "singleton_key" = ANY(${[...keys]}::text[])`
}

/**
 * Makes failed messages of an endpoint due that wait for their next attempt.
 * @param keys those with these keys, about some stories; all when left out
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
 * Takes everything of an endpoint that is not under way out of the queue and sets its place in the change
 * sequence back behind the last message before it: nothing is sent any more, and nothing is lost.
 *
 * @param also a position that is given up with it, of a message that was under way
 */
export async function returnToSequence(
  boss: PgBoss,
  tx: Tx,
  endpointId: string,
  also?: number,
): Promise<void> {
  // Before its jobs: who queues for the endpoint locks it first too.
  await tx.$queryRaw`SELECT FROM "WebhookEndpoint" WHERE "id" = ${endpointId}::uuid FOR UPDATE`
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

/** Sets an endpoint's place in the change sequence back, so that it comes to a position again. */
export async function rewindEndpoint(tx: Tx, endpointId: string, position: number): Promise<void> {
  const behind = position - 1
  // To the beginning of a licence change: what of it was sent already is known by its id.
  await tx.$executeRaw`
    UPDATE "WebhookEndpoint" SET "position" = least("position", ${behind}),
      "positionWithin" = CASE WHEN "position" < ${behind} THEN "positionWithin" END
    WHERE "id" = ${endpointId}::uuid`
}
