import type { Announcer } from '../bus/bus.ts'
import { announceDue } from '../change/due.ts'
import { readChangeHead } from '../change/head.ts'
import type { ChangeKind, DeliveryWay, PrismaClient } from '../db/client/client.ts'
import { InvalidInput } from '../errors.ts'
import { MAX_PAGE } from '../graphql/limits.ts'
import { upToDate } from '../partner/audience.ts'
import { type Audience, termsOf } from './audience.ts'
import { placeOf, writeChangeCursor } from './cursor.ts'
import { handOver } from './hand-over.ts'
import { everGiven, type Handed } from './ledger.ts'
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
  /** Tells of removals and passes over everything else, to which the cursor returns later. */
  removalsOnly?: boolean
}

/** Entries of the sequence looked at in one query, and for one page: a narrow licence passes over most. */
const STRETCH = 200
const LONGEST_LOOK = 2_000

/**
 * What an audience is told of the change sequence behind a cursor, in the order of commits and without gaps.
 * What it may not have, and never had, is passed over. The story of each change is the story as it stands now,
 * so whoever applies the changes in their order ends with what it may have now.
 *
 * Whatever goes to a partner is in the ledger before this returns, and has not changed in between.
 *
 * @throws UnknownCursor, InvalidInput for `first`, Forbidden for a partner that is not served any more
 */
export async function readChanges(request: ChangeRequest, deps: ChangeDeps): Promise<ChangePage> {
  const { via } = request
  if (request.first < 1 || request.first > MAX_PAGE) {
    throw new InvalidInput('first', `"first" is between 1 and ${MAX_PAGE}.`)
  }
  await announceDue(deps)
  // Of half as many, fewer change while they are read: however busy the newsroom, a page comes about.
  for (let { first } = request; ; first = Math.ceil(first / 2)) {
    const { page, head, audience } = await readPage({ ...request, first }, deps)
    if (audience.kind !== 'partner') return page
    const handed = handedIn(page.changes, audience)
    if (await handOver({ partnerId: audience.id, via, head, handed }, deps)) return page
  }
}

/**
 * Reads a page. The licence is read after the head, as stories are: judged by an older one, an entry that says
 * that the licence has changed would go by unheeded, and never come again.
 */
async function readPage(request: ChangeRequest, deps: ChangeDeps) {
  const { audience: asker, after, first, removalsOnly = false } = request
  const { epoch, head } = await endOfSequence(deps.prisma)
  const audience = await upToDate(asker, deps.prisma)
  const start = after === null ? { position: 0, removals: 0 } : placeOf(after, { epoch, head })
  const cursorAt = (position: number) =>
    writeChangeCursor({ epoch, ...(removalsOnly ? { ...start, removals: position } : { position }) })

  const changes: ToldChange[] = []
  let position = removalsOnly ? start.removals : start.position
  for (
    let looked = 0;
    position < head && changes.length < first && looked < LONGEST_LOOK;
    looked += STRETCH
  ) {
    const most = first - changes.length
    const stretch = await readStretch(
      { audience, cursorAt, after: position, upTo: head, most, removalsOnly },
      deps,
    )
    changes.push(...stretch.told)
    position = stretch.position
  }
  const page = { changes, cursor: cursorAt(position), more: position < head }
  return { page, head, audience }
}

/** The cursor behind everything that has happened so far. */
export async function cursorNow(prisma: PrismaClient): Promise<string> {
  const { epoch, head } = await endOfSequence(prisma)
  return writeChangeCursor({ epoch, position: head })
}

/** Where the sequence ends, with the history that this position belongs to. */
export async function endOfSequence(prisma: PrismaClient): Promise<{ epoch: string; head: number }> {
  const { history, position } = await readChangeHead(prisma)
  return { epoch: history, head: position }
}

interface Stretch extends Required<Pick<ChangeRequest, 'audience' | 'removalsOnly'>> {
  /** Writes the cursor behind an entry. */
  cursorAt: (position: number) => string
  after: number
  upTo: number
  /** The most changes that are wanted. */
  most: number
}

/** The changes of a few entries, and where the next stretch begins. */
async function readStretch(
  { audience, cursorAt, after, upTo, most, removalsOnly }: Stretch,
  { prisma, now, publicUrl }: ChangeDeps,
): Promise<{ told: ToldChange[]; position: number }> {
  const entries = await prisma.articleChange.findMany({
    where: { position: { gt: after, lte: upTo }, ...concerning(audience) },
    orderBy: { position: 'asc' },
    take: STRETCH,
  })
  // Stories are read after the entries: none is older than what it stands beside.
  const outlines = await loadOutlines(
    prisma,
    entries.map(({ articleId }) => articleId),
  )
  const moment = momentOf(entries, now())
  const given =
    audience.kind === 'partner' ? await everGiven(prisma, audience.id, outlines.keys().toArray()) : new Set()
  const isOpen = ({ articleId }: { articleId: string }) => {
    const outline = outlines.get(articleId)
    return outline !== undefined && mayHave(outline, audience, moment)
  }
  const tellable = entries.filter((entry) => (isOpen(entry) ? !removalsOnly : given.has(entry.articleId)))
  const taken = tellable.slice(0, most)
  const stories = await loadStories(
    prisma,
    taken.filter(isOpen).map(({ articleId }) => articleId),
    publicUrl,
  )
  const told = taken.flatMap(({ position, articleId, kind, at }): ToldChange[] => {
    const story = stories.get(articleId)
    const version = story && project(story, audience, moment)
    const base = { cursor: cursorAt(position), position, kind, at, articleId }
    if (version) return [{ ...base, version: version.version, outcome: { story: version } }]
    const outline = story ?? outlines.get(articleId)
    if (!outline || !given.has(articleId)) return []
    return [{ ...base, version: outline.version, outcome: { removed: reasonOf(outline, moment) } }]
  })
  const last = taken.length < tellable.length ? taken.at(-1) : entries.length === STRETCH && entries.at(-1)
  return { told, position: last ? last.position : upTo }
}

/** How far another gateway's clock may be ahead of ours for us to go by it, in ms. */
const MOST_AHEAD = 60_000

/**
 * The moment at which rights are judged. Where the gateway that wrote an entry has a clock ahead of ours, it is
 * by that one: an entry that says that an embargo has lifted is read once, and not again when we agree.
 */
export function momentOf(entries: readonly { at: Date }[], now: Date): Date {
  const newest = Math.max(now.getTime(), ...entries.map(({ at }) => at.getTime()))
  return new Date(Math.min(newest, now.getTime() + MOST_AHEAD))
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
