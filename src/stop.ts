import type { App } from './app.ts'
import type { Database } from './db/database.ts'

/** How long a stop lets requests finish. */
const GRACE_MS = 10_000

/** After this and the drain a stop that hangs, on a database that does not answer for one, is cut short. */
const LAST_RESORT_MS = 14_000

/** Drains and closes the gateway and its database, and ends the process: with 0, or with 1 when it was cut short. */
export async function stop(
  app: Pick<App, 'drain' | 'close'>,
  database: Pick<Database, 'close'>,
  drainDelayMs: number,
  exit: (code: number) => void = process.exit,
): Promise<void> {
  setTimeout(() => exit(1), drainDelayMs + LAST_RESORT_MS).unref()
  await app.drain(drainDelayMs)
  await app.close(GRACE_MS)
  await database.close()
  exit(0)
}
