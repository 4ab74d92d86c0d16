import { pendingDrift } from '../db/drift.ts'
import { run } from './run-command.ts'

// Part of npm run check: fails when the models and the migrations disagree.
await run(async () => {
  const sql = await pendingDrift()
  if (sql === null) return
  console.error(
    `The models and the migrations differ. Run \`npm run migrate:new -- NAME\` to write this migration:\n\n${sql}`,
  )
  process.exitCode = 1
})
