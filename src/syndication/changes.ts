import { InvalidInput } from '../base/errors.ts'
import type { Publisher } from '../bus/bus.ts'
import { readChangeHead } from '../changelog/head.ts'
import type { DeliveryWay, PrismaClient } from '../db/client/client.ts'
import { MAX_PAGE_SIZE } from '../graphql/limits.ts'
import type { Audience } from '../licensing/audience.ts'
import { announceDue } from '../licensing/due-changes.ts'
import type { ArticleCache } from './article-cache.ts'
import { BATCH_SIZE, type Batch, readBatch, startedBatch } from './change-batch.ts'
import {
  isBefore,
  type Place,
  positionIn,
  readChangeCursor,
  START,
  UnknownCursor,
  writeChangeCursor,
} from './cursor.ts'
import { recordDelivery } from './delivery.ts'
import { findRemovals } from './find-removals.ts'
import { type PageStart, readPageStart } from './page-start.ts'
import { type AudienceChange, deliveryRecordsOf, type PlacedChange } from './removal-status.ts'

export interface ChangePage {
  changes: AudienceChange[]
  /** The cursor to continue with: after all scanned entries. */
  cursor: string
  /** Whether more changes exist. */
  more: boolean
}

export interface ChangeDeps {
  prisma: PrismaClient
  bus: Publisher
  now: () => Date
  publicUrl: string
  /** Articles that were read before. */
  articles?: ArticleCache
}

export interface ChangeRequest {
  audience: Audience
  /** The delivery method, for the ledger. */
  via: DeliveryWay
  /** Returns changes after this cursor; null for the beginning. */
  after: string | null
  /** The maximum number of changes, up to MAX_PAGE_SIZE. */
  first: number
  /** Returns only removals. The cursor does not pass the other changes, which follow later. */
  removalsOnly?: boolean
}

/** The maximum number of articles scanned for one page: a narrow licence skips most. */
const MAX_SCANNED = 2_000

/**
 * Returns the changes after a cursor that concern an audience, in order of commits and without gaps. Articles
 * that the audience may not have and never received are skipped. Each change carries the current version of the
 * article, so applying the changes in order leads to the current state.
 *
 * If a partner is more than one page behind, removals come first, and again at their own position.
 *
 * Everything for a partner is in the ledger before this returns, and has not changed since it was read.
 *
 * @throws UnknownCursor, InvalidInput for `first`, Forbidden for a partner that is suspended or has no licence
 */
export async function readChanges(request: ChangeRequest, deps: ChangeDeps): Promise<ChangePage> {
  const { via } = request
  checkPageSize(request.first)
  // A smaller page is less likely to change while it is read, so a page succeeds even under heavy load.
  for (let { first } = request; ; first = Math.ceil(first / 2)) {
    const { page, head, audience } = await readPage({ ...request, first }, deps)
    if (audience.kind !== 'partner') return page
    const deliveries = deliveryRecordsOf(page.changes, audience)
    if (await recordDelivery({ partnerId: audience.id, via, head, deliveries, isExpectedFree: true }, deps))
      return page
  }
}

/** @throws InvalidInput */
export function checkPageSize(first: number): void {
  if (first < 1 || first > MAX_PAGE_SIZE) {
    throw new InvalidInput('first', `"first" must be between 1 and ${MAX_PAGE_SIZE}.`)
  }
}

/**
 * Reads a page. The licence is as new as the head, or newer, like the articles: with an older licence, the entry of a
 * licence change would be skipped and never seen again.
 */
async function readPage(request: ChangeRequest, deps: ChangeDeps) {
  const { after, first, removalsOnly = false } = request
  // One more, because the end of the sequence may follow the last change of the page.
  const take = removalsOnly ? 0 : first + 1
  const started = await startPage({ ...request, take }, deps)
  const { epoch, head, audience } = started
  const start = after === null ? { ...START, ahead: null } : readChangeCursor(after, epoch)
  if (start.position > head || (start.ahead && start.ahead.position > head)) throw new UnknownCursor()

  let placed: PlacedChange[] = []
  let place: Place = start
  const isDone = () => removalsOnly || place.position >= head || placed.length >= first
  const add = (batch: Batch) => {
    placed.push(...batch.placed)
    place = batch.end
  }
  if (!isDone()) {
    const batch = await startedBatch(started, { after: start, take, most: first }, deps)
    if (batch) add(batch)
  }
  for (let scanned = 0; !isDone() && scanned < MAX_SCANNED; scanned += BATCH_SIZE) {
    add(await readBatch({ audience, after: place, upTo: head, most: first - placed.length }, deps))
  }
  let { ahead } = start
  const removals: AudienceChange[] = []
  const from = ahead && isBefore(start, ahead) ? ahead : start
  // Removals up to the head may have been delivered ahead already.
  if (place.position < head && from.position < head && audience.kind === 'partner') {
    const range = { audience, after: from, upTo: head, take: first }
    const found = await findRemovals(range, deps)
    ahead = found.end
    removals.push(
      ...found.removals.map(({ place: at, ...change }) => {
        return { ...change, cursor: writeChangeCursor({ epoch, ...placeOf(start), ahead: at }) }
      }),
    )
    const gone = new Set(removals.map(({ articleId }) => articleId))
    const room = first - removals.length
    const others = placed.filter(({ articleId }) => !gone.has(articleId))
    placed = others.slice(0, room)
    if (placed.length < others.length) place = placed.at(-1)?.place ?? placeOf(start)
  }
  const cursorOf = (at: Place) => writeChangeCursor({ epoch, ...at, ahead })
  const changes = placed.map(
    ({ place: at, ...change }): AudienceChange => ({ ...change, cursor: cursorOf(at) }),
  )
  const page = {
    changes: [...removals, ...changes],
    cursor: cursorOf(placeOf(place)),
    more: (removalsOnly && ahead ? ahead : place).position < head,
  }
  return { page, head, audience }
}

/** Reads what a page starts with, after the changes by the clock are recorded. */
async function startPage(
  { audience, after, take }: ChangeRequest & { take: number },
  deps: ChangeDeps,
): Promise<PageStart> {
  const position = after === null ? START.position : positionIn(after)
  const read = () => readPageStart(deps.prisma, { audience, after: position, take, now: deps.now() })
  const started = await read()
  if (!started.isDue) return started
  await announceDue(deps)
  return read()
}

function placeOf({ position, within }: Place): Place {
  return { position, within }
}

/** The cursor after the newest change. */
export async function currentCursor(prisma: PrismaClient): Promise<string> {
  const { epoch, head } = await endOfSequence(prisma)
  return writeChangeCursor({ epoch, position: head, within: null })
}

/** The head of the change sequence and its history. */
export async function endOfSequence(prisma: PrismaClient): Promise<{ epoch: string; head: number }> {
  const { history, position } = await readChangeHead(prisma)
  return { epoch: history, head: position }
}
