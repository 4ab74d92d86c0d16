import { BANNED } from '../auth/refusal.ts'
import type { Viewer } from '../auth/viewer.ts'
import type { Announcer } from '../bus/bus.ts'
import type { Prisma } from '../db/client/client.ts'
import { Forbidden } from '../errors.ts'

/**
 * The same announcer for what a viewer writes: each of its transactions begins by looking whether the viewer is
 * banned. The lock on the reader's row keeps a ban waiting until the transaction ends, so that nothing is written
 * after a ban was acknowledged.
 *
 * @throws Forbidden from `transaction`, before anything else is done in it
 */
export function inGoodStanding(bus: Announcer, viewer: Viewer): Announcer {
  const { subject } = viewer
  if (subject === null) return bus
  return {
    transaction: (work, options) =>
      bus.transaction(async (tx, announce) => {
        await refuseBanned(tx, subject)
        return work(tx, announce)
      }, options),
  }
}

async function refuseBanned(tx: Prisma.TransactionClient, subject: string): Promise<void> {
  const rows = await tx.$queryRaw<{ standing: string }[]>`
    SELECT "standing"::text FROM "Reader" WHERE "subject" = ${subject} FOR SHARE`
  if (rows[0]?.standing === 'BANNED') throw new Forbidden(BANNED)
}
