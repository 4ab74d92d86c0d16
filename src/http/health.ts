import type { Database } from '../db/database.ts'

/** How long the database may take to answer before the gateway counts as not ready, in ms. */
const PATIENCE = 2_000

/** Whether the gateway can serve: a load balancer asks before it sends anybody here. */
export interface Health {
  /** Says why the gateway can't serve now, or null when it can. */
  trouble(): Promise<string | null>
  /** From now on the gateway is going away. */
  drain(): void
}

export function watchHealth({ prisma, trouble }: Pick<Database, 'prisma' | 'trouble'>): Health {
  let draining = false
  return {
    async trouble() {
      if (draining) return 'going away'
      const unwritable = await trouble()
      if (unwritable) return unwritable
      const late = Promise.withResolvers<string>()
      const timer = setTimeout(() => late.resolve('the database does not answer'), PATIENCE)
      const asked = prisma.$queryRaw`SELECT 1`.then(
        () => null,
        () => 'the database does not answer',
      )
      const silent = await Promise.race([asked, late.promise])
      clearTimeout(timer)
      return silent
    },
    drain() {
      draining = true
    },
  }
}
