import pino from 'pino'
import type { Database } from '../../src/db/database.ts'
import { JobQueue } from '../../src/jobs/queue.ts'

/** Creates the tables of the job queue, which a gateway creates when it first has something to push. */
export async function installQueue(database: Database): Promise<void> {
  const queue = new JobQueue(database, pino({ level: 'silent' }))
  await queue.open()
  await queue.close()
}
