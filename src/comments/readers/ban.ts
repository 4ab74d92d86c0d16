import { BANNED } from '../../auth/refusal.ts'
import type { Bar } from '../../auth/revocation.ts'
import type { PrismaClient } from '../../db/client/client.ts'
import { STANDING_CHANNEL } from './standing.ts'

/** Keeps banned readers from being connected. */
export function readerBan(prisma: PrismaClient): Bar {
  return {
    channel: STANDING_CHANNEL,
    nameOf: ({ subject }) => subject,
    async barredAmong(subjects) {
      const rows = await prisma.$queryRaw<{ subject: string }[]>`
        SELECT "subject" FROM "Reader" WHERE "standing" = 'BANNED' AND "subject" = ANY(${subjects})`
      return new Set(rows.map(({ subject }) => subject))
    },
    words: BANNED,
  }
}
