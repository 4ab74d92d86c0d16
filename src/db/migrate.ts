import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { SetupError } from '../base/errors.ts'
import { messageOf } from '../base/message-of.ts'
import type { Database } from './database.ts'
import { noFilters, withSchemaEngine } from './schema-engine.ts'
import { type Migration, migrationList, prismaFolder, readMigrations } from './schema-files.ts'

/**
 * Applies the missing migrations, each in its own transaction: a process that is killed leaves no half of
 * one, and concurrent processes wait for each other.
 *
 * @param prisma the folder of models and migrations
 * @returns the names of those applied now, in order
 * @throws SetupError when one fails, or when an applied migration has another text
 */
export async function migrate(database: Database, prisma = prismaFolder): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(prisma)
  const seen = await checksums(database)
  assertUnedited(migrations, seen)
  const firstUnseen = migrations.findIndex(({ name }) => !seen.has(name))
  if (firstUnseen === -1) return { applied: [] }
  const applied: string[] = []
  for (let count = firstUnseen + 1; count <= migrations.length; count++) {
    const upToThis = migrations.slice(0, count)
    applied.push(...(await database.migrating((adapter) => apply(adapter, upToThis))))
  }
  return { applied }
}

/** The checksums of the applied migrations, by name. */
async function checksums(database: Database): Promise<Map<string, string>> {
  const { prisma } = database
  const [table] = await prisma.$queryRaw<{ exists: boolean }[]>`
    SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`
  if (!table?.exists) return new Map()
  const rows = await prisma.$queryRaw<{ name: string; checksum: string }[]>`
    SELECT migration_name AS name, checksum FROM _prisma_migrations
    WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`
  return new Map(rows.map(({ name, checksum }) => [name, checksum]))
}

function assertUnedited(migrations: Migration[], seen: Map<string, string>): void {
  const edited = migrations.find(({ name, checksum }) => seen.has(name) && seen.get(name) !== checksum)
  if (!edited) return
  throw new SetupError(
    `The applied migration ${edited.name} differs from its file: restore the file, ` +
      'or set DATABASE_URL or DATA_DIR to a new database.',
  )
}

async function apply(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  migrations: Migration[],
): Promise<string[]> {
  let cause: unknown
  const observed = keepFirstError(adapter, (error) => {
    cause ??= error
  })
  try {
    const { appliedMigrationNames } = await withSchemaEngine(observed, (engine) =>
      engine.applyMigrations({ migrationsList: migrationList(migrations), filters: noFilters }),
    )
    return appliedMigrationNames
  } catch (error) {
    const failure = cause ?? error
    const reason = messageOf(failure)
    throw new SetupError(
      `The migration ${migrations.at(-1)?.name} failed and changed nothing: ${reason.trim()}`,
      { cause: failure },
    )
  }
}

/**
 * Keeps the first error of a script. The engine then fails to record it in the same transaction, and would
 * report only that.
 */
function keepFirstError(
  factory: SqlMigrationAwareDriverAdapterFactory,
  onError: (error: unknown) => void,
): SqlMigrationAwareDriverAdapterFactory {
  return {
    ...factory,
    async connect() {
      const adapter = await factory.connect()
      const executeScript = adapter.executeScript.bind(adapter)
      adapter.executeScript = async (script) => {
        try {
          await executeScript(script)
        } catch (error) {
          onError(error)
          throw error
        }
      }
      return adapter
    },
  }
}
