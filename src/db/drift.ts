import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startPGlite } from './embedded.ts'
import { embeddedMigrationAdapter } from './embedded-adapter.ts'
import { noFilters, withSchemaEngine } from './schema-engine.ts'
import { migrationList, prismaFolder, readMigrations, readModels } from './schema-files.ts'

/**
 * The difference between the models and the migrations, as the SQL that would adapt the migrated tables to
 * the models; null when there is none. Checks, triggers and partial indexes are not in the models and do not
 * count.
 *
 * @param prisma the folder of models and migrations
 */
export async function pendingDrift(prisma = prismaFolder): Promise<string | null> {
  const pglite = await startPGlite('memory://')
  try {
    const models = await readModels(prisma)
    const migrations = migrationList(await readMigrations(prisma))
    const { exitCode, stdout } = await withSchemaEngine(embeddedMigrationAdapter(pglite), (engine) =>
      engine.diff({
        from: { tag: 'migrations', ...migrations },
        to: { tag: 'schemaDatamodel', files: models },
        script: true,
        exitCode: true,
        filters: noFilters,
      }),
    )
    return exitCode === 0 ? null : stdout
  } finally {
    await pglite.close()
  }
}

/**
 * Writes the migration that adapts the tables to the models. Add by hand what models can't express.
 *
 * @param name lower-case words joined by underscores
 * @param now names the migration, which applies after all earlier ones
 * @returns the path of the new file, or null when there is nothing to change
 */
export async function writeMigration(name: string, now: Date, prisma = prismaFolder): Promise<string | null> {
  const sql = await pendingDrift(prisma)
  if (sql === null) return null
  const timestamp = now.toISOString().replace(/\D/g, '').slice(0, 14)
  const folder = join(prisma, 'migrations', `${timestamp}_${name}`)
  await mkdir(folder)
  const file = join(folder, 'migration.sql')
  await writeFile(file, sql)
  return file
}
