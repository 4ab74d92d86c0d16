import { hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { embeddedDriver, startPGlite } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { withPrisma } from '../../src/db/open.ts'
import { readMigrations } from '../../src/db/schema-files.ts'
import { installQueue } from './queue.ts'

const modules = join(import.meta.dirname, '../../node_modules')
const cache = join(modules, '.cache/dateline')
/** Changes with what is in an image beside the migrations. */
const SHAPE = 'without templates, small, with the queue'
const day = 24 * 60 * 60 * 1000

/**
 * The path of an image of an empty, migrated PGlite database with the job queue's tables; made when there is none
 * of these migrations.
 */
export async function migratedImage(): Promise<string> {
  const path = join(cache, `image-${await version()}.tar`)
  if (!existsSync(path)) {
    await mkdir(cache, { recursive: true })
    await removeOldImages()
    await makeImage(path)
  }
  return path
}

async function version(): Promise<string> {
  const pglite = await readFile(join(modules, '@electric-sql/pglite/package.json'), 'utf8')
  const migrations = await readMigrations()
  return hash('sha256', [SHAPE, pglite, ...migrations.map(({ name, sql }) => name + sql)].join('\n')).slice(
    0,
    16,
  )
}

async function makeImage(path: string): Promise<void> {
  const pglite = await startPGlite('memory://')
  const database = withPrisma(embeddedDriver(pglite, true))
  await migrate(database)
  await installQueue(database)
  await dropTemplates(pglite)
  const image = await pglite.dumpDataDir('none')
  await database.close()
  // Another run may be making the same image: the file appears whole or not at all.
  const draft = `${path}.${process.pid}`
  await writeFile(draft, new Uint8Array(await image.arrayBuffer()))
  await rename(draft, path)
}

/** A third of the files, which each test would unpack and none reads: what databases are copied from. */
async function dropTemplates(pglite: PGlite): Promise<void> {
  await pglite.exec('UPDATE pg_database SET datistemplate = false')
  for (const name of ['template0', 'template1']) await pglite.exec(`DROP DATABASE ${name}`)
}

async function removeOldImages(): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name)
    const { mtimeMs } = await stat(path)
    if (name.startsWith('image-') && Date.now() - mtimeMs > day) await rm(path, { force: true })
  }
}
