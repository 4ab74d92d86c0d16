import { barChart } from '../support/bar-chart.ts'
import { median } from '../support/median.ts'
import { type Case, cases } from './cases.ts'
import type { Measured } from './run.ts'
import { BARE, DATELINE } from './servers.ts'

/**
 * The least number of requests per CPU time: relative to the bare server's, and to that of the fastest other GraphQL server. The
 * second one is not for the status 304: no server can be that much better than a peer that only compares an ETag.
 */
const LIMITS = { toBare: 0.7, toBestPeer: 15 }

interface Ratio {
  middle: number
  least: number
  most: number
}

export function print(measured: readonly Measured[]): void {
  for (const one of cases) {
    const compared = measured.filter((each) => each.case === one)
    if (compared.length === 0) continue
    console.log(`\n${one.name}, the middle of the rounds (least, most)`)
    console.log(
      '                        CPU/request   requests/s  speed: to bare node:http  to the fastest other     bytes',
    )
    for (const each of compared.toSorted((a, b) => cpuOf(a) - cpuOf(b))) {
      console.log(
        each.server.padEnd(22) +
          `${cpuOf(each).toFixed(1)} µs`.padStart(13) +
          median(each.rounds.map(({ perSecond }) => perSecond))
            .toFixed(0)
            .padStart(13) +
          written(toBare(each, measured)).padStart(28) +
          written(toBestPeer(each, measured)).padStart(23) +
          String(each.bytes).padStart(10),
      )
    }
  }
}

export function missedLimits(measured: readonly Measured[]): string[] {
  return cases.flatMap((one) => {
    const own = measured.find((each) => each.case === one && each.server === DATELINE.name)
    if (!own) return [`${one.name}: the gateway gives no ETag`]
    const toPeer = one.isConditional ? null : toBestPeer(own, measured)
    return [
      ...missed(`${one.name}: speed relative to bare node:http`, toBare(own, measured), LIMITS.toBare),
      ...missed(`${one.name}: speed relative to the fastest other GraphQL server`, toPeer, LIMITS.toBestPeer),
    ]
  })
}

export function chart(measured: readonly Measured[]): string {
  return barChart({
    title: 'Server CPU per request in µs, responses known to the server',
    groups: cases
      .map((one) => ({ name: one.name, bars: barsOf(one, measured) }))
      .filter(({ bars }) => bars.length > 0),
  })
}

function barsOf(one: Case, measured: readonly Measured[]) {
  return measured
    .filter((each) => each.case === one)
    .toSorted((a, b) => cpuOf(a) - cpuOf(b))
    .map((each) => ({
      name: each.server,
      value: cpuOf(each),
      label: cpuOf(each).toFixed(0),
      colour: each.server === DATELINE.name ? '#1f6f8b' : '#8a8f98',
    }))
}

function missed(what: string, ratio: Ratio | null, limit: number): string[] {
  if (!ratio || ratio.middle >= limit) return []
  return [`${what}: ${ratio.middle.toFixed(2)}, at least ${limit}`]
}

function toBare(one: Measured, measured: readonly Measured[]): Ratio | null {
  return ratioOf(
    one,
    measured.find((other) => other.case === one.case && other.server === BARE.name),
  )
}

function toBestPeer(one: Measured, measured: readonly Measured[]): Ratio | null {
  const peers = measured.filter(
    ({ case: of, server }) => of === one.case && server !== BARE.name && server !== DATELINE.name,
  )
  return ratioOf(one, peers.toSorted((a, b) => cpuOf(a) - cpuOf(b))[0])
}

/** The CPU of the other server per CPU of this one, for each round. */
function ratioOf(one: Measured, other: Measured | undefined): Ratio | null {
  if (!other) return null
  const ratios = one.rounds.map(({ cpu }, round) => (other.rounds[round]?.cpu ?? Number.NaN) / cpu)
  return { middle: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) }
}

function cpuOf({ rounds }: Measured): number {
  return median(rounds.map(({ cpu }) => cpu))
}

function written(ratio: Ratio | null): string {
  if (!ratio) return '-'
  const { middle, least, most } = ratio
  return `${middle.toFixed(2)} (${least.toFixed(2)}, ${most.toFixed(2)})`
}
