import { type DocumentNode, visit } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { withoutBatches } from '../../db/unbatched.ts'
import type { Context } from '../../graphql/context.ts'

/** How long a query waits for a connection, and how long it may use one, in ms. */
const TRANSACTION_TIMEOUTS_MS = { maxWait: 10_000, timeout: 10_000 }

/**
 * Executes queries that select a feed cursor in one repeatable-read transaction, so that the cursor and the
 * comments on the page are consistent: the page contains exactly what precedes the cursor.
 */
export function useRepeatableRead(): Plugin<Context> {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const { document, contextValue } = args
      if (!readsCursor(document)) return
      const { prisma }: Context = contextValue
      setExecuteFn((executeArgs) =>
        prisma.$transaction(
          async (db) => {
            const inTransaction: Context = { ...executeArgs.contextValue, db: withoutBatches(db) }
            return executeFn({ ...executeArgs, contextValue: inTransaction })
          },
          { isolationLevel: 'RepeatableRead', ...TRANSACTION_TIMEOUTS_MS },
        ),
      )
    },
  }
}

const readsCursorCache = new WeakMap<object, boolean>()

/** Parsed documents are cached, so each is visited once. */
function readsCursor(document: DocumentNode): boolean {
  const known = readsCursorCache.get(document)
  if (known !== undefined) return known
  let asks = false
  let onlyQueries = true
  visit(document, {
    OperationDefinition: ({ operation }) => {
      onlyQueries &&= operation === 'query'
    },
    Field: ({ name }) => {
      asks ||= name.value === 'feedCursor'
    },
  })
  readsCursorCache.set(document, asks && onlyQueries)
  return asks && onlyQueries
}
