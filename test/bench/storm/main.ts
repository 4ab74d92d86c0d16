import { parseArgs } from 'node:util'
import { countOf } from '../support/counts.ts'
import { assertDescriptors } from '../support/descriptors.ts'
import { raiseStorm, type Storm } from './run.ts'

// npm run bench -- storm [--sockets 10000] [--missed 150] [--parallel 200]
// A crowd is cut at once and comes back at once, with its cursors. Exits with 1 when a limit is missed.
// Needs a PostgreSQL server: the one of DATABASE_URL, or the one on this machine.

const { values } = parseArgs({
  options: {
    sockets: { type: 'string', default: '10000' },
    missed: { type: 'string', default: '150' },
    parallel: { type: 'string', default: '200' },
    help: { type: 'boolean' },
  },
})

/** Until everybody is caught up, in s. */
const LIMIT = 10

if (values.help) {
  console.log('npm run bench -- storm [--sockets 10000] [--missed 150] [--parallel 200]')
} else {
  const sockets = countOf('sockets', values.sockets)
  const missed = countOf('missed', values.missed)
  const parallel = countOf('parallel', values.parallel)
  assertDescriptors(sockets)
  const storm = await raiseStorm({ sockets, missed, parallel })
  print(sockets, parallel, storm)
  const missedLimits = missedBy(storm)
  for (const line of missedLimits) console.log(`MISSED: ${line}`)
  process.exit(missedLimits.length > 0 ? 1 : 0)
}

function print(sockets: number, parallel: number, storm: Storm): void {
  const { arrival, cutAt, target, caughtUp, handshakes, cpu, alongside, memory, verdict } = storm
  const each = (seconds: number) => `${((seconds * 1e6) / sockets).toFixed(0)} µs each`
  console.log(`${sockets} sockets, ${parallel} handshakes at a time`)
  console.log(`  first arrival            ${arrival.seconds.toFixed(1)} s, CPU ${each(arrival.cpu)}`)
  console.log(`  cut at positions         ${cutAt.lowest} to ${cutAt.highest}; the feed went on to ${target}`)
  console.log(`  all caught up after      ${caughtUp.all.toFixed(1)} s (limit ${LIMIT} s)`)
  console.log(`  half, 99 %               ${caughtUp.half.toFixed(1)} s, ${caughtUp.most.toFixed(1)} s`)
  console.log(`  last handshake after     ${handshakes.toFixed(1)} s`)
  console.log(`  CPU of the gateway       ${cpu.toFixed(1)} s, ${each(cpu)}`)
  console.log(`  approved meanwhile       ${alongside}`)
  console.log(`  reads of the feed        ${storm.reads} (limit ${storm.readsAllowed})`)
  console.log(`  memory before, at most   ${mib(memory.before)}, ${mib(memory.storm)}`)
  console.log(`  entries received         ${verdict.entries}`)
  console.log(`  lost, doubled, reordered ${verdict.lost}, ${verdict.doubled}, ${verdict.reordered}`)
  console.log(`  closed by the gateway    ${verdict.closed}`)
}

function missedBy({ caughtUp, reads, readsAllowed, verdict }: Storm): string[] {
  const missed: string[] = []
  if (caughtUp.all > LIMIT) missed.push(`all were caught up after ${caughtUp.all.toFixed(1)} s`)
  if (reads > readsAllowed) missed.push(`the feed was read ${reads} times`)
  const wrong = verdict.lost + verdict.doubled + verdict.reordered
  if (wrong > 0) missed.push(`${wrong} entries were lost, doubled or out of order`)
  return missed
}

function mib(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MiB`
}
