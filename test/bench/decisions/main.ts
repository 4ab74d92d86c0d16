import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pino from 'pino'
import { startApp } from '../../../src/app.ts'
import { loadConfig } from '../../../src/config/config.ts'
import { openMigrated } from '../../../src/db/open.ts'
import { statementsOfRequests } from '../../support/statements.ts'
import { unhurried } from '../../support/unhurried.ts'
import { throwawayDatabase } from '../support/database.ts'
import { Newsroom, type Result } from './newsroom.ts'

// Measures submissions and decisions over HTTP: SQL statements (BEGIN and COMMIT included), time, and the longest time
// in which a reader who reads without a pause got no answer. On PostgreSQL and on the embedded database.
//
//   npm run bench -- decisions [--rounds 10] [--only embedded]

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    /** "server" or "embedded"; both by default. */
    only: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log('npm run bench -- decisions [--rounds 10] [--only server|embedded]')
  process.exit(0)
}
const rounds = Number(values.rounds)

for (const kind of ['server', 'embedded'].filter((each) => each.includes(values.only))) await measure(kind)
process.exit()

async function measure(kind: string): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'dateline-decisions-'))
  const server = kind === 'server' ? await throwawayDatabase() : null
  const statements: string[] = []
  const onStatement = statementsOfRequests((sql) => statements.push(sql))
  const database = await openMigrated({ url: server?.url, dataDir: join(dataDir, 'data'), onStatement })
  const config = loadConfig({ PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'silent', ...unhurried })
  const app = await startApp({ config, database, log: pino({ level: 'silent' }), pollMs: 3_600_000 })
  try {
    const newsroom = await Newsroom.open(app, database, dataDir, statements)
    console.log(`\n${kind}: median of ${rounds} rounds (the first is not counted)`)
    console.log('                                   statements      ms   longest wait of a reader, ms')
    for (const [name, run] of Object.entries(newsroom.operations)) {
      const results: Result[] = []
      for (let round = 0; round <= rounds; round++) results.push(await run())
      results.shift()
      const median = (of: (result: Result) => number) =>
        results.map(of).sort((a, b) => a - b)[results.length >> 1] as number
      const figures = [
        String(median(({ count }) => count)).padStart(10),
        median(({ ms }) => ms)
          .toFixed(1)
          .padStart(8),
        median(({ waitMs }) => waitMs)
          .toFixed(1)
          .padStart(8),
        `(worst ${Math.max(...results.map(({ waitMs }) => waitMs)).toFixed(1)})`,
      ]
      console.log(`  ${name.padEnd(33)}${figures.join('')}`)
    }
  } finally {
    await app.close(1_000)
    await database.close()
    await server?.drop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
