import type { Prisma, PrismaClient } from '../../src/db/client/client.ts'

/**
 * Returns the plan of a statement, as text, when PostgreSQL prefers an index that gives rows in order. On a table
 * of a few rows the cheapest plan depends on when statistics were last gathered; with these settings it does not.
 */
export function indexPlan(prisma: PrismaClient, statement: Prisma.Sql): Promise<string> {
  return prisma.$transaction(async (transaction) => {
    await transaction.$executeRaw`
      SELECT set_config(name, 'off', true) FROM unnest(ARRAY['enable_seqscan', 'enable_bitmapscan', 'enable_sort']) name`
    const lines = await transaction.$queryRaw<{ 'QUERY PLAN': string }[]>`EXPLAIN ${statement}`
    return lines.map((line) => line['QUERY PLAN']).join('\n')
  })
}
