import { migrate } from '../migrate.ts'
import { openDatabase } from '../open.ts'
import { databaseSettings, run } from './run.ts'

// npm run migrate: brings the tables of DATABASE_URL, or of the embedded database in DATA_DIR, up to date.
await run(async () => {
  const database = await openDatabase(databaseSettings())
  try {
    const { applied } = await migrate(database)
    console.log(
      applied.length === 0 ? 'Nothing to do.' : applied.map((name) => `Applied ${name}.`).join('\n'),
    )
  } finally {
    await database.close()
  }
})
