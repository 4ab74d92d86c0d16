import { hash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MigrationList, SchemaContainer } from '@prisma/schema-engine-wasm'

/** The folder of the models and migrations. */
export const prismaFolder = join(import.meta.dirname, '../../prisma')

export interface Migration {
  /** The name of its folder: a timestamp in UTC and a few words. */
  name: string
  sql: string
  /** As the schema engine records it in `_prisma_migrations`: SHA-256 of the text, in hexadecimal. */
  checksum: string
}

/** All migrations, in order. */
export async function readMigrations(prisma = prismaFolder): Promise<Migration[]> {
  const migrationsFolder = join(prisma, 'migrations')
  const entries = await readdir(migrationsFolder, { withFileTypes: true })
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(migrationsFolder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: hash('sha256', sql) }
    }),
  )
}

/** The Prisma schema, as the schema engine takes it. */
export async function readModels(prisma = prismaFolder): Promise<SchemaContainer[]> {
  const entries = await readdir(prisma, { recursive: true })
  const paths = entries.filter((path) => path.endsWith('.prisma')).sort()
  return Promise.all(
    paths.map(async (path) => ({ path, content: await readFile(join(prisma, path), 'utf8') })),
  )
}

/** Migrations, as the schema engine takes them. */
export function migrationList(migrations: Migration[]): MigrationList {
  return {
    baseDir: join(prismaFolder, 'migrations'),
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  }
}
