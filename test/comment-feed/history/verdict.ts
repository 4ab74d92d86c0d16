import type { PrismaClient } from '../../../src/db/client/client.ts'
import { globalId } from '../../support/newsroom.ts'
import type { Seen } from './connection.ts'
import type { Reader } from './reader.ts'

/** One entry of a feed as the database has it. */
export interface Entry {
  position: number
  kind: 'APPROVED' | 'RETRACTED'
  commentId: string
  commentCount: number
  body: string
}

/** Reads a story's feed, and checks that story, comments, decisions and feed say the same. */
export async function checkFeed(prisma: PrismaClient, key: string): Promise<Entry[]> {
  const { feed, comments, feedPosition, commentCount } = await prisma.article.findUniqueOrThrow({
    where: { id: key },
    include: {
      feed: { orderBy: { position: 'asc' }, include: { comment: true } },
      comments: { include: { decisions: true } },
    },
  })
  const approved = comments.filter(({ status }) => status === 'APPROVED')
  expectSame(
    'positions',
    feed.map(({ position }) => position),
    feed.map((_, index) => index + 1),
  )
  expectSame('feed position', feedPosition, feed.length)
  expectSame(
    'counts of entries',
    feed.map(({ commentCount: count }) => count),
    feed.map(({ position }) => runningCount(feed.slice(0, position))),
  )
  expectSame('comment count', commentCount, approved.length)
  for (const { id, status, decisions } of comments) {
    const entries = feed.filter(({ commentId }) => commentId === id).map(({ kind }) => kind)
    const verdicts = decisions.map(({ verdict }) => verdict).sort()
    const expected = {
      PENDING: [[]],
      APPROVED: [['APPROVED']],
      REJECTED: verdicts.length === 2 ? [['APPROVED', 'RETRACTED']] : [[]],
    }[status]
    expectSame(`entries of ${id}, ${status}`, [entries], expected)
    expectSame(`last verdict on ${id}`, verdicts.at(-1) ?? 'PENDING', status)
  }
  return feed.map(({ position, kind, commentId, comment, commentCount: count }) => ({
    position,
    kind,
    commentCount: count,
    commentId: globalId('Comment', commentId),
    body: comment.body,
  }))
}

/** Checks that a reader saw every entry behind its start once, in order, and nothing that was taken down. */
export function checkReader(reader: Reader, feed: Entry[]): void {
  const { seen } = reader
  const who = `${reader.plan.transport} reader from ${reader.plan.start} ${reader.start}`
  const from = reader.start ?? (seen[0]?.position ?? 1) - 1
  if (from < reader.floor) throw new Error(`${who} was shown ${from + 1}, older than its subscription`)
  const takenDown = new Set(feed.filter(({ kind }) => kind === 'RETRACTED').map(({ commentId }) => commentId))
  const got = new Set(seen.map(({ position }) => position))
  // An approval that was taken back before it was read may be absent.
  const expected = feed.filter(
    ({ position, kind, commentId }) =>
      position > from && (got.has(position) || kind === 'RETRACTED' || !takenDown.has(commentId)),
  )
  expectSame(who, seen.map(inShort), expected.map(inShort))
  if (reader.page) {
    expectSame(`page and feed of ${who}`, fold(reader.page, seen), shownNow(feed, takenDown))
  }
}

function fold(page: string[], events: Seen[]): string[] {
  let shown = [...page]
  for (const { kind, commentId } of events) {
    if (kind === 'APPROVED') shown.push(commentId)
    else shown = shown.filter((id) => id !== commentId)
  }
  return shown
}

function shownNow(feed: Entry[], takenDown: Set<string>): string[] {
  return feed.filter(({ commentId }) => !takenDown.has(commentId)).map(({ commentId }) => commentId)
}

function runningCount(entries: { kind: Entry['kind'] }[]): number {
  return entries.reduce((count, { kind }) => count + (kind === 'APPROVED' ? 1 : -1), 0)
}

function inShort({ kind, position, commentId, commentCount, body }: Seen | Entry): string {
  const event = `${position} ${kind} ${commentId} of ${commentCount}`
  return kind === 'APPROVED' ? `${event} ${body}` : event
}

function expectSame(what: string, actual: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (is !== should) throw new Error(`${what}: is ${is}, should be ${should}`)
}
