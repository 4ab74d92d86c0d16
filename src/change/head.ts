import type { PrismaClient } from '../db/client/client.ts'

/**
 * Reads where the change sequence ends, for many who ask at once: they share a reading, but nobody is given one
 * that began before they asked, which could miss what they know of already.
 */
export class HeadReader {
  readonly #prisma: Pick<PrismaClient, 'changeHead'>
  #running: Promise<unknown> = Promise.resolve()
  #next: Promise<number> | null = null

  constructor(prisma: Pick<PrismaClient, 'changeHead'>) {
    this.#prisma = prisma
  }

  read(): Promise<number> {
    this.#next ??= this.#after(this.#running)
    return this.#next
  }

  async #after(running: Promise<unknown>): Promise<number> {
    await running
    // From here on it is too late to join.
    this.#next = null
    const reading = this.#prisma.changeHead.findUniqueOrThrow({ where: { id: 1 } })
    this.#running = reading.then(
      () => undefined,
      () => undefined,
    )
    return (await reading).position
  }
}
