import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { SetupError } from '../../base/errors.ts'
import { notifyPublisher } from '../../bus/notify.ts'
import { clockForCommand } from '../../db/clock.ts'
import { FolderInUse } from '../../db/lock.ts'
import { type Database, openMigrated } from '../../db/open.ts'
import { databaseSettings } from '../run-command.ts'
import { add } from './add.ts'
import { ledger } from './ledger.ts'
import { licence } from './licence.ts'
import { list } from './list.ts'
import { quota } from './quota.ts'
import { rotate } from './rotate.ts'
import { show } from './show.ts'
import type { Subcommand } from './subcommand.ts'
import { reinstate, suspend } from './suspend.ts'
import { webhook } from './webhook.ts'

/** The subcommands of `npm run partner`, in the order of its help. */
const subcommands = new Map<string, Subcommand>(
  Object.entries({ add, list, show, licence, quota, rotate, suspend, reinstate, webhook, ledger }),
)

const help = `Usage: npm run partner -- COMMAND

Manages partners, their licences and their API keys.

${[...subcommands].map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`).join('\n')}

Run COMMAND --help for details. DATABASE_URL or DATA_DIR select the database, as for npm start.
`

/**
 * Runs a subcommand and returns its output.
 * @param env selects the database: DATABASE_URL or DATA_DIR
 * @throws SetupError or DomainError with a message for the administrator
 */
export async function runPartnerCommand(
  [name = '', ...args]: string[],
  env: NodeJS.ProcessEnv,
): Promise<string> {
  if (name === '--help' || name === '-h') return help
  const subcommand = subcommands.get(name)
  if (!subcommand)
    throw new SetupError(name === '' ? help.trimEnd() : `The command "${name}" does not exist. See --help.`)
  if (args.includes('--help') || args.includes('-h')) {
    return `Usage: npm run partner -- ${name} ${subcommand.usage}\n`
  }
  const work = subcommand.read(args)
  const database = await open(env)
  try {
    const { prisma } = database
    const bus = notifyPublisher(prisma)
    const { now } = await clockForCommand(database)
    return await work({ prisma, bus, now, admin: 'command line' })
  } finally {
    await database.close()
  }
}

async function open(env: NodeJS.ProcessEnv): Promise<Database> {
  const settings = databaseSettings(env)
  if (!settings.url && !existsSync(join(settings.dataDir, 'db'))) {
    throw new SetupError(
      `There is no database in DATA_DIR ${settings.dataDir}. Run npm start once, or set DATA_DIR or DATABASE_URL.`,
    )
  }
  try {
    return await openMigrated(settings)
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error
    throw new SetupError(
      'A gateway is using the embedded database. Use the GraphQL mutations and queries ' +
        'for administrators (docs/partners.md), or stop the gateway first.',
    )
  }
}
