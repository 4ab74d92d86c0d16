import { writeFile } from 'node:fs/promises'
import { type CatchUps, measureCatchUps } from './catch-up.ts'
import type { Damage } from './faults.ts'
import type { Past, ReaderLog, Story } from './log.ts'
import type { Options } from './options.ts'
import {
  type Answered,
  type Fault,
  type Finding,
  judgeAcross,
  judgeAnswers,
  judgeStory,
  splitAnswers,
} from './verdict.ts'

/**
 * The limit of the 95th percentile of catching up, in ms, without the time until a reader was connected
 * again. That time is mostly the reader's own pauses, refusals that this run makes, and the starting of
 * killed gateways, which depends on the machine: it has a limit of its own.
 */
export const CATCH_UP_LIMIT_MS = 3_000
export const RECONNECT_LIMIT_MS = 10_000

export interface Quantiles {
  count: number
  p50: number
  p95: number
  max: number
}

/** The result of a run, as written with --json. Times in ms. */
export interface Report {
  options: Options
  /** Entries in all feeds. */
  events: number
  /** Events that readers got. */
  deliveries: number
  /** From each SIGKILL until the gateway served again. */
  gatewayAway: Quantiles
  kills: number
  databaseRestarts: number
  failovers: number
  /** Entries that readers had seen of feeds of lost primaries, and the promoted standby did not have. */
  missedByStandby: number
  busRestarts: number
  cuts: number
  stalls: number
  refusals: number
  resets: number
  faults: Record<Fault, number>
  /** Readers that never caught up after a loss. */
  neverCaughtUp: number
  catchUp: Quantiles & {
    lost: Quantiles
    reconnected: Quantiles
    /** All times, those after a loss counted from the new connection. */
    whileConnected: Quantiles
    stalled: Quantiles
    database: Quantiles
    bus: Quantiles
  }
  /** From decision to arrival, for all deliveries: replayed ones and those that waited for a fault's end too. */
  delivery: Quantiles
  /** Why the run failed; empty when it passed. */
  failures: string[]
}

export interface Evidence {
  options: Options
  stories: readonly Story[]
  logs: readonly ReaderLog[]
  /** Pages as each gateway showed them in the end. */
  finalPages: readonly ReaderLog[]
  answered: Answered
  damage: Damage
  /** What gateways that ended by themselves said last, and answers that the newsroom should not get. */
  incidents: readonly string[]
}

/** Compares everything with the database, and draws up the result. */
export function drawUp({
  options,
  stories,
  logs,
  finalPages,
  answered,
  damage,
  incidents,
}: Evidence): Report {
  const byId = new Map(stories.map((story) => [story.id, story]))
  const past = damage.failovers[0] ?? null
  const { before, since } = past
    ? splitAnswers(answered, past, stories)
    : { before: answered, since: answered }
  const findings = [
    ...stories.flatMap(judgeStory),
    ...judgeAnswers(stories, since),
    ...(past ? [...past.stories.flatMap(judgeStory), ...judgeAnswers(past.stories, before)] : []),
    ...[...logs, ...finalPages].flatMap((log) =>
      judgeAcross(log, byId.get(log.story) as Story, since, past && { past, answered: before }),
    ),
  ]
  const faults = countFaults(findings)
  const outages = { database: damage.databaseRestarts, bus: damage.busRestarts }
  const phases: Phase[] = past
    ? [
        { stories: past.stories, logs: logs.map((log) => untilLoss(log, past)) },
        { stories, logs: logs.map((log) => sincePromotion(log, past)) },
      ]
    : [{ stories, logs }]
  const times = phases.map((phase) => measureCatchUps(phase.logs, phase.stories, outages)).reduce(together)
  const catchUp = summarise(times)
  const report: Report = {
    options,
    events: stories.reduce((sum, { entries }) => sum + entries.length, 0),
    deliveries: logs.reduce(
      (sum, { readings }) => sum + readings.reduce((n, { events }) => n + events.length, 0),
      0,
    ),
    gatewayAway: quantiles(damage.kills.map(({ from, back }) => back - from)),
    kills: damage.kills.length,
    databaseRestarts: damage.databaseRestarts.length,
    failovers: damage.failovers.length,
    missedByStandby: past ? countMissed(past, byId) : 0,
    busRestarts: damage.busRestarts.length,
    cuts: damage.cuts,
    stalls: damage.stalls,
    refusals: damage.refusals,
    resets: logs.reduce(
      (sum, { readings }) => sum + readings.filter(({ resetBy }) => resetBy !== null).length,
      0,
    ),
    faults,
    neverCaughtUp: times.never,
    catchUp,
    delivery: quantiles(phases.flatMap(deliveryTimes)),
    failures: [],
  }
  report.failures = failuresOf(report, findings, incidents)
  return report
}

/** What readers wrote down while one primary served, and what that primary had in the end. */
interface Phase {
  stories: readonly Story[]
  logs: readonly ReaderLog[]
}

/** What a reader wrote down until the primary was lost. */
function untilLoss(log: ReaderLog, { history, from }: Past): ReaderLog {
  const isUntil = ({ back }: { back: number | null }) => back !== null && back < from
  return {
    ...log,
    readings: log.readings.filter(({ page }) => page.history === history && page.loadedAt < from),
    losses: log.losses.filter(isUntil),
    stalls: log.stalls.filter(isUntil),
  }
}

/** What a reader wrote down since the standby was promoted. */
function sincePromotion(log: ReaderLog, { history, back }: Past): ReaderLog {
  const isSince = ({ from }: { from: number }) => from > back
  return {
    ...log,
    readings: log.readings.filter(({ page }) => page.history !== history),
    losses: log.losses.filter(isSince),
    stalls: log.stalls.filter(isSince),
  }
}

/** Who had not caught up when the primary was lost is not one who never did: the next phase shows that. */
function together(a: CatchUps, b: CatchUps): CatchUps {
  return {
    lost: [...a.lost, ...b.lost],
    reconnected: [...a.reconnected, ...b.reconnected],
    stalled: [...a.stalled, ...b.stalled],
    database: [...a.database, ...b.database],
    bus: [...a.bus, ...b.bus],
    never: b.never,
  }
}

/** The entries of the lost primary that the newsroom does not have now. */
function countMissed({ stories }: Past, byId: Map<string, Story>): number {
  const missed = stories.map(({ id, entries }) => {
    const now = byId.get(id)?.entries ?? []
    return entries.filter(({ position, comment }) => now[position - 1]?.comment !== comment).length
  })
  return missed.reduce((sum, count) => sum + count, 0)
}

function failuresOf(report: Report, findings: readonly Finding[], incidents: readonly string[]): string[] {
  const { options, faults, catchUp } = report
  const failures = Object.entries(faults)
    .filter(([, count]) => count > 0)
    .map(([fault, count]) => {
      const { story, position, why } = findings.find((finding) => finding.fault === fault) as Finding
      return `${fault}: ${count}; the first: ${story} ${position === null ? '' : `at ${position}`}: ${why}`
    })
  if (report.neverCaughtUp > 0) failures.push(`${report.neverCaughtUp} readers never caught up`)
  if (catchUp.whileConnected.p95 > CATCH_UP_LIMIT_MS)
    failures.push(
      `catch-up while connected: p95 is ${catchUp.whileConnected.p95} ms, over ${CATCH_UP_LIMIT_MS} ms`,
    )
  if (catchUp.reconnected.p95 > RECONNECT_LIMIT_MS)
    failures.push(`time to reconnect: p95 is ${catchUp.reconnected.p95} ms, over ${RECONNECT_LIMIT_MS} ms`)
  if (report.events === 0 || report.deliveries === 0) failures.push('nothing happened, so nothing was shown')
  if (report.kills < options.kills) failures.push('fewer gateways were killed than asked for')
  if (report.databaseRestarts < options.databaseRestarts) failures.push('too few database restarts')
  if (report.failovers < options.failovers) failures.push('no standby was promoted')
  if (report.failovers > 0 && report.missedByStandby === 0)
    failures.push('the promoted standby had missed nothing, so nothing was shown')
  if (report.busRestarts < options.busRestarts) failures.push('too few bus restarts')
  return [...failures, ...incidents]
}

function countFaults(findings: readonly Finding[]): Record<Fault, number> {
  const counts: Record<Fault, number> = {
    lost: 0,
    duplicated: 0,
    reordered: 0,
    invented: 0,
    shownAfterRetraction: 0,
    wrongPage: 0,
    needlessReset: 0,
    ended: 0,
    database: 0,
  }
  for (const { fault } of findings) counts[fault] += 1
  return counts
}

function summarise({ lost, reconnected, stalled, database, bus }: CatchUps): Report['catchUp'] {
  const resumed = lost.map((time, i) => time - (reconnected[i] ?? 0))
  return {
    ...quantiles([...lost, ...stalled, ...database, ...bus]),
    whileConnected: quantiles([...resumed, ...stalled, ...database, ...bus]),
    lost: quantiles(lost),
    reconnected: quantiles(reconnected),
    stalled: quantiles(stalled),
    database: quantiles(database),
    bus: quantiles(bus),
  }
}

function deliveryTimes({ logs, stories }: Phase): number[] {
  const byId = new Map(stories.map((story) => [story.id, story]))
  const times: number[] = []
  for (const { story, readings } of logs) {
    const { entries } = byId.get(story) as Story
    for (const { events } of readings) {
      for (const { position, at } of events) times.push(at - (entries[position - 1]?.at ?? at))
    }
  }
  return times
}

function quantiles(times: readonly number[]): Quantiles {
  const sorted = Float64Array.from(times).sort()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) }
}

/** The result as a table for people. */
export function asTable(report: Report): string {
  const { options, faults, catchUp, delivery } = report
  const row = (name: string, value: string | number) => `  ${name.padEnd(34)}${value.toLocaleString('en')}`
  const times = (name: string, { count, p50, p95, max }: Quantiles) =>
    row(name, `p50 ${p50}  p95 ${p95}  max ${max} ms  (${count.toLocaleString('en')} times)`)
  return [
    row('sockets', options.sockets),
    row('minutes', options.minutes),
    row('gateways, bus', `${options.gateways}, ${options.bus}`),
    row('seed', String(options.seed)),
    row('events', report.events),
    row('deliveries', report.deliveries),
    row('gateways killed', report.kills),
    times('  until they served again', report.gatewayAway),
    row('database restarts', report.databaseRestarts),
    row('standbys promoted', report.failovers),
    row('  entries that they had missed', report.missedByStandby),
    row('bus restarts', report.busRestarts),
    row('sockets cut, stalled', `${report.cuts.toLocaleString('en')}, ${report.stalls.toLocaleString('en')}`),
    row('times connections were refused', report.refusals),
    row('lost', faults.lost),
    row('duplicated', faults.duplicated),
    row('reordered', faults.reordered),
    row('shown after retraction', faults.shownAfterRetraction),
    row('wrong pages', faults.wrongPage),
    row('ended by a message', faults.ended),
    row('resets', report.resets),
    times('catch-up', catchUp),
    times('  while connected', catchUp.whileConnected),
    times('  after a lost connection', catchUp.lost),
    times('    until connected again', catchUp.reconnected),
    times('  after a stalled connection', catchUp.stalled),
    times('  after a database restart', catchUp.database),
    times('  after a bus restart', catchUp.bus),
    times('from decision to arrival', delivery),
    ...report.failures.map((failure) => `FAILED  ${failure}`),
    report.failures.length === 0 ? 'PASSED' : '',
  ]
    .join('\n')
    .trimEnd()
}

export async function writeReport(file: string, report: Report): Promise<void> {
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`)
}
