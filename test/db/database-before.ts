import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../../src/db/database.ts'
import { migrate } from '../../src/db/migrate.ts'
import { prismaFolder } from '../../src/db/schema-files.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

/** A database as the migrations before this date made it; the date is the beginning of a migration's name. */
export async function databaseBefore(date: string): Promise<TestDatabase> {
  const database = await freshDatabase()
  await database.prisma.$executeRaw`DROP SCHEMA public CASCADE`
  await database.prisma.$executeRaw`CREATE SCHEMA public`
  await migrateUpTo(date, database)
  return database
}

/** Applies only the migrations before a date. */
export async function migrateUpTo(date: string, database: Database): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dateline-test-'))
  try {
    await cp(prismaFolder, folder, { recursive: true })
    for (const name of await readdir(join(folder, 'migrations'))) {
      if (/^\d/.test(name) && name >= date) await rm(join(folder, 'migrations', name), { recursive: true })
    }
    await migrate(database, folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}
