import { within } from '../base/within.ts'
import type { Database } from '../db/database.ts'

/** How long the database may take to answer before the gateway is not ready, in ms. */
const DATABASE_TIMEOUT_MS = 2_000

const NO_ANSWER = 'the database does not answer'

/** Whether the gateway can serve requests, for load balancers. */
export interface Health {
  /** Why the gateway can't serve; null when it can. */
  problem(): Promise<string | null>
  /** Marks the gateway as shutting down. */
  drain(): void
}

export function watchHealth({ prisma, problem }: Pick<Database, 'prisma' | 'problem'>): Health {
  let draining = false
  return {
    async problem() {
      if (draining) return 'shutting down'
      const unwritable = await problem()
      if (unwritable) return unwritable
      const asked = prisma.$queryRaw`SELECT 1`.then(
        () => null,
        () => NO_ANSWER,
      )
      return within(DATABASE_TIMEOUT_MS, asked, NO_ANSWER)
    },
    drain() {
      draining = true
    },
  }
}
