import pino from 'pino'
import { startApp } from '../../../src/app.ts'
import { loadConfig } from '../../../src/config/config.ts'
import { openMigrated } from '../../../src/db/open.ts'
import { serveBench } from './served.ts'

// Dateline as it ships, on the database that the benchmark made. Comments are approved by another process.

const config = loadConfig({ ...process.env, PORT: '0', MAX_SOCKETS: '1000000' })
const database = await openMigrated({ url: config.databaseUrl, dataDir: config.dataDir })
const app = await startApp({ config, database, log: pino({ level: 'error' }, pino.destination(2)) })
serveBench(app.config.port, { sockets: () => app.services.commentFeeds.size.subscriptions })
