import { setTimeout as after } from 'node:timers/promises'
import type { Bus } from './bus.ts'
import type { ChaosDatabase } from './database.ts'
import type { Gateways } from './gateways.ts'
import { readStories } from './ledger.ts'
import type { Outage, Past } from './log.ts'
import type { Newsroom } from './newsroom.ts'
import type { Options } from './options.ts'
import type { Line, LossyProxy } from './proxy.ts'
import { between, oneOf, type Random } from './random.ts'
import type { Reader } from './reader.ts'

/** What was broken, and when. */
export interface Damage {
  kills: Outage[]
  databaseRestarts: Outage[]
  busRestarts: Outage[]
  /** Primaries that were lost. */
  failovers: Past[]
  cuts: number
  stalls: number
  refusals: number
}

export interface Breakable {
  gateways: Gateways
  database: ChaosDatabase
  newsroom: Newsroom
  bus: Bus
  proxy: LossyProxy
  readers: readonly Reader[]
}

type Kind = 'kill' | 'database' | 'failover' | 'bus' | 'crowd' | 'refuse'

interface Fault {
  kind: Kind
  /** ms from the beginning. */
  at: number
}

/** The share of the sockets that are cut in an ordinary second, and that are stalled. */
const CUT_SHARE = 0.005
const STALL_SHARE = 0.005

/** How long a stall lasts, in ms. Half of them end in a cut. */
const STALL = [300, 4_000] as const

/** How long a killed gateway, or a stopped server, stays away, in ms. */
const AWAY = [200, 2_000] as const

/** How long a standby misses what is committed before it is promoted, in ms. */
const LAG_MS = [1_000, 4_000] as const

/** How long connections are refused, in ms. */
const REFUSAL = [300, 1_500] as const

/** The faults of a run: each kind spread over it, each fault at a moment left to chance in its own stretch. */
export function schedule(options: Options, random: Random): Fault[] {
  const length = options.minutes * 60_000
  const { kills, databaseRestarts, busRestarts, failovers, minutes } = options
  const counts: [Kind, number][] = [
    ['kill', kills],
    ['database', databaseRestarts],
    ['bus', busRestarts],
    ['crowd', Math.ceil(minutes)],
    ['refuse', Math.ceil(2 * minutes)],
  ]
  return counts
    .flatMap<Fault>(([kind, count]) =>
      Array.from({ length: count }, (_, i) => ({
        kind,
        at: (length * (0.03 + i + 0.94 * random())) / count,
      })),
    )
    .concat(failovers > 0 ? { kind: 'failover', at: length * (0.4 + 0.2 * random()) } : [])
    .sort((a, b) => a.at - b.at)
}

/** Breaks things as scheduled, sockets beside that all the time, and mends everything before it settles. */
export async function breakThings(
  options: Options,
  things: Breakable,
  random: Random,
  damage: Damage,
  signal: AbortSignal,
): Promise<void> {
  const began = performance.now()
  const failing = new AbortController()
  const until = AbortSignal.any([signal, failing.signal])
  const underWay: Promise<void>[] = []
  /** What can't be mended ends the run at once. */
  const begin = (work: Promise<void>) => {
    underWay.push(work)
    work.catch((error) => failing.abort(error))
  }
  begin(breakSockets(options.minutes * 60_000, things, random, damage, until))
  try {
    for (const { kind, at } of schedule(options, random)) {
      await after(Math.max(0, began + at - performance.now()), undefined, { signal: until })
      begin(breakOne(kind, things, random, damage))
    }
    await Promise.all(underWay)
  } catch (error) {
    throw failing.signal.aborted ? failing.signal.reason : error
  }
}

async function breakOne(kind: Kind, things: Breakable, random: Random, damage: Damage): Promise<void> {
  const from = Date.now()
  const away = between(random, ...AWAY)
  switch (kind) {
    case 'kill':
      await killOne(things.gateways, random, away)
      damage.kills.push({ from, back: Date.now() })
      break
    case 'database':
      await inTurn(things.database, async () => {
        await things.database.stopImmediate()
        await after(away)
        await things.database.start()
      })
      damage.databaseRestarts.push({ from, back: Date.now() })
      break
    case 'failover':
      await inTurn(things.database, async () => {
        damage.failovers.push(await failOver(things, between(random, ...LAG_MS)))
      })
      break
    case 'bus':
      await inTurn(things.bus, () => things.bus.restart(away))
      damage.busRestarts.push({ from, back: Date.now() })
      break
    case 'crowd':
      for (const line of things.proxy.lines) if (random() < 0.25) cut(line, damage)
      break
    case 'refuse':
      damage.refusals += 1
      things.proxy.refusing = true
      await after(between(random, ...REFUSAL))
      things.proxy.refusing = false
  }
}

/** Promotes a standby that misses the decisions of some moments. Comments of these moments are gone. */
async function failOver({ database, newsroom }: Breakable, lagMs: number): Promise<Past> {
  await database.beginLag()
  await after(lagMs)
  await newsroom.pause()
  const past = await database.failOver()
  const stories = await readStories(database.url)
  newsroom.resume(stories.flatMap(({ shown }) => shown.map(({ comment }) => comment)))
  return past
}

const turns = new WeakMap<object, Promise<void>>()

/** Never restarts a thing twice at once. */
function inTurn(thing: object, work: () => Promise<void>): Promise<void> {
  const turn = (turns.get(thing) ?? Promise.resolve()).then(work)
  turns.set(thing, turn)
  return turn
}

/** Kills any gateway that serves, once there is one, and starts it again after a while. */
async function killOne(gateways: Gateways, random: Random, away: number): Promise<void> {
  while (!gateways.all.some(({ ready }) => ready)) await after(50)
  const gateway = oneOf(
    random,
    gateways.all.filter(({ ready }) => ready),
  )
  await gateway.kill()
  await after(away)
  await gateway.start()
}

async function breakSockets(
  length: number,
  { proxy, readers }: Breakable,
  random: Random,
  damage: Damage,
  signal: AbortSignal,
): Promise<void> {
  const end = performance.now() + length
  const stalls: Promise<void>[] = []
  while (performance.now() < end) {
    await after(1_000, undefined, { signal })
    for (const line of proxy.lines) {
      const chance = random()
      if (chance < CUT_SHARE) cut(line, damage)
      else if (chance < CUT_SHARE + STALL_SHARE && !line.stalled)
        stalls.push(stall(line, readers, random, damage))
    }
  }
  await Promise.all(stalls)
}

function cut(line: Line, damage: Damage): void {
  damage.cuts += 1
  line.cut()
}

async function stall(line: Line, readers: readonly Reader[], random: Random, damage: Damage): Promise<void> {
  const reader = readers.find(({ localPort }) => localPort === line.readerPort)
  const from = Date.now()
  damage.stalls += 1
  line.stall()
  await after(between(random, ...STALL))
  if (random() < 0.5) return line.cut()
  line.resume()
  reader?.noteStall({ from, back: Date.now() })
}
