import { BANNED } from '../../auth/refusal.ts'
import type { Viewer } from '../../auth/viewer.ts'
import { Forbidden } from '../../base/errors.ts'
import type { Publisher } from '../../bus/bus.ts'
import type { Prisma } from '../../db/client/client.ts'

/**
 * The same announcer for what a viewer writes: each of its transactions begins by looking whether the viewer is
 * banned. The lock on the reader's row, or on the subject where there is no row, keeps a ban waiting until the
 * transaction ends, so that nothing is written after a ban was acknowledged.
 *
 * @throws Forbidden from `transaction`, before anything else is done in it
 */
export function refusingBanned(bus: Publisher, viewer: Viewer): Publisher {
  const { subject } = viewer
  if (subject === null) return bus
  return {
    transaction: (work, options) =>
      bus.transaction(async (tx, publish) => {
        await refuseBanned(tx, subject)
        return work(tx, publish)
      }, options),
  }
}

async function refuseBanned(tx: Prisma.TransactionClient, subject: string): Promise<void> {
  let standing = await readLockedStatus(tx, subject)
  if (standing === undefined) {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(hashtextextended(${subject}, 0))`
    // In a statement that begins with the lock held: a ban may have been waited for.
    standing = await readLockedStatus(tx, subject)
  }
  if (standing === 'BANNED') throw new Forbidden(BANNED)
}

async function readLockedStatus(tx: Prisma.TransactionClient, subject: string): Promise<string | undefined> {
  const rows = await tx.$queryRaw<{ standing: string }[]>`
    SELECT "standing"::text FROM "Reader" WHERE "subject" = ${subject} FOR SHARE`
  return rows[0]?.standing
}

/**
 * Waits until no transaction is under way that found no row of a subject and so took the subject to be in good
 * standing, and keeps others waiting. To be called before the row is written or locked.
 */
export async function lockReaderStatus(tx: Prisma.TransactionClient, subject: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${subject}, 0))`
}
