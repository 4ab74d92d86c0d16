import type { Announcer } from '../bus/bus.ts'
import { announceDue } from '../change/due.ts'
import type { ChangeKind, DeliveryWay, PrismaClient } from '../db/client/client.ts'
import { InvalidInput } from '../errors.ts'
import { MAX_PAGE } from '../graphql/limits.ts'
import { type Audience, termsOf } from './audience.ts'
import { positionOf, UnknownCursor, writeChangeCursor } from './cursor.ts'
import { everGiven, type Handed, recordDeliveries } from './ledger.ts'
import { loadOutlines, loadStories } from './load.ts'
import { lapsesAt, mayHave, type Outline, project } from './project.ts'
import type { SyndicatedStory } from './story.ts'

/** Why a partner may not keep a story. */
export type RemovalReason = 'WITHHELD' | 'CANCELED' | 'EMBARGOED' | 'LICENCE'

/** One change as an audience is told of it: with the story as it stands now, or with the word to remove it. */
export interface ToldChange {
  /** The place behind the change. */
  cursor: string
  position: number
  /** What happened then. */
  kind: ChangeKind
  at: Date
  /** The key of the story. */
  articleId: string
  /** The story's version now. */
  version: number
  outcome: { story: SyndicatedStory } | { removed: RemovalReason }
}

export interface ChangePage {
  changes: ToldChange[]
  /** The place from which to go on: behind everything that was looked at. */
  cursor: string
  /** Whether there is more already. */
  more: boolean
}

export interface ChangeDeps {
  prisma: PrismaClient
  bus: Announcer
  now: () => Date
  publicUrl: string
}

export interface ChangeRequest {
  audience: Audience
  /** How it is handed over, for the ledger. */
  via: DeliveryWay
  /** The place after which to read; null for the beginning. */
  after: string | null
  /** At most so many changes, up to MAX_PAGE. */
  first: number
}

/** Entries of the sequence looked at in one query, and for one page: a narrow licence passes over most. */
const STRETCH = 200
const LONGEST_LOOK = 2_000

/**
 * What an audience is told of the change sequence behind a cursor, in the order of commits and without gaps.
 * What it may not have, and never had, is passed over. The story of each change is the story as it stands now,
 * so whoever applies the changes in their order ends with what it may have now.
 *
 * Whatever goes to a partner is in the ledger before this returns.
 *
 * @throws UnknownCursor, InvalidInput for `first`
 */
export async function readChanges(request: ChangeRequest, deps: ChangeDeps): Promise<ChangePage> {
  const { audience, via, first } = request
  if (first < 1 || first > MAX_PAGE) throw new InvalidInput('first', `"first" is between 1 and ${MAX_PAGE}.`)
  await announceDue(deps)
  const { epoch, head } = await endOfSequence(deps.prisma)
  const start = request.after === null ? 0 : positionOf(request.after, epoch)
  if (start > head) throw new UnknownCursor()

  const changes: ToldChange[] = []
  let position = start
  while (position < head && changes.length < first && position - start < LONGEST_LOOK) {
    const told = await readStretch(
      { audience, epoch, after: position, upTo: Math.min(head, position + STRETCH) },
      deps,
    )
    const kept = told.slice(0, first - changes.length)
    changes.push(...kept)
    position =
      kept.length < told.length ? (kept.at(-1) as ToldChange).position : Math.min(head, position + STRETCH)
  }
  if (audience.kind === 'partner' && changes.length > 0) {
    const to = { partnerId: audience.id, via, at: deps.now() }
    await deps.prisma.$transaction((tx) => recordDeliveries(tx, to, handedIn(changes, audience)))
  }
  return { changes, cursor: writeChangeCursor({ epoch, position }), more: position < head }
}

/** The cursor behind everything that has happened so far. */
export async function cursorNow(prisma: PrismaClient): Promise<string> {
  const { epoch, head } = await endOfSequence(prisma)
  return writeChangeCursor({ epoch, position: head })
}

/** Both from one snapshot: a head of one history with the epoch of another would be no place at all. */
async function endOfSequence(prisma: PrismaClient): Promise<{ epoch: string; head: number }> {
  const [row] = await prisma.$queryRaw<{ epoch: string; head: number }[]>`
    SELECT e."epoch"::text AS epoch, h."position" AS head FROM "FeedEpoch" e, "ChangeHead" h`
  if (!row) throw new Error('the database has neither epoch nor head')
  return row
}

interface Stretch {
  audience: Audience
  epoch: string
  after: number
  upTo: number
}

/** The changes of a few entries. Stories are read after the entries: none is older than what it stands beside. */
async function readStretch(
  { audience, epoch, after, upTo }: Stretch,
  { prisma, now, publicUrl }: ChangeDeps,
): Promise<ToldChange[]> {
  const entries = await prisma.articleChange.findMany({
    where: { position: { gt: after, lte: upTo }, ...concerning(audience) },
    orderBy: { position: 'asc' },
  })
  const outlines = await loadOutlines(
    prisma,
    entries.map(({ articleId }) => articleId),
  )
  const moment = now()
  const [open, shut] = partition([...outlines.values()], (outline) => mayHave(outline, audience, moment))
  const stories = await loadStories(
    prisma,
    open.map(({ id }) => id),
    publicUrl,
  )
  const given =
    audience.kind === 'partner' ? await everGiven(prisma, audience.id, outlines.keys().toArray()) : new Set()
  return entries.flatMap(({ position, articleId, kind, at }): ToldChange[] => {
    const story = stories.get(articleId)
    const version = story && project(story, audience, moment)
    const base = { cursor: writeChangeCursor({ epoch, position }), position, kind, at, articleId }
    if (version) return [{ ...base, version: version.version, outcome: { story: version } }]
    const outline = story ?? shut.find(({ id }) => id === articleId)
    if (!outline || !given.has(articleId)) return []
    return [{ ...base, version: outline.version, outcome: { removed: reasonOf(outline, moment) } }]
  })
}

/** Whose entries an audience is told of: editors of every partner's, partners of their own beside everybody's. */
function concerning(audience: Audience) {
  if (audience.kind === 'newsroom') return {}
  const own = audience.kind === 'partner' ? [{ partnerId: audience.id }] : []
  return { OR: [{ partnerId: null }, ...own] }
}

/** Why a story that an audience may not have may not be had. */
export function reasonOf({ status, publishedAt, embargoedUntil }: Outline, now: Date): RemovalReason {
  if (status !== 'USABLE') return status
  const isAhead = publishedAt > now || (embargoedUntil !== null && embargoedUntil > now)
  return isAhead ? 'EMBARGOED' : 'LICENCE'
}

/** Each story once, as the last change of it says. */
function handedIn(changes: readonly ToldChange[], audience: Audience): Handed[] {
  const last = new Map(changes.map((change) => [change.articleId, change]))
  return [...last.values()].map(({ articleId, version, outcome }) =>
    handed(articleId, version, outcome, audience),
  )
}

/** What the ledger says of a story handed to an audience. */
export function handed(
  articleId: string,
  version: number,
  outcome: ToldChange['outcome'],
  audience: Audience,
): Handed {
  return 'story' in outcome
    ? { articleId, version, kind: 'STORY', lapsesAt: lapsesAt(outcome.story, termsOf(audience)) }
    : { articleId, version, kind: 'REMOVAL', lapsesAt: null }
}

function partition<T>(items: readonly T[], is: (item: T) => boolean): [T[], T[]] {
  const yes: T[] = []
  const no: T[] = []
  for (const item of items) (is(item) ? yes : no).push(item)
  return [yes, no]
}
