import { vi } from 'vitest'

/** A delegate of Prisma's, such as `prisma.article`, as far as it is held here. */
interface Reads {
  findUnique(...args: never[]): PromiseLike<unknown>
}

/** A database, whose statements outside Prisma are held: among them the compiled reads of operations. */
interface Statements {
  rows(...args: never[]): PromiseLike<unknown>
}

/** A Prisma client, whose raw queries are held. */
interface RawQueries {
  $queryRaw(...args: never[]): PromiseLike<unknown>
}

/**
 * Holds back what the next `findUnique` of a delegate brings, or the next statement of a database, or the next raw query
 * of a Prisma client.
 * @param isMeant of several calls, the first for which this is true is held
 * @returns `asked` settles when what was asked for has been read; `release` hands it over
 */
export function holdNext(
  reads: Reads | Statements | RawQueries,
  isMeant: (args: never) => boolean = () => true,
): { asked: Promise<void>; release: () => void } {
  const method = '$queryRaw' in reads ? '$queryRaw' : 'rows' in reads ? 'rows' : 'findUnique'
  const delegate = reads as Record<typeof method, Reads['findUnique']>
  const asked = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const real = delegate[method].bind(delegate)
  const spy = vi.spyOn(delegate, method).mockImplementation(async (...args) => {
    if (!isMeant(args[0] as never)) return real(...args)
    spy.mockRestore()
    const found = await real(...args)
    asked.resolve()
    await released.promise
    return found
  })
  return { asked: asked.promise, release: released.resolve }
}

/**
 * Lets every `findUnique` of a delegate fail, as while the database is away.
 * @returns `noticed` settles when one has failed; `mend` ends it
 */
export function failing(delegate: Reads): { noticed: Promise<void>; mend: () => void } {
  const noticed = Promise.withResolvers<void>()
  const spy = vi.spyOn(delegate, 'findUnique').mockImplementation(async () => {
    noticed.resolve()
    throw new Error('the database is away')
  })
  return { noticed: noticed.promise, mend: () => spy.mockRestore() }
}
