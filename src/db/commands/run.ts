import { loadConfig } from '../../config.ts'

/** Runs a command: its failure is one line on standard error and exit code 1. */
export async function run(command: () => Promise<void>): Promise<void> {
  try {
    await command()
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}

/** The two settings that say which database; a command on it needs no others to be right. */
export function databaseSettings(): { url: string | null; dataDir: string } {
  const { DATABASE_URL, DATA_DIR } = process.env
  const { databaseUrl, dataDir } = loadConfig({ DATABASE_URL, DATA_DIR })
  return { url: databaseUrl, dataDir }
}
