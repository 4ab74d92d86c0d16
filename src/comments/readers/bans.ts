import { BANNED } from '../../auth/refusal.ts'
import type { RevocationSource } from '../../auth/source-watch.ts'
import type { PrismaClient } from '../../db/client/client.ts'
import { READER_STATUS_CHANNEL } from './status.ts'

/** The revocation of banned readers. */
export function readerBans(prisma: PrismaClient): RevocationSource {
  return {
    channel: READER_STATUS_CHANNEL,
    identityOf: ({ subject }) => subject,
    async findRevoked(subjects) {
      const rows = await prisma.$queryRaw<{ subject: string }[]>`
        SELECT "subject" FROM "Reader" WHERE "standing" = 'BANNED' AND "subject" = ANY(${subjects})`
      return new Set(rows.map(({ subject }) => subject))
    },
    message: BANNED,
  }
}
