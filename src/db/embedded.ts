import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { SetupError } from '../base/errors.ts'
import { messageOf } from '../base/message-of.ts'
import { assertChannel, type PrismaDriver } from './database.ts'
import { embeddedAdapter, embeddedMigrationAdapter } from './embedded-adapter.ts'
import { EmbeddedStatements } from './embedded-statements.ts'
import { type FolderGuard, guardFolder } from './folder-guard.ts'
import { lockFolder } from './lock.ts'

/**
 * Opens the embedded database in `dataDir`/db, creates it when missing, and locks `dataDir` for this process.
 * `memory://` keeps everything in memory and can start from an image.
 *
 * @param onCreate called before a database is created in the folder, which takes several seconds
 * @throws SetupError when the folder is in use, can't be written to, or holds no readable database
 */
export async function openEmbedded(
  dataDir: string,
  image?: Blob,
  onCreate?: () => void,
): Promise<PrismaDriver> {
  if (dataDir === 'memory://') return embeddedDriver(await startPGlite(dataDir, image), true)
  const lock = await lockFolder(dataDir)
  try {
    const { pglite, isNew } = await openFolder(dataDir, onCreate)
    const driver = embeddedDriver(pglite, isNew, guardFolder(join(dataDir, 'db')))
    return {
      ...driver,
      async close() {
        await driver.close()
        await lock.release()
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/**
 * Starts PGlite with the extensions that we need, in a folder or in memory. Committed data survives the end
 * of the process; after a power failure the last seconds may be lost, because PGlite has no fsync.
 */
export async function startPGlite(folder: string, image?: Blob): Promise<PGlite> {
  const options = { extensions: { pg_trgm }, loadDataDir: image, relaxedDurability: false }
  const pglite = await PGlite.create(folder, {
    ...options,
    ...(folder === 'memory://' ? inMemory : inFolder),
  })
  // Prisma's adapter reads and writes times without their offset, which is correct in UTC only.
  await pglite.exec(`SET TIME ZONE 'UTC'`)
  return pglite
}

/**
 * PostgreSQL's default 128 MiB of buffers are cleared at each start and stay in memory, where the operating
 * system caches the files anyway.
 */
const inFolder = { startParams: withBuffers('32MB') }

/** A database in memory needs few buffers, and a short write-ahead log. */
const inMemory = { startParams: withBuffers('8MB'), initDbStartParams: ['--wal-segsize=1'] }

function withBuffers(size: string): string[] {
  return [...PGlite.defaultStartParams, '-c', `shared_buffers=${size}`]
}

export function embeddedDriver(pglite: PGlite, isNew: boolean, guard?: FolderGuard): PrismaDriver {
  const statements = new EmbeddedStatements(pglite)
  const rows: PrismaDriver['rows'] = async ({ name, text }, values) => {
    // A read of an operation, which may have many: other requests are read in between.
    if (name === undefined) await turn()
    return (await statements.query<unknown[]>(text, values, { rowMode: 'array' }, name)).rows
  }
  return {
    kind: 'embedded',
    isNew,
    pooling: 'session',
    warnings: [],
    adapter: embeddedAdapter(pglite, statements, guard),
    async listen(channel, onPayload) {
      assertChannel(channel)
      const stop = await pglite.listen(channel, onPayload)
      return () => stop()
    },
    rows,
    pollRows: rows,
    executeSql: (text, values) => executeSql(pglite, text, values),
    withExclusiveLock: (work) => work(),
    problem: async () => guard?.problem() ?? null,
    async migrating(work) {
      const result = await pglite.transaction((transaction) => work(embeddedMigrationAdapter(transaction)))
      await statements.reset()
      return result
    },
    close: () => pglite.close(),
  }
}

/** A whole transaction in one text, as the job queue sends it. */
const TRANSACTION = /^\s*BEGIN;([\s\S]*)COMMIT;\s*$/

async function executeSql(
  pglite: PGlite,
  text: string,
  values?: unknown[],
): Promise<{ rows: Record<string, unknown>[] }> {
  if (values?.length) return pglite.query(text, values)
  const [, inner] = TRANSACTION.exec(text) ?? []
  // There is only one session: a failed transaction of the queue must not stay open for others.
  const results = inner ? await pglite.transaction((tx) => tx.exec(inner)) : await pglite.exec(text)
  return { rows: (results ?? []).flatMap(({ rows }) => rows) }
}

/**
 * Opens the database in a folder. A database whose creation was interrupted can't be opened and holds no
 * data, so it is created again; a marker file identifies it.
 */
async function openFolder(
  dataDir: string,
  onCreate?: () => void,
): Promise<{ pglite: PGlite; isNew: boolean }> {
  const folder = join(dataDir, 'db')
  const unfinished = join(dataDir, 'db.unfinished')
  try {
    if (existsSync(unfinished)) await rm(folder, { recursive: true, force: true })
    const isNew = !existsSync(folder)
    if (isNew) {
      await writeFile(unfinished, '')
      onCreate?.()
    }
    const pglite = await startPGlite(folder)
    if (isNew) await rm(unfinished)
    return { pglite, isNew }
  } catch (error) {
    const reason = messageOf(error)
    throw new SetupError(
      `The database in ${folder} cannot be opened (${reason}): restore the folder from a copy, ` +
        'or set DATA_DIR to another folder.',
      { cause: error },
    )
  }
}
