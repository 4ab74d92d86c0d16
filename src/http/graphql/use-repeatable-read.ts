import { type DocumentNode, getOperationAST, type OperationDefinitionNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Prisma, PrismaClient } from '../../db/client/client.ts'
import { withoutBatches } from '../../db/unbatched.ts'
import type { Context } from '../../graphql/context.ts'
import { isOneStatement, selectsField } from './one-statement.ts'

/** How long a query waits for a connection, and how long it may use one, in ms. */
const TRANSACTION_TIMEOUTS_MS = { maxWait: 10_000, timeout: 10_000 }

/**
 * Makes the feed cursor and the comments of a query consistent: the page contains exactly what precedes the cursor.
 * One statement reads one snapshot of the database. A query that may need more is executed in a repeatable-read
 * transaction.
 */
export function useRepeatableRead(): Plugin<Context> {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const { document, operationName, contextValue } = args
      const operation = getOperationAST(document, operationName)
      if (!operation || !needsTransactionCached(document, operation)) return
      const { prisma }: Context = contextValue
      setExecuteFn((executeArgs) =>
        prisma.$transaction(
          async (db) => {
            const client = inTransaction(db)
            const contextValue: Context = { ...executeArgs.contextValue, db: client, prisma: client }
            return executeFn({ ...executeArgs, contextValue })
          },
          { isolationLevel: 'RepeatableRead', ...TRANSACTION_TIMEOUTS_MS },
        ),
      )
    },
  }
}

/**
 * The client of the transaction, for all reads of the query. On the embedded database, a read outside would wait for the
 * end of the transaction, and the transaction for the read.
 */
function inTransaction(db: Prisma.TransactionClient): PrismaClient {
  const client = withoutBatches(db)
  return new Proxy(client, {
    get(target, name) {
      // A transaction within this one would see the same snapshot.
      if (name === '$transaction') return (work: (db: Prisma.TransactionClient) => unknown) => work(client)
      return Reflect.get(target, name, target)
    },
  }) as PrismaClient
}

/** Results by operation: parsed documents are cached, so each is analysed once. */
const needsTransactionCache = new WeakMap<OperationDefinitionNode, boolean>()

function needsTransactionCached(document: DocumentNode, operation: OperationDefinitionNode): boolean {
  const known = needsTransactionCache.get(operation)
  if (known !== undefined) return known
  const needed =
    operation.operation === 'query' &&
    selectsField(document, 'feedCursor') &&
    !isOneStatement(document, operation, ROOTS)
  needsTransactionCache.set(operation, needed)
  return needed
}

/** Fields of Query that read their whole selection with one statement. */
const ROOTS: ReadonlySet<string> = new Set(['article'])
