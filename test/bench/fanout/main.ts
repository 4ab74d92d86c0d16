import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { countOf } from '../support/counts.ts'
import { assertDescriptors } from '../support/descriptors.ts'
import { chart } from './chart.ts'
import { measureFanout, type Result, type Summary } from './run.ts'

// npm run bench -- fanout [--sockets 2000,10000] [--events 100] [--rounds 3] [--svg FILE]
// With PROFILE=FOLDER in the environment, each server leaves a CPU profile there.
// Needs a PostgreSQL server: the one of DATABASE_URL, or the one on this machine.

const { values } = parseArgs({
  options: {
    sockets: { type: 'string', default: '2000,10000' },
    events: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '3' },
    svg: { type: 'string' },
    help: { type: 'boolean' },
  },
})

/** What issue and goals ask for, as ratios to the bare broadcast, KiB over it, and ms. */
const LIMITS = { cpuAt2000: 1.15, memory: 15, p99At10000: 500 }

if (values.help) {
  console.log('npm run bench -- fanout [--sockets 2000,10000] [--events 100] [--rounds 3] [--svg FILE]')
} else {
  const all: Summary[] = []
  const rounds = countOf('rounds', values.rounds)
  const eventsAt2000 = countOf('events', values.events)
  for (const sockets of values.sockets.split(',').map((each) => countOf('sockets', each))) {
    assertDescriptors(sockets)
    // The same number of deliveries at every size.
    const events = Math.max(10, Math.round((eventsAt2000 * 2_000) / sockets))
    const results = await measureFanout({ sockets, events, rounds }, (round, result) =>
      console.error(`round ${round} of ${rounds}: ${describe(result)}`),
    )
    all.push(...results)
    print(results)
  }
  if (values.svg) writeFileSync(values.svg, chart(all))
  const missed = missedLimits(all)
  for (const line of missed) console.log(line)
  process.exit(missed.length > 0 ? 1 : 0)
}

function describe({ variant, sockets, cpu }: Result): string {
  return `${variant}, ${sockets} sockets, ${cpu.toFixed(2)} µs per message`
}

function print(results: Summary[]): void {
  const bare = results.find(({ variant }) => variant === 'bare') as Summary
  console.log(`\n${bare.sockets} sockets, ${bare.events} events, the middle of ${bare.ratios.length} rounds`)
  console.log(
    '            CPU/message   to bare (from, to)    p50 ms    p99 ms   alive KiB   over bare  resident KiB   over bare',
  )
  for (const { variant, cpu, ratio, ratios, p50, p99, alive, resident } of results) {
    const range = `(${ratios[0]?.toFixed(2)}, ${ratios.at(-1)?.toFixed(2)})`
    console.log(
      variant.padEnd(10) +
        `${cpu.toFixed(2)} µs`.padStart(13) +
        `${ratio.toFixed(2)} ${range.padEnd(12)}`.padStart(21) +
        p50.toFixed(0).padStart(10) +
        p99.toFixed(0).padStart(10) +
        alive.toFixed(1).padStart(12) +
        (alive - bare.alive).toFixed(1).padStart(12) +
        resident.toFixed(1).padStart(14) +
        (resident - bare.resident).toFixed(1).padStart(12),
    )
  }
}

function missedLimits(results: Summary[]): string[] {
  const missed: string[] = []
  for (const { variant, sockets, ratio, p99, alive, resident } of results) {
    if (variant !== 'dateline') continue
    const bare = results.find((other) => other.variant === 'bare' && other.sockets === sockets) as Summary
    if (sockets === 2_000 && ratio > LIMITS.cpuAt2000) {
      missed.push(
        `MISSED: CPU per message is ${ratio.toFixed(2)} of the bare broadcast's, at most ${LIMITS.cpuAt2000}`,
      )
    }
    const memory = Math.max(alive - bare.alive, resident - bare.resident)
    if (memory > LIMITS.memory) missed.push(`MISSED: memory per socket at ${sockets} sockets`)
    if (sockets === 10_000 && p99 > LIMITS.p99At10000) missed.push(`MISSED: p99 is ${p99.toFixed(0)} ms`)
  }
  return missed
}
