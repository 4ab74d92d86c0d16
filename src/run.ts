import { flushCompileCache } from 'node:module'
import { startApp } from './app.ts'
import { SetupError } from './base/errors.ts'
import { loadConfig } from './config/config.ts'
import { createLog } from './config/log.ts'
import { clockForCommand } from './db/clock.ts'
import { openMigrated } from './db/open.ts'
import { assertTables } from './db/tables.ts'
import { openPersistedDocuments } from './http/graphql/open-persisted-documents.ts'
import { fillWithSample } from './sample/fill.ts'
import { startMessage } from './start-message.ts'
import { stop } from './stop.ts'

// Environment → database → app → listen → stop.

const NOTHING_TO_LISTEN_ON =
  'The connection pooler does not support LISTEN, so readers receive new comments up to 5 seconds late. Set ' +
  'DATABASE_LISTEN_URL to the direct address of PostgreSQL, or set REDIS_URL.'

/** Runs the gateway until it receives a signal, then exits. If it can't start, it prints one line and exits with 1. */
export async function run(): Promise<void> {
  try {
    await serve()
  } catch (error) {
    const reason = error instanceof SetupError ? error.message : unwritable(error)
    if (reason === null) throw error
    console.error(`dateline: ${reason}`)
    process.exit(1)
  }
}

/** The message for a file that can't be written; null for any other error. */
function unwritable(error: unknown): string | null {
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException
  if (!path || !code || !['EACCES', 'EISDIR', 'ENOSPC', 'EPERM', 'EROFS'].includes(code)) return null
  return `${path} cannot be written (${code}): set DATA_DIR to a writable folder.`
}

async function serve(): Promise<void> {
  const config = loadConfig(process.env)
  const log = createLog(config)
  // Node would print all fields of the error, including the driver's client with its password.
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'unexpected error; the gateway exits')
    process.exit(1)
  })
  // A full disk or a closed pipe behind standard output must not end the process.
  process.stdout.on('error', () => {})
  for (const warning of config.warnings) log.warn(warning)
  // Before the database is migrated: a wrong manifest prevents the start.
  const persisted = openPersistedDocuments(config.persistedDocuments)
  const stopping = signalled()
  const database = await openMigrated({
    url: config.databaseUrl,
    listenUrl: config.databaseListenUrl,
    connections: config.databasePool,
    dataDir: config.dataDir,
    onCreate: () => console.log(`Creating the database in ${config.dataDir}. This can take a minute.`),
    log,
  })
  for (const remark of database.warnings) log.warn(remark)
  if (database.pooling === 'transaction' && !config.redisUrl) log.warn(NOTHING_TO_LISTEN_ON)
  try {
    await assertTables(database.prisma)
    await fillWithSample(database, config, (await clockForCommand(database)).now)
    const app = await startApp({ config, database, log, persisted })
    await app.prepareScreens()
    console.log(await startMessage(app.config, app.services))
    // Now, because a process that is killed can't do it later.
    flushCompileCache()
    log.info(`${await stopping}: finishing the requests in progress`)
    await stop(app, database, config.drainDelayMs)
  } catch (error) {
    await database.close()
    throw error
  }
}

/** The first SIGTERM or SIGINT; a second one ends the process at once. */
function signalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve)
  })
}
