import pino from 'pino'
import { startApp } from '../../../src/app.ts'
import { loadConfig } from '../../../src/config/config.ts'
import { openMigrated } from '../../../src/db/open.ts'
import { STANDARD_BACKOFF } from '../../../src/jobs/backoff.ts'

// A gateway as `npm start` runs it, but for the waits between attempts: a thousandth of the usual ones.

const config = loadConfig(process.env)
const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }))
const database = await openMigrated({ url: config.databaseUrl, dataDir: config.dataDir, log })
const backoff = STANDARD_BACKOFF.map((wait) => wait / 1_000)
const app = await startApp({ config, database, log, push: { backoff } })
console.log(`Dateline listens on ${app.config.publicUrl}/graphql`)
