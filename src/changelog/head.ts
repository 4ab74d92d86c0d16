import { Coalescer } from '../base/coalesce.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { HISTORY_SQL } from '../db/history.ts'

/** The end of the change sequence. */
export interface ChangeHead {
  /** The history that the position belongs to. */
  history: string
  position: number
}

/** Reads both in one statement, so that the position belongs to the history. */
export async function readChangeHead(prisma: Pick<PrismaClient, '$queryRawUnsafe'>): Promise<ChangeHead> {
  const [row] = await prisma.$queryRawUnsafe<ChangeHead[]>(
    `SELECT (${HISTORY_SQL}) AS history, h."position" FROM "ChangeHead" h WHERE h."id" = 1`,
  )
  if (!row)
    throw new Error('The table "ChangeHead" has no row. Restore the row, or run the migrations again.')
  return row
}

/**
 * Reads the head of the change sequence for concurrent callers. They share a read, but never one that began
 * before their call, which could be older than what they know.
 */
export class HeadReader {
  readonly #reads: Coalescer<ChangeHead>

  constructor(readHead: () => Promise<ChangeHead>) {
    this.#reads = new Coalescer(readHead)
  }

  read(): Promise<ChangeHead> {
    return this.#reads.run()
  }
}
