import { runCommand } from './command-line.ts'
import { runPartnerCommand } from './partner/run.ts'

await runCommand(async () => {
  process.stdout.write(await runPartnerCommand(process.argv.slice(2), process.env))
  return 0
})
