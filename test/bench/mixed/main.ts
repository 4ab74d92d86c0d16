import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { countOf } from '../support/counts.ts'
import { withThrowawayDatabase } from '../support/database.ts'
import { assertWrk } from '../support/wrk.ts'
import { chart, missedLimits, print } from './report.ts'
import { measureMixed } from './run.ts'

// The server CPU of reads by Zipf's law while comments are approved, compared with a bare node:http server, and the
// staleness of what two gateways on one database answer. Exits with 1 when a limit is missed. Needs Linux, wrk and a
// PostgreSQL server on this machine, with a superuser: the one of DATABASE_URL, or the user postgres.

const usage = `npm run bench -- mixed [--stories 2000] [--approvals 20] [--checks 100] [--seconds 5] [--rounds 9] [--seed 1]
                           [--svg FILE]
approvals and checked reads: per second`

const { values } = parseArgs({
  options: {
    stories: { type: 'string', default: '2000' },
    approvals: { type: 'string', default: '20' },
    checks: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '9' },
    seed: { type: 'string', default: '1' },
    svg: { type: 'string' },
    help: { type: 'boolean' },
  },
})

if (values.help) {
  console.log(usage)
} else {
  const load = {
    stories: countOf('stories', values.stories),
    approvalsPerSecond: countOf('approvals', values.approvals),
    checksPerSecond: countOf('checks', values.checks),
    seconds: countOf('seconds', values.seconds),
    rounds: countOf('rounds', values.rounds),
    seed: countOf('seed', values.seed),
  }
  assertWrk()
  const mixed = await withThrowawayDatabase((database) =>
    measureMixed(database, load, (line) => console.error(line)),
  )
  print(mixed, load)
  if (values.svg) writeFileSync(values.svg, chart(mixed))
  const missed = missedLimits(mixed, load)
  for (const line of missed) console.log(`MISSED: ${line}`)
  process.exit(missed.length > 0 ? 1 : 0)
}
