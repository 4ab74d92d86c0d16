import type { Entry, Page, Past, ReaderLog, Reading, Received, Story } from './log.ts'

/** What can be wrong with what a reader got. */
export type Fault =
  /** An entry never came, though nobody had taken it back. */
  | 'lost'
  | 'duplicated'
  /** It came after one that stands behind it. */
  | 'reordered'
  /** The database has no such entry. */
  | 'invented'
  /** Words came to a reader who asked for them after they had been taken back. */
  | 'shownAfterRetraction'
  /** A page, as loaded or as it stands in the end, is not what the database has. */
  | 'wrongPage'
  /** The feed told the reader to load the page again, though its cursor was good. */
  | 'needlessReset'
  /** The feed was ended by a message, after which a client does not come back. */
  | 'ended'
  /** The database contradicts itself, or what the newsroom was answered. */
  | 'database'

export interface Finding {
  fault: Fault
  /** The story's slug. */
  story: string
  position: number | null
  why: string
}

/** Decisions that were answered: the comment, and when the answer was there. */
export interface Answered {
  approved: ReadonlyMap<string, number>
  retracted: ReadonlyMap<string, number>
}

/** A gateway may serve what it knew so long ago, in ms. */
export const STALENESS = 1_000

/** Comments on a page. */
export const PAGE_SIZE = 20

/** Compares what one reader wrote down with the story as the database has it. */
export function judgeReader(
  log: ReaderLog,
  story: Story,
  answered: Answered,
  { goesOn = false }: { goesOn?: boolean } = {},
): Finding[] {
  const findings: Finding[] = []
  const find: Find = (fault, position, why) => findings.push({ fault, story: story.slug, position, why })
  for (const [i, reading] of log.readings.entries()) {
    const last = i === log.readings.length - 1 && !goesOn
    judgePage(reading.page, story, answered, find)
    judgeEvents(reading, story, answered, find)
    judgeGaps(reading, story, last, find)
    if (last) judgeFinalPage(reading, story, find)
    const isToldOfLoss = goesOn && reading.resetBy === 'OTHER_HISTORY'
    if (reading.resetBy !== null && reading.resetBy !== 'TOO_OLD' && !isToldOfLoss) {
      find('needlessReset', null, `reset because of ${reading.resetBy}`)
    }
  }
  for (const message of log.ends) find('ended', null, `the feed was ended by ${message}`)
  if (log.readings.length === 0) find('wrongPage', null, NEVER_LOADED)
  return findings
}

/**
 * The same for a reader who lived through the loss of a primary. What it read before is compared with what that
 * primary had; then it must have been told of the loss, and have loaded the page again.
 *
 * @param answered the decisions of the history that the story is from
 */
export function judgeAcross(log: ReaderLog, story: Story, answered: Answered, lost: Lost | null): Finding[] {
  if (!lost) return judgeReader(log, story, answered)
  const { past, answered: answeredThen } = lost
  const before = log.readings.filter(({ page }) => page.history === past.history)
  const since = log.readings.filter(({ page }) => page.history !== past.history)
  const then = past.stories.find(({ id }) => id === story.id) as Story
  // A page that a gateway served before its first look at the new primary: its cursor is refused.
  const between = before.filter(({ page }) => page.loadedAt > past.from)
  const settled = before.filter((reading) => !between.includes(reading))
  const invented = between
    .flatMap(({ events }) => events)
    .map(
      ({ position }): Finding => ({
        fault: 'invented',
        story: story.slug,
        position,
        why: 'it was sent after a cursor of the lost primary',
      }),
    )
  return [
    ...judgeReader({ ...log, readings: settled, ends: [] }, then, answeredThen, { goesOn: true }).filter(
      ({ why }) => settled.length > 0 || why !== NEVER_LOADED,
    ),
    ...invented,
    ...judgeReader({ ...log, readings: since }, story, answered),
  ]
}

/** A primary that was lost, and the decisions that were answered until then. */
export interface Lost {
  past: Past
  answered: Answered
}

/** Splits what was answered into what the lost primary had to have, and what the database has to have. */
export function splitAnswers(
  { approved, retracted }: Answered,
  past: Past,
  stories: readonly Story[],
): { before: Answered; since: Answered } {
  const kept = new Set(
    stories.flatMap(({ entries }) => entries.map(({ kind, comment }) => `${kind} ${comment}`)),
  )
  const split = (decisions: ReadonlyMap<string, number>, kind: Entry['kind']) => {
    const before = new Map([...decisions].filter(([, at]) => at <= past.from))
    const since = new Map(
      [...decisions].filter(([comment, at]) => at > past.from || kept.has(`${kind} ${comment}`)),
    )
    return { before, since }
  }
  const [approvals, retractions] = [split(approved, 'APPROVED'), split(retracted, 'RETRACTED')]
  return {
    before: { approved: approvals.before, retracted: retractions.before },
    since: { approved: approvals.since, retracted: retractions.since },
  }
}

const NEVER_LOADED = 'the page was never loaded'

type Find = (fault: Fault, position: number | null, why: string) => void

/** A page must show what was so at its own cursor, and nothing that was long taken back. */
function judgePage(page: Page, story: Story, { retracted }: Answered, find: Find): void {
  const then = shownAt(story.entries, page.position)
  const expected = then.slice(0, PAGE_SIZE).map(({ comment }) => comment)
  if (!sameList(page.comments, expected)) {
    find(
      'wrongPage',
      page.position,
      `it was loaded with ${page.comments.length} comments; at its cursor, ${expected.length} were visible`,
    )
  }
  if (page.more !== then.length > PAGE_SIZE) find('wrongPage', page.position, 'its hasNextPage is wrong')
  for (const comment of page.comments) {
    if (page.requestedAt > (retracted.get(comment) ?? Number.POSITIVE_INFINITY) + STALENESS) {
      find('shownAfterRetraction', null, `${comment} is on a page that was requested after its retraction`)
    }
  }
}

function judgeEvents({ page, events }: Reading, story: Story, { retracted }: Answered, find: Find): void {
  const got = new Set<number>()
  let last = page.position
  for (const event of events) {
    const { position, kind, comment } = event
    if (!isEntry(event, story.entries[position - 1])) {
      find('invented', position, `${kind} ${comment} is not the entry at this position`)
      continue
    }
    if (got.has(position) || position <= page.position) find('duplicated', position, 'it was received again')
    else if (position < last) find('reordered', position, `it was received after ${last}`)
    got.add(position)
    last = Math.max(last, position)
    const takenDown = retracted.get(comment) ?? Number.POSITIVE_INFINITY
    if (kind === 'APPROVED' && event.subscribedAt > takenDown + STALENESS) {
      find(
        'shownAfterRetraction',
        position,
        'its text was sent on a connection that was opened after its retraction',
      )
    }
  }
}

/**
 * Every entry must have come, but for an approval that was taken back before it was read for this reader;
 * it was read before anything behind it arrived.
 */
function judgeGaps({ page, events }: Reading, story: Story, last: boolean, find: Find): void {
  const arrival = new Map<number, number>()
  for (const event of events) {
    const { position, at } = event
    if (isEntry(event, story.entries[position - 1]) && !arrival.has(position)) arrival.set(position, at)
  }
  const takenBack = retractionTimes(story.entries)
  const end = last ? story.entries.length : Math.max(page.position, ...arrival.keys())
  let nextAt = Number.POSITIVE_INFINITY
  for (let position = end; position > page.position; position--) {
    const at = arrival.get(position)
    const { kind, comment } = story.entries[position - 1] as Entry
    const goneAt = takenBack.get(comment)
    if (at !== undefined) nextAt = Math.min(nextAt, at)
    else if (kind === 'RETRACTED') find('lost', position, 'a retraction was not received')
    else if (goneAt === undefined || goneAt > nextAt) {
      find('lost', position, 'an approval was not received, and the comment was not yet retracted')
    }
  }
}

/** What is on the reader's screen in the end, as far down as its page goes. */
function judgeFinalPage({ page, events }: Reading, story: Story, find: Find): void {
  const screen = new Set(page.comments)
  for (const { kind, comment } of events) {
    if (kind === 'APPROVED') screen.add(comment)
    else screen.delete(comment)
  }
  const oldest = page.comments.at(-1)
  const bottom = page.more ? (story.entries.find(({ comment }) => comment === oldest)?.position ?? 0) : 0
  const due = story.shown.filter(({ position }) => position >= bottom).map(({ comment }) => comment)
  const missing = due.filter((comment) => !screen.has(comment)).length
  const extra = screen.size - (due.length - missing)
  if (missing > 0 || extra > 0) {
    find('wrongPage', null, `at the end, ${missing} comments are missing, and ${extra} should not be shown`)
  }
}

/** Compares a story with itself and with what the newsroom was answered. */
export function judgeStory(story: Story): Finding[] {
  const findings: Finding[] = []
  const find = (position: number | null, why: string) =>
    findings.push({ fault: 'database', story: story.slug, position, why })
  story.entries.forEach(({ position }, i) => {
    if (position !== i + 1) find(position, `it is entry ${i + 1} of the feed`)
  })
  if (story.feedPosition !== story.entries.length)
    find(story.feedPosition, 'the feed ends at another position')
  if (story.commentCount !== story.shown.length) find(null, `its comment count is ${story.commentCount}`)
  const replayed = shownAt(story.entries, story.entries.length)
  if (!sameList(replayed.map(named), story.shown.map(named)))
    find(null, 'its visible comments differ from those of its feed')
  return findings
}

/** Every decision that was answered must be in some feed. */
export function judgeAnswers(stories: readonly Story[], { approved, retracted }: Answered): Finding[] {
  const kept = new Set(
    stories.flatMap(({ entries }) => entries.map(({ kind, comment }) => `${kind} ${comment}`)),
  )
  const answered = [
    ...[...approved.keys()].map((comment) => `APPROVED ${comment}`),
    ...[...retracted.keys()].map((comment) => `RETRACTED ${comment}`),
  ]
  return answered
    .filter((decision) => !kept.has(decision))
    .map((decision) => ({
      fault: 'database',
      story: '',
      position: null,
      why: `${decision} was answered, but is not stored`,
    }))
}

/** The comments that were to be seen at a position, newest approval first. */
function shownAt(entries: readonly Entry[], position: number): { comment: string; position: number }[] {
  const shown = new Map<string, number>()
  for (const entry of entries) {
    if (entry.position > position) break
    if (entry.kind === 'APPROVED') shown.set(entry.comment, entry.position)
    else shown.delete(entry.comment)
  }
  return [...shown].map(([comment, position]) => ({ comment, position })).reverse()
}

const retractions = new WeakMap<readonly Entry[], Map<string, number>>()

/** When each comment was taken back. Worked out once for all readers of a story. */
function retractionTimes(entries: readonly Entry[]): Map<string, number> {
  const known = retractions.get(entries)
  if (known) return known
  const times = new Map(
    entries.filter(({ kind }) => kind === 'RETRACTED').map(({ comment, at }) => [comment, at]),
  )
  retractions.set(entries, times)
  return times
}

function isEntry(event: Received, entry: Entry | undefined): boolean {
  return entry?.kind === event.kind && entry.comment === event.comment
}

function named({ comment, position }: { comment: string; position: number }): string {
  return `${position} ${comment}`
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}
