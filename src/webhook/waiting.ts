import { fromPrisma, type PgBoss } from 'pg-boss'
import type { Prisma, PrismaClient } from '../db/client/client.ts'

type Tx = Prisma.TransactionClient

/** How many messages of an endpoint are in the queue, waiting or under way. */
export async function countWaiting(tx: Tx, endpointId: string): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM pgboss.job
    WHERE "name" = 'webhooks' AND "group_id" = ${endpointId} AND "state" < 'completed'`
  return row?.count ?? 0
}

/**
 * Makes failed messages of an endpoint due that wait for their next attempt.
 * @param articleIds those about these stories; all when left out
 */
export async function bringForward(
  boss: PgBoss,
  db: Tx | PrismaClient,
  endpointId: string,
  articleIds?: readonly string[],
): Promise<void> {
  const keys = articleIds?.map((articleId) => `${endpointId}/${articleId}`) ?? null
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM pgboss.job
    WHERE "name" = 'webhooks' AND "group_id" = ${endpointId} AND "state" = 'retry' AND "start_after" > now()
      AND (${keys}::text[] IS NULL OR "singleton_key" = ANY(${keys}::text[]))`
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
export async function giveBack(boss: PgBoss, tx: Tx, endpointId: string, also?: number): Promise<void> {
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
  const behind = positions.reduce((least, position) => Math.min(least, position)) - 1
  await tx.$executeRaw`
    UPDATE "WebhookEndpoint" SET "position" = least("position", ${behind}) WHERE "id" = ${endpointId}::uuid`
}
