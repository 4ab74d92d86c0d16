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
        findUnique: ({ model, args }) => delegate(prisma, model).findFirst(args),
        findUniqueOrThrow: ({ model, args }) => delegate(prisma, model).findFirstOrThrow(args),
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
