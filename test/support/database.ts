import { openAsBlob } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { embeddedDriver, startPGlite } from '../../src/db/embedded.ts'
import { type Database, openDatabase, withPrisma } from '../../src/db/open.ts'
import { lendCopy, lendPGlite } from './lend.ts'
import type { Template } from './template.ts'

export interface TestDatabase extends Database, AsyncDisposable {
  /** The database's address, where it is on a server. */
  readonly url?: string
}

interface Watched {
  onStatement?: (sql: string, values: unknown[]) => void
}

export interface TestSettings extends AsyncDisposable {
  /** What a process needs in its environment to use the database. */
  readonly env: { DATA_DIR: string; DATABASE_URL?: string }
  /** Opens the database in this process, between two others that use it, and closes it again. */
  inDatabase<T>(work: (database: Database) => Promise<T>): Promise<T>
  remove(): Promise<void>
}

/**
 * A migrated database without any stories, of this test alone until it is closed, as `await using` does too:
 * PGlite in memory, or a database on the server that DATABASE_URL names. See lend.ts.
 */
export async function freshDatabase(options: Watched = {}): Promise<TestDatabase> {
  const source = inject('database')
  const { database, url, remove } = await (source.kind === 'image'
    ? lentDatabase(source.path, options)
    : copiedDatabase(source, options))
  await newEpoch(database)
  const close = once(async () => {
    await database.close()
    await remove()
  })
  return { ...database, url, close, [Symbol.asyncDispose]: close }
}

interface Opened {
  database: Database
  url?: string
  remove(): Promise<void>
}

async function lentDatabase(image: string, { onStatement }: Watched): Promise<Opened> {
  const { pglite, giveBack } = await lendPGlite(image)
  // Those of the driver before.
  await pglite.exec('DEALLOCATE ALL')
  const driver = { ...embeddedDriver(pglite, true), close: async () => {} }
  return { database: withPrisma(driver, onStatement), remove: giveBack }
}

async function copiedDatabase(template: Template, options: Watched): Promise<Opened> {
  const { url, giveBack } = await lendCopy(template)
  return { database: await openDatabase({ url, dataDir: '', ...options }), url, remove: giveBack }
}

/**
 * The same database for other processes to open: an empty folder, with the embedded database in it unless
 * there is a server. `removed` when the test is done with it, and no process uses it any more.
 */
export async function freshSettings(): Promise<TestSettings> {
  const source = inject('database')
  const dataDir = await mkdtemp(join(tmpdir(), 'dateline-test-'))
  const copy = source.kind === 'template' ? await lendCopy(source) : undefined
  if (source.kind === 'image') {
    const pglite = await startPGlite(join(dataDir, 'db'), await openAsBlob(source.path))
    await pglite.close()
  }
  const remove = once(async () => {
    await copy?.giveBack()
    await rm(dataDir, { recursive: true, force: true })
  })
  const env = { DATA_DIR: dataDir, DATABASE_URL: copy?.url }
  const inDatabase: TestSettings['inDatabase'] = async (work) => {
    const database = await openDatabase({ url: copy?.url, dataDir })
    try {
      return await work(database)
    } finally {
      await database.close()
    }
  }
  return { env, inDatabase, remove, [Symbol.asyncDispose]: remove }
}

/** Two databases never share an epoch, but copies do. */
async function newEpoch({ prisma }: Database): Promise<void> {
  await prisma.$executeRaw`UPDATE "FeedEpoch" SET epoch = gen_random_uuid()`
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work()
    return done
  }
}
