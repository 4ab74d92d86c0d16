import type { PrismaClient } from '../db/client/client.ts'
import { HISTORY_SQL } from '../db/history.ts'

/** The end of the change sequence. */
export interface ChangeHead {
  /** The history that the position belongs to. */
  history: string
  position: number
}

/** Reads both in one statement: a position of one history with the identity of another would be no place at all. */
export async function readChangeHead(prisma: Pick<PrismaClient, '$queryRawUnsafe'>): Promise<ChangeHead> {
  const [row] = await prisma.$queryRawUnsafe<ChangeHead[]>(
    `SELECT (${HISTORY_SQL}) AS history, h."position" FROM "ChangeHead" h WHERE h."id" = 1`,
  )
  if (!row) throw new Error('The table "ChangeHead" has no row. Restore it, or migrate again.')
  return row
}

/**
 * Reads where the change sequence ends, for many who ask at once: they share a reading, but nobody is given one
 * that began before they asked, which could miss what they know of already.
 */
export class HeadReader {
  readonly #readHead: () => Promise<ChangeHead>
  #running: Promise<unknown> = Promise.resolve()
  #next: Promise<ChangeHead> | null = null

  constructor(readHead: () => Promise<ChangeHead>) {
    this.#readHead = readHead
  }

  read(): Promise<ChangeHead> {
    this.#next ??= this.#after(this.#running)
    return this.#next
  }

  async #after(running: Promise<unknown>): Promise<ChangeHead> {
    await running
    // From here on it is too late to join.
    this.#next = null
    const reading = this.#readHead()
    this.#running = reading.then(
      () => undefined,
      () => undefined,
    )
    return reading
  }
}
