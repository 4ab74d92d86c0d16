import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { assertDescriptors } from '../support/descriptors.ts'
import { chart } from './chart.ts'
import { measureFanout, type Result } from './run.ts'

// npm run bench -- fanout [--sockets 2000,10000] [--events 100] [--svg FILE]
// Needs a PostgreSQL server: the one of DATABASE_URL, or the one on this machine.

const { values } = parseArgs({
  options: {
    sockets: { type: 'string', default: '2000,10000' },
    events: { type: 'string', default: '100' },
    svg: { type: 'string' },
    help: { type: 'boolean' },
  },
})

/** What issue and goals ask for, as ratios to the bare broadcast, KiB over it, and ms. */
const LIMITS = { cpuAt2000: 1.15, memory: 15, p99At10000: 500 }

if (values.help) {
  console.log('npm run bench -- fanout [--sockets 2000,10000] [--events 100] [--svg FILE]')
} else {
  const all: Result[] = []
  for (const sockets of values.sockets.split(',').map(Number)) {
    assertDescriptors(sockets)
    // The same number of deliveries at every size.
    const events = Math.max(10, Math.round((Number(values.events) * 2_000) / sockets))
    const results = await measureFanout(sockets, events)
    all.push(...results)
    print(results)
  }
  if (values.svg) writeFileSync(values.svg, chart(all))
  const missed = missedLimits(all)
  for (const line of missed) console.log(line)
  process.exit(missed.length > 0 ? 1 : 0)
}

function print(results: Result[]): void {
  const bare = results.find(({ variant }) => variant === 'bare') as Result
  console.log(`\n${bare.sockets} sockets, ${bare.events} events`)
  console.log(
    '            CPU/message   to bare    p50 ms    p99 ms   alive KiB   over bare  resident KiB   over bare',
  )
  for (const { variant, cpu, p50, p99, alive, resident } of results) {
    console.log(
      variant.padEnd(10) +
        `${cpu.toFixed(2)} µs`.padStart(13) +
        (cpu / bare.cpu).toFixed(2).padStart(10) +
        p50.toFixed(0).padStart(10) +
        p99.toFixed(0).padStart(10) +
        alive.toFixed(1).padStart(12) +
        (alive - bare.alive).toFixed(1).padStart(12) +
        resident.toFixed(1).padStart(14) +
        (resident - bare.resident).toFixed(1).padStart(12),
    )
  }
}

function missedLimits(results: Result[]): string[] {
  const missed: string[] = []
  for (const { variant, sockets, cpu, p99, alive, resident } of results) {
    if (variant !== 'dateline') continue
    const bare = results.find((other) => other.variant === 'bare' && other.sockets === sockets) as Result
    const ratio = cpu / bare.cpu
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
