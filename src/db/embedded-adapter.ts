import { setImmediate as turn } from 'node:timers/promises'
import { messages, type PGlite, type Transaction as PGliteTransaction } from '@electric-sql/pglite'
import {
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlDriverAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
  type SqlQueryable,
} from '@prisma/driver-adapter-utils'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import type { EmbeddedStatements } from './embedded-statements.ts'
import type { FolderGuard } from './folder-guard.ts'

/**
 * Prisma's adapter for PGlite. pglite-prisma-adapter reports success even when PostgreSQL refuses a commit,
 * for example because of a deferred constraint; here such a commit fails.
 */
export function embeddedAdapter(
  pglite: PGlite,
  statements: EmbeddedStatements,
  guard?: FolderGuard,
): SqlDriverAdapterFactory {
  return {
    provider: 'postgres',
    adapterName: 'pglite-prisma-adapter',
    async connect() {
      const adapter = takingTurns(
        await adapterOf({
          query: (text, values = [], options = {}) => statements.query(text, values, options),
        }),
      )
      adapter.startTransaction = () => startTransaction(pglite, statements, guard)
      return guard ? guarded(adapter, guard) : adapter
    },
  }
}

/** The schema engine's adapter for PGlite, inside an open transaction. */
export function embeddedMigrationAdapter(
  transaction: Pick<PGliteTransaction, 'query' | 'exec'>,
): SqlMigrationAwareDriverAdapterFactory {
  const connect = async (): Promise<SqlDriverAdapter> => {
    const adapter = await adapterOf(transaction)
    // The adapter's own executeScript does not wait and loses errors.
    adapter.executeScript = async (script) => {
      await transaction.exec(script)
    }
    return adapter
  }
  return {
    provider: 'postgres',
    adapterName: 'pglite-prisma-adapter',
    connect,
    connectToShadowDb: connect,
  }
}

async function startTransaction(pglite: PGlite, statements: EmbeddedStatements, guard?: FolderGuard) {
  guard?.assertWritable()
  let outcome: Promise<unknown> = Promise.resolve()
  const adapter = await adapterOf({
    transaction: <T>(work: (transaction: PGliteTransaction) => Promise<T>) => {
      const whole = pglite.transaction((transaction) => work(withStatements(transaction, statements)))
      outcome = whole
      return whole
    },
  })
  await turn()
  const transaction = takingTurns(await adapter.startTransaction())
  const commit = transaction.commit.bind(transaction)
  transaction.commit = async () => {
    await commit()
    await outcome.catch(refused)
    // A commit into a deleted folder must not be reported as done.
    guard?.assertWritable()
  }
  return transaction
}

/** Prisma's adapter, which uses only some methods of its client. */
function adapterOf(
  client: Partial<Pick<PGlite, 'query' | 'exec' | 'transaction'>>,
): Promise<SqlDriverAdapter> {
  return new PrismaPGlite(client as PGlite).connect()
}

function withStatements(transaction: PGliteTransaction, statements: EmbeddedStatements): PGliteTransaction {
  return {
    ...transaction,
    async query(text, values = [], options = {}) {
      // A statement that comes too late would run outside the transaction.
      if (transaction.closed) throw new Error('the transaction is closed')
      return statements.queryInTransaction(text, values, options)
    },
  }
}

/**
 * Lets the event loop turn before each statement. PGlite runs in this thread and answers without such a turn, so that
 * no request would be read, and none could wait for the connection, before a whole chain of statements has ended.
 */
function takingTurns<Queryable extends SqlQueryable>(queryable: Queryable): Queryable {
  for (const method of ['queryRaw', 'executeRaw'] as const) {
    const run = queryable[method].bind(queryable) as (query: SqlQuery) => Promise<never>
    queryable[method] = async (query: SqlQuery) => {
      await turn()
      return run(query)
    }
  }
  return queryable
}

/**
 * Guards statements outside transactions that write. Prisma reads what it has written in the same statement.
 */
function guarded(adapter: SqlDriverAdapter, guard: FolderGuard): SqlDriverAdapter {
  for (const method of ['queryRaw', 'executeRaw'] as const) {
    const run = adapter[method].bind(adapter) as (query: SqlQuery) => Promise<never>
    adapter[method] = async (query: SqlQuery) => {
      if (/^\s*SELECT\b/i.test(query.sql)) return run(query)
      guard.assertWritable()
      const result = await run(query)
      guard.assertWritable()
      return result
    }
  }
  return adapter
}

/** Reports to Prisma why PostgreSQL refused a commit. */
function refused(error: unknown): never {
  if (!(error instanceof messages.DatabaseError)) throw error
  throw new DriverAdapterError({
    kind: 'postgres',
    code: error.code ?? 'N/A',
    severity: error.severity ?? 'ERROR',
    message: error.message,
    detail: error.detail,
    column: error.column,
    hint: error.hint,
  })
}
