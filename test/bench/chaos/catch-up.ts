import type { Outage, ReaderLog, Story } from './log.ts'

/** How long after a server is back what is decided still counts as its outage's, in ms. */
export const AFTERMATH = 2_000

/** How long each reader took to be where the feed was, in ms, by what had happened to it. */
export interface CatchUps {
  /** Its connection was lost: from then until it had all that was decided before it was back. */
  lost: number[]
  /** The part of it until its feed was acknowledged again: pauses, refusals and handshakes. */
  reconnected: number[]
  /** Its connection stalled: from its end until it had all that was decided until 2 s after. */
  stalled: number[]
  /** The same for a restart of the database, for readers whose connection held. */
  database: number[]
  /** The same for the bus. */
  bus: number[]
  /** Losses after which a reader never caught up. */
  never: number
}

/** Measures every reader's log. Readers whom an outage kept nothing from are not counted for it. */
export function measureCatchUps(
  logs: readonly ReaderLog[],
  stories: readonly Story[],
  outages: { database: readonly Outage[]; bus: readonly Outage[] },
): CatchUps {
  const byId = new Map(stories.map((story) => [story.id, story]))
  const result: CatchUps = { lost: [], reconnected: [], stalled: [], database: [], bus: [], never: 0 }
  for (const log of logs) {
    const story = byId.get(log.story) as Story
    const times = arrivals(log)
    for (const time of afterLosses(log, story, times)) {
      if (time === null) result.never += 1
      else {
        result.lost.push(time.caughtUp)
        result.reconnected.push(time.reconnected)
      }
    }
    for (const stall of log.stalls) result.stalled.push(...afterOutage(stall, log, story, times))
    for (const outage of outages.database) result.database.push(...afterOutage(outage, log, story, times))
    for (const outage of outages.bus) result.bus.push(...afterOutage(outage, log, story, times))
  }
  return result
}

/** When each position was there: with its event, or with a page that was behind it. */
class Arrivals {
  readonly exact = new Map<number, number>()
  /** Times and the furthest position that was there by then, both rising. */
  readonly reached: { at: number; position: number }[] = []

  add(position: number, at: number): void {
    const last = this.reached.at(-1)
    if (!last || position > last.position) this.reached.push({ at, position })
  }

  /** The first moment with everything up to a position; null when there was none. */
  when(position: number): number | null {
    let [low, high] = [0, this.reached.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.reached[middle]?.position ?? 0) < position) low = middle + 1
      else high = middle
    }
    return this.reached[low]?.at ?? null
  }
}

function arrivals({ readings }: ReaderLog): Arrivals {
  const result = new Arrivals()
  for (const { page, events } of readings) {
    result.add(page.position, page.loadedAt)
    for (const { position, at } of events) {
      result.exact.set(position, at)
      result.add(position, at)
    }
  }
  return result
}

/** One time for each loss; a loss before the reader had caught up belongs to the one before. */
function afterLosses(
  { losses }: ReaderLog,
  story: Story,
  times: Arrivals,
): ({ caughtUp: number; reconnected: number } | null)[] {
  const result: ({ caughtUp: number; reconnected: number } | null)[] = []
  const due = dueEntries(story)
  let since: number | null = null
  for (const [i, { from, back }] of losses.entries()) {
    since ??= from
    if (back === null) continue
    const target = due.findLast(({ at }) => at <= back)?.position ?? 0
    const reached = times.when(target)
    const next = losses[i + 1]?.from ?? Number.POSITIVE_INFINITY
    if (reached === null && next === Number.POSITIVE_INFINITY) break
    if (reached === null || reached > next) continue
    result.push({ caughtUp: Math.max(reached, back) - since, reconnected: back - since })
    since = null
  }
  if (since !== null) result.push(null)
  return result
}

/** The longest that anything decided in an outage took to arrive after its end; nothing when there was none. */
function afterOutage(outage: Outage, { losses }: ReaderLog, story: Story, times: Arrivals): number[] {
  const end = outage.back + AFTERMATH
  if (losses.some(({ from, back }) => from < end + AFTERMATH && (back ?? from) > outage.from)) return []
  const waits: number[] = []
  for (const { position, at } of dueEntries(story)) {
    const arrived = at >= outage.from && at <= end ? times.exact.get(position) : undefined
    if (arrived !== undefined) waits.push(Math.max(0, arrived - Math.max(at, outage.back)))
  }
  return waits.length > 0 ? [Math.max(...waits)] : []
}

const due = new WeakMap<Story, Story['entries']>()

/** The entries that every reader must get: an approval that was taken back may be missing for good reason. */
function dueEntries(story: Story): Story['entries'] {
  const known = due.get(story)
  if (known) return known
  const back = new Set(story.entries.filter(({ kind }) => kind === 'RETRACTED').map(({ comment }) => comment))
  const entries = story.entries.filter(({ kind, comment }) => kind === 'RETRACTED' || !back.has(comment))
  due.set(story, entries)
  return entries
}
