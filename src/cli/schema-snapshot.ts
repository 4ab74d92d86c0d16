import { relative } from 'node:path'
import { migratedCatalogue } from '../db/drift.ts'
import { printSchema, writeSnapshot } from '../db/schema-snapshot.ts'
import { run } from './run-command.ts'

// npm run schema:snapshot: writes prisma/schema.sql from the migrations.
await run(async () => {
  const file = await writeSnapshot(printSchema(await migratedCatalogue()))
  console.log(`Wrote ${relative('', file)}.`)
})
