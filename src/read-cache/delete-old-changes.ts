import type { PrismaClient } from '../db/client/client.ts'

/** Deletes the records of changes that every gateway has found, or has missed because it did not run. */
export async function deleteOldChanges(prisma: Pick<PrismaClient, '$executeRaw'>): Promise<void> {
  await prisma.$executeRaw`
    DELETE FROM "ReferenceChange" WHERE "writtenAt" < clock_timestamp() - interval '1 day'`
}
