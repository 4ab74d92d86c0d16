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
  if (!row) throw new Error('The table "ChangeHead" has no row. Restore it, or run the migrations again.')
  return row
}

/**
 * Reads the head of the change sequence for concurrent callers. They share a read, but never one that began
 * before their call, which could be older than what they know.
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
    // Later calls need another read.
    this.#next = null
    const reading = this.#readHead()
    this.#running = reading.then(
      () => undefined,
      () => undefined,
    )
    return reading
  }
}
