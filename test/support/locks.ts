import type { PrismaClient } from '../../src/db/client/client.ts'

/** Settles when some transaction of the database, which is on a server, waits for another one's lock. */
export async function untilSomebodyWaits(prisma: PrismaClient): Promise<void> {
  for (;;) {
    const waiting = await prisma.$queryRaw<object[]>`
      SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
    if (waiting.length > 0) return
  }
}
