import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startPGlite } from './embedded.ts'
import { embeddedMigrationAdapter } from './embedded-adapter.ts'
import { noFilters, withSchemaEngine } from './schema-engine.ts'
import { migrationList, prismaFolder, readMigrations, readModels } from './schema-files.ts'

/**
 * How the models and the migrations disagree: the SQL that would make the tables of the migrations those of
 * the models, or null when they agree. Checks, triggers and partial indexes, of which the models know
 * nothing, do not count.
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
 * Writes the migration that brings the tables to the models. What the models cannot say is added to it by hand.
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
