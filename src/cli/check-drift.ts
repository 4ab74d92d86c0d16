import { pendingDrift, snapshotProblems } from '../db/drift.ts'
import { run } from './run-command.ts'

// Part of npm run check: fails when the models, the migrations and prisma/schema.sql disagree.
await run(async () => {
  const sql = await pendingDrift()
  const problems = await snapshotProblems()
  if (sql !== null) {
    problems.unshift(
      `The models and the migrations differ. Run \`npm run migrate:new -- NAME\` to write this migration:\n\n${sql}`,
    )
  }
  if (problems.length === 0) return
  console.error(problems.join('\n'))
  process.exitCode = 1
})
