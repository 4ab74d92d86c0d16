import type { PgBoss } from 'pg-boss'
import type { PrismaClient } from '../../src/db/client/client.ts'
import type { Database } from '../../src/db/database.ts'
import { addArticle } from '../support/newsroom.ts'

// What tests of the backlog have in common: long sequences, full queues, and what waits in them.

export interface Waiting {
  id: string
  position: number
  priority: number
  state: string
  due: boolean
}

/** The messages of a webhook, by the position of what they tell. */
export async function waitingFor(endpointId: string, database: Database): Promise<Waiting[]> {
  const { rows } = await database.executeSql(
    `SELECT "id", ("data"->>'position')::int AS position, "priority", "state"::text, "start_after" <= now() AS due
     FROM pgboss.job WHERE "group_id" = $1 ORDER BY 2, 1`,
    [endpointId],
  )
  return rows as unknown as Waiting[]
}

/** Writes so many changes of one story at the end of the sequence. */
export async function writeChanges(count: number, prisma: PrismaClient): Promise<void> {
  const { key: articleId } = await addArticle(prisma)
  const { position: from } = await prisma.changeHead.findUniqueOrThrow({ where: { id: 1 } })
  await prisma.$transaction(async (tx) => {
    await tx.changeHead.update({ where: { id: 1 }, data: { position: from + count - 1 } })
    await tx.articleChange.createMany({
      data: Array.from({ length: count - 1 }, (_, i) => ({
        position: from + i + 1,
        articleId,
        version: 1,
        at: new Date('2026-03-01T12:00:00Z'),
        kind: 'UPDATED' as const,
      })),
    })
  })
}

/** Puts messages of a webhook into the queue that are about other stories. */
export async function fillQueue(
  { id, count, priority, state }: { id: string; count: number; priority: number; state: string },
  boss: PgBoss,
  database: Database,
): Promise<void> {
  await boss.insert(
    'webhooks',
    Array.from({ length: count }, (_, i) => ({
      data: { position: 1 },
      group: { id },
      singletonKey: `${id}/filled-${state}-${priority}-${i}`,
      priority,
    })),
  )
  await database.executeSql(
    `UPDATE pgboss.job SET state = $1 WHERE "group_id" = $2 AND "singleton_key" LIKE '%/filled-${state}-%'`,
    [state, id],
  )
}
