import type { PrismaClient } from './client/client.ts'

type Find = (args: object) => Promise<unknown>

/**
 * A client whose `findUnique` reads one row by one statement, as `findFirst` does. Prisma combines the
 * `findUnique` calls of one tick into a batch, and compiles each batch again: 200 fields of one document took
 * 2 ms of CPU each instead of 0.3 ms.
 */
export function withoutBatches(prisma: PrismaClient): PrismaClient {
  const extended = prisma.$extends({
    name: 'without batches',
    query: {
      $allModels: {
        findUnique: ({ model, args }) => delegate(prisma, model).findFirst(asFilter(args)),
        findUniqueOrThrow: ({ model, args }) => delegate(prisma, model).findFirstOrThrow(asFilter(args)),
      },
    },
  })
  // The models are the same; only the type parameters of an extended client differ.
  return extended as unknown as PrismaClient
}

function delegate(prisma: PrismaClient, model: string): { findFirst: Find; findFirstOrThrow: Find } {
  const name = `${model[0]?.toLowerCase()}${model.slice(1)}`
  return prisma[name as 'article'] as unknown as { findFirst: Find; findFirstOrThrow: Find }
}

/** `findFirst` does not accept compound keys: `articleId_version: { articleId, version }` becomes its two fields. */
function asFilter<Args extends { where: object }>(args: Args): Args {
  const fields = Object.entries(args.where).map(([name, value]) =>
    isCompoundKey(name, value) ? value : { [name]: value },
  )
  return { ...args, where: Object.assign({}, ...fields) }
}

function isCompoundKey(name: string, value: unknown): boolean {
  return (
    name.includes('_') && typeof value === 'object' && value !== null && Object.keys(value).join('_') === name
  )
}
