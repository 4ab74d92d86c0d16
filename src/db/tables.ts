import { SetupError } from '../base/errors.ts'
import type { PrismaClient } from './client/client.ts'

interface RuntimeModels {
  models: Record<
    string,
    { dbName?: string | null; fields: { name: string; kind: string; dbName?: string }[] }
  >
}

/**
 * Compares the tables with the models after the migrations, so that a database that was changed by hand or
 * restored in part is detected at the start and not by the first failing statement.
 *
 * @throws SetupError naming the first missing columns
 */
export async function assertTables(prisma: PrismaClient): Promise<void> {
  const rows = await prisma.$queryRaw<{ place: string }[]>`
    SELECT table_name || '.' || column_name AS place FROM information_schema.columns
    WHERE table_schema = current_schema()`
  const present = new Set(rows.map(({ place }) => place))
  const missing = columnsOf(prisma).filter((place) => !present.has(place))
  if (missing.length === 0) return
  const named =
    missing.slice(0, 5).join(', ') + (missing.length > 5 ? `, and ${missing.length - 5} more` : '')
  throw new SetupError(
    `The database has no column ${named} although its migrations were applied: it was changed by hand or only ` +
      'partly restored. Restore a complete copy, or set DATABASE_URL or DATA_DIR to a new database.',
  )
}

/** Every column of the models, as table.column. */
function columnsOf(prisma: PrismaClient): string[] {
  const { models } = (prisma as unknown as { _runtimeDataModel: RuntimeModels })._runtimeDataModel
  return Object.entries(models).flatMap(([model, { dbName, fields }]) =>
    fields
      .filter(({ kind }) => kind !== 'object')
      .map((field) => `${dbName ?? model}.${field.dbName ?? field.name}`),
  )
}
