import { barChart } from '../support/bar-chart.ts'
import { median } from '../support/median.ts'
import type { Load, Mixed, Round } from './run.ts'

const LIMITS = {
  /** Of the requests per CPU time of the bare server. */
  toBare: 0.5,
  /** Until the other gateway shows an approval, in ms. */
  delayP99: 100,
  delayMost: 1_000,
  /** Of the approvals that are sent; with fewer, the ratio is that of another load. */
  approvals: 0.9,
}

export function print(mixed: Mixed, load: Load): void {
  const { gateway, bare, bytes, clients } = mixed
  const { samples } = clients
  console.log(`the middle of ${gateway.length} rounds (least, most); pages of ${bytes} bytes on average`)
  for (const [name, rounds] of [
    ['Dateline', gateway],
    ['bare node:http', bare],
  ] as const) {
    console.log(
      `${name.padEnd(16)}${cpuOf(rounds).toFixed(1).padStart(9)} µs of CPU per read` +
        `${median(rounds.map(({ perSecond }) => perSecond))
          .toFixed(0)
          .padStart(9)} reads/s`,
    )
  }
  const ratios = ratiosOf(mixed).map((ratio) => ratio.toFixed(2))
  console.log(`speed relative to bare node:http: ${ratios[0]} (${ratios[1]}, ${ratios[2]})`)
  const { approvals, stale, delays } = clients.approvals.observed
  const rate = median(clients.approvalsPerSecond).toFixed(1)
  console.log(`approvals: ${approvals}, ${rate} acknowledged per second (${load.approvalsPerSecond} sent)`)
  console.log(`the same gateway: ${stale} of ${approvals} reads after a reply were stale`)
  console.log(`the same gateway: ${samples.own.stale} of ${samples.own.count} other reads were stale`)
  const [p50, p99, most] = [0.5, 0.99, 1].map((share) => percentile(delays, share).toFixed(1))
  console.log(
    `the other gateway: approvals visible after ${p50} ms (p50), ${p99} ms (p99), ${most} ms (most)`,
  )
  console.log(
    `the other gateway: ${samples.other.stale} of ${samples.other.count} other reads were stale by more than 1 s`,
  )
}

export function missedLimits(mixed: Mixed, load: Load): string[] {
  const { samples, approvals, approvalsPerSecond } = mixed.clients
  const { stale, delays } = approvals.observed
  const [ratio] = ratiosOf(mixed)
  const [p99, most] = [percentile(delays, 0.99), percentile(delays, 1)]
  const rate = median(approvalsPerSecond)
  const leastRate = load.approvalsPerSecond * LIMITS.approvals
  const failures: [boolean, string][] = [
    [
      ratio < LIMITS.toBare,
      `speed relative to bare node:http: ${ratio.toFixed(2)}, at least ${LIMITS.toBare}`,
    ],
    [stale > 0, `${stale} stale reads after a reply, on the same gateway`],
    [samples.own.stale > 0, `${samples.own.stale} stale reads besides, on the same gateway`],
    [p99 > LIMITS.delayP99, `p99 on the other gateway: ${p99.toFixed(0)} ms, at most ${LIMITS.delayP99}`],
    [
      most > LIMITS.delayMost,
      `most on the other gateway: ${most.toFixed(0)} ms, at most ${LIMITS.delayMost}`,
    ],
    [samples.other.stale > 0, `${samples.other.stale} reads stale by more than 1 s, on the other gateway`],
    [rate < leastRate, `approvals per second: ${rate.toFixed(1)}, at least ${leastRate}`],
  ]
  return failures.flatMap(([isMissed, line]) => (isMissed ? [line] : []))
}

export function chart({ gateway, bare }: Mixed): string {
  return barChart({
    title: 'Server CPU per read in µs, while comments are approved',
    groups: [
      {
        name: '',
        bars: [
          { name: 'bare node:http', value: cpuOf(bare), label: cpuOf(bare).toFixed(0), colour: '#8a8f98' },
          { name: 'Dateline', value: cpuOf(gateway), label: cpuOf(gateway).toFixed(0), colour: '#1f6f8b' },
        ],
      },
    ],
  })
}

/** The CPU of the bare server per CPU of the gateway: the median of the rounds, the least and the most. */
function ratiosOf({ gateway, bare }: Mixed): [number, number, number] {
  const ratios = gateway.map(({ cpu }, round) => (bare[round]?.cpu ?? Number.NaN) / cpu)
  return [median(ratios), Math.min(...ratios), Math.max(...ratios)]
}

function cpuOf(rounds: readonly Round[]): number {
  return median(rounds.map(({ cpu }) => cpu))
}

/** The smallest value that is not exceeded by this share of the values. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}
