import { relative } from 'node:path'
import { SetupError } from '../base/errors.ts'
import { writeMigration } from '../db/drift.ts'
import { run } from './run-command.ts'

// npm run migrate:new -- NAME: writes the next migration from the models.
await run(async () => {
  const [name, ...others] = process.argv.slice(2)
  if (!name || others.length > 0 || !/^[a-z0-9]+(_[a-z0-9]+)*$/.test(name)) {
    throw new SetupError(
      'Usage: npm run migrate:new -- NAME, where NAME is lower-case words joined by underscores.',
    )
  }
  const file = await writeMigration(name, new Date())
  console.log(
    file
      ? `Wrote ${relative('', file)}. Add constraints and triggers by hand, because the models cannot describe them, then run \`npm run schema:snapshot\`.`
      : 'There is no change: the migrations match the models.',
  )
})
