import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Catalogue, readCatalogue } from './catalogue.ts'
import { startPGlite } from './embedded.ts'
import { embeddedMigrationAdapter } from './embedded-adapter.ts'
import { ruleProblems, rulesInModels } from './model-rules.ts'
import { noFilters, withSchemaEngine } from './schema-engine.ts'
import { migrationList, prismaFolder, readMigrations, readModels } from './schema-files.ts'
import { changedLines, printSchema, readSnapshot } from './schema-snapshot.ts'

/**
 * The difference between the models and the migrations, as the SQL that would adapt the migrated tables to
 * the models; null when there is none. Prisma does not compare checks, triggers and functions: see
 * `snapshotProblems`.
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

/** The tables that the migrations make. */
export async function migratedCatalogue(prisma = prismaFolder): Promise<Catalogue> {
  const migrations = await readMigrations(prisma)
  const pglite = await startPGlite('memory://')
  try {
    for (const { sql } of migrations) await pglite.transaction((transaction) => transaction.exec(sql))
    return await readCatalogue(async (sql) => (await pglite.query<object>(sql)).rows)
  } finally {
    await pglite.close()
  }
}

/**
 * The differences between the migrations and prisma/schema.sql, and between the migrations and the comments of
 * the models, as text; empty when there are none.
 */
export async function snapshotProblems(prisma = prismaFolder): Promise<string[]> {
  const catalogue = await migratedCatalogue(prisma)
  const problems = ruleProblems(catalogue, rulesInModels(await readModels(prisma)))
  const [committed, current] = [await readSnapshot(prisma), printSchema(catalogue)]
  if (committed === current) return problems
  const changed = changedLines(committed, current)
  const advice = 'If that is intended, run `npm run schema:snapshot` and commit the file.'
  return [...problems, `The migrations change prisma/schema.sql. ${advice}\n\n${changed.join('\n')}`]
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
