import { parseArgs } from 'node:util'
import { SetupError } from '../base/errors.ts'
import type { Database } from '../db/database.ts'
import { startNewHistory } from '../db/history.ts'
import { HISTORY_CHANNEL } from '../db/history-watch.ts'
import { migrate } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import { databaseSettings, run } from './run-command.ts'

const HELP = `Applies pending migrations to DATABASE_URL, or to the embedded database in DATA_DIR.

npm run migrate [-- --restored]

  --restored  the database was restored from a backup: older cursors of readers and partners are
              refused, and running gateways reset every comment feed
  --help      prints this help`

// npm run migrate
await run(async () => {
  const { restored, help } = readOptions()
  if (help) return console.log(HELP)
  const database = await openDatabase(databaseSettings())
  try {
    const { applied } = await migrate(database)
    console.log(
      applied.length === 0 ? 'Nothing to do.' : applied.map((name) => `Applied ${name}.`).join('\n'),
    )
    if (restored) await markRestored(database)
  } finally {
    await database.close()
  }
})

function readOptions(): { restored?: boolean; help?: boolean } {
  try {
    return parseArgs({ options: { restored: { type: 'boolean' }, help: { type: 'boolean' } } }).values
  } catch (error) {
    throw new SetupError(`${(error as Error).message.split('. ')[0]}; --help lists the options.`)
  }
}

async function markRestored(database: Database): Promise<void> {
  await startNewHistory(database, null)
  await database.prisma.$executeRaw`SELECT pg_notify(${HISTORY_CHANNEL}, '')`
  console.log('Cursors from before the restore are now refused.')
}
