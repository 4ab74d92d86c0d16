import { loadConfig } from '../config/config.ts'
import { runCommand } from './command-line.ts'

/** Runs a command that may set its own exit code; see runCommand. */
export function run(command: () => Promise<void>): Promise<void> {
  return runCommand(async () => {
    await command()
    return Number(process.exitCode ?? 0)
  })
}

/** The two settings that select the database. Commands do not check the others. */
export function databaseSettings({ DATABASE_URL, DATA_DIR }: NodeJS.ProcessEnv = process.env): {
  url: string | null
  dataDir: string
} {
  const { databaseUrl, dataDir } = loadConfig({ DATABASE_URL, DATA_DIR })
  return { url: databaseUrl, dataDir }
}
