import { InvalidInput } from '../base/errors.ts'
import type { Publisher } from '../bus/bus.ts'
import { readChangeHead } from '../changelog/head.ts'
import type { DeliveryWay, PrismaClient } from '../db/client/client.ts'
import { MAX_PAGE_SIZE } from '../graphql/limits.ts'
import type { Audience } from '../licensing/audience.ts'
import { announceDue } from '../licensing/due-changes.ts'
import { upToDate } from '../licensing/partner-audience.ts'
import { isBefore, type Place, readChangeCursor, START, UnknownCursor, writeChangeCursor } from './cursor.ts'
import { recordDelivery } from './delivery.ts'
import { type EntryArticle, readEntries } from './entries.ts'
import { findRemovals } from './find-removals.ts'
import { everDelivered } from './ledger.ts'
import { loadArticles, loadSummaries } from './load.ts'
import { mayHave, project } from './project.ts'
import {
  type AudienceChange,
  deliveryRecordsOf,
  momentOf,
  noticesOf,
  type PlacedChange,
} from './removal-status.ts'

export interface ChangePage {
  changes: AudienceChange[]
  /** The place from which to go on: behind everything that was scanned at. */
  cursor: string
  /** Whether there is more already. */
  more: boolean
}

export interface ChangeDeps {
  prisma: PrismaClient
  bus: Publisher
  now: () => Date
  publicUrl: string
}

export interface ChangeRequest {
  audience: Audience
  /** How it is deliveries over, for the ledger. */
  via: DeliveryWay
  /** The place after which to read; null for the beginning. */
  after: string | null
  /** At most so many changes, up to MAX_PAGE_SIZE. */
  first: number
  /** Tells of removals and passes over everything else, to which the cursor returns later. */
  removalsOnly?: boolean
}

/** Stories scanned at in one query, and for one page: a narrow licence passes over most. */
const BATCH_SIZE = 200
const MAX_SCANNED = 2_000

/**
 * What an audience is told of the change sequence behind a cursor, in the order of commits and without gaps.
 * What it may not have, and never had, is passed over. The story of each change is the story as it stands now,
 * so whoever applies the changes in their order ends with what it may have now.
 *
 * A partner that is more than a page behind is told of removals first, wherever they stand in the sequence; it
 * is told of them again at their place.
 *
 * Whatever goes to a partner is in the ledger before this returns, and has not changed in between.
 *
 * @throws UnknownCursor, InvalidInput for `first`, Forbidden for a partner that is not served any more
 */
export async function readChanges(request: ChangeRequest, deps: ChangeDeps): Promise<ChangePage> {
  const { via } = request
  checkPageSize(request.first)
  await announceDue(deps)
  // Of half as many, fewer change while they are read: however busy the newsroom, a page comes about.
  for (let { first } = request; ; first = Math.ceil(first / 2)) {
    const { page, head, audience } = await readPage({ ...request, first }, deps)
    if (audience.kind !== 'partner') return page
    const deliveries = deliveryRecordsOf(page.changes, audience)
    if (await recordDelivery({ partnerId: audience.id, via, head, deliveries }, deps)) return page
  }
}

/** @throws InvalidInput */
export function checkPageSize(first: number): void {
  if (first < 1 || first > MAX_PAGE_SIZE) {
    throw new InvalidInput('first', `"first" is between 1 and ${MAX_PAGE_SIZE}.`)
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
  const start = after === null ? { ...START, ahead: null } : readChangeCursor(after, epoch)
  if (start.position > head || (start.ahead && start.ahead.position > head)) throw new UnknownCursor()

  let told: PlacedChange[] = []
  let place: Place = start
  for (
    let scanned = 0;
    !removalsOnly && place.position < head && told.length < first && scanned < MAX_SCANNED;
    scanned += BATCH_SIZE
  ) {
    const batch = await readBatch({ audience, after: place, upTo: head, most: first - told.length }, deps)
    told.push(...batch.told)
    place = batch.end
  }
  let { ahead } = start
  const removals: AudienceChange[] = []
  if (place.position < head && audience.kind === 'partner') {
    const from = ahead && isBefore(start, ahead) ? ahead : start
    const range = { audience, after: from, upTo: head, take: first }
    const found = await findRemovals(range, deps)
    ahead = found.end
    removals.push(
      ...found.told.map(({ place: at, ...change }) => {
        return { ...change, cursor: writeChangeCursor({ epoch, ...placeOf(start), ahead: at }) }
      }),
    )
    const gone = new Set(removals.map(({ articleId }) => articleId))
    const room = first - removals.length
    const others = told.filter(({ articleId }) => !gone.has(articleId))
    told = others.slice(0, room)
    if (told.length < others.length) place = told.at(-1)?.place ?? placeOf(start)
  }
  const cursorOf = (at: Place) => writeChangeCursor({ epoch, ...at, ahead })
  const changes = told.map(
    ({ place: at, ...change }): AudienceChange => ({ ...change, cursor: cursorOf(at) }),
  )
  const page = {
    changes: [...removals, ...changes],
    cursor: cursorOf(placeOf(place)),
    more: (removalsOnly && ahead ? ahead : place).position < head,
  }
  return { page, head, audience }
}

function placeOf({ position, within }: Place): Place {
  return { position, within }
}

/** The cursor behind everything that has happened so far. */
export async function currentCursor(prisma: PrismaClient): Promise<string> {
  const { epoch, head } = await endOfSequence(prisma)
  return writeChangeCursor({ epoch, position: head, within: null })
}

/** Where the sequence ends, with the history that this position belongs to. */
export async function endOfSequence(prisma: PrismaClient): Promise<{ epoch: string; head: number }> {
  const { history, position } = await readChangeHead(prisma)
  return { epoch: history, head: position }
}

interface BatchRange {
  audience: Audience
  after: Place
  upTo: number
  /** The most changes that are wanted. */
  most: number
}

/** The changes of a few entries, and where the next batch begins. */
async function readBatch(
  { audience, after, upTo, most }: BatchRange,
  { prisma, now, publicUrl }: ChangeDeps,
): Promise<{ told: PlacedChange[]; end: Place }> {
  const { articles: entries, end } = await readEntries(prisma, { audience, after, upTo, take: BATCH_SIZE })
  // Stories are read after the entries: none is older than what it stands beside.
  const summaries = await loadSummaries(
    prisma,
    entries.map(({ articleId }) => articleId),
  )
  const moment = momentOf(entries, now())
  const given =
    audience.kind === 'partner'
      ? await everDelivered(prisma, audience.id, summaries.keys().toArray())
      : new Set()
  const isOpen = ({ articleId }: EntryArticle) => {
    const summary = summaries.get(articleId)
    return summary !== undefined && mayHave(summary, audience, moment)
  }
  const reportable = entries.filter((entry) => given.has(entry.articleId) || isOpen(entry))
  const taken = reportable.slice(0, most)
  const articles = await loadArticles(
    prisma,
    taken.filter(isOpen).map(({ articleId }) => articleId),
    publicUrl,
  )
  const notices = await noticesOf(
    taken.flatMap(({ articleId }) => articles.get(articleId) ?? summaries.get(articleId) ?? []),
    moment,
    prisma,
  )
  const told = taken.flatMap(({ articleId, kind, at, place }): PlacedChange[] => {
    const article = articles.get(articleId)
    const version = article && project(article, audience, moment)
    const base = { place, kind, at, articleId }
    if (version) return [{ ...base, version: version.version, outcome: { article: version } }]
    const summary = article ?? summaries.get(articleId)
    const notice = notices.get(articleId)
    if (!summary || !notice || !given.has(articleId)) return []
    return [{ ...base, version: summary.version, outcome: notice }]
  })
  return { told, end: taken.length < reportable.length ? (taken.at(-1)?.place ?? after) : end }
}
