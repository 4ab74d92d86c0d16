import type { Logger } from 'pino'
import { RevocationWatch } from './auth/revocation.ts'
import { runEvery } from './base/clock.ts'
import type { Bus } from './bus/bus.ts'
import { ChangeWatch } from './changelog/watch.ts'
import { CommentFeedHub } from './comment-feed/hub.ts'
import { readerBans } from './comments/readers/bans.ts'
import type { Database } from './db/database.ts'
import { HistoryWatch } from './db/history-watch.ts'
import { CommentFeedCounters } from './http/metrics.ts'
import { announceDue } from './licensing/due-changes.ts'
import { keyRevocations } from './licensing/key-revocation.ts'
import { deleteOldUsage } from './licensing/quota.ts'
import { ArticleChanges } from './live/article-changes.ts'
import { QueueWatch } from './live/moderation-queue.ts'
import { deleteOldQueueChanges } from './live/queue-reads.ts'
import { deleteOldAttempts } from './rate-limits/counts.ts'
import { deleteOldChanges } from './read-cache/delete-old-changes.ts'

// What follows the database in the background: history, comment feeds, revocations, the change sequence.

export interface WatcherDeps {
  /** Opened and migrated. The app does not close it. */
  database: Database
  log: Pick<Logger, 'error' | 'warn' | 'info'>
  /** How often watched feeds and connected readers are polled, in ms, for tests. */
  pollMs?: number
  /** How often the change sequence and scheduled changes are polled, in ms, for tests. */
  changePollMs?: number
}

/** The poll intervals for lost hints, in ms. A ban must take effect within 5 s. */
export const FALLBACK_POLL_MS = 5_000
const REVOCATION_POLL_MS = 3_000
/** The longest delay after an embargo ends until partners are notified, in ms. */
const DUE_POLL_MS = 1_000
/** How often old counts of requests are deleted, in ms. */
const CLEANUP_INTERVAL_MS = 15 * 60_000

/** Opens what follows the database: its history, comment feeds, revocations, the change sequence, and clean-up. */
export async function openWatchers(
  { database, log, pollMs, changePollMs }: WatcherDeps,
  bus: Bus,
  now: () => Date,
) {
  const { prisma } = database
  const history = await HistoryWatch.open({
    database,
    listen: bus.listen,
    pollMs: pollMs ?? FALLBACK_POLL_MS,
    onFailure: (error) =>
      log.warn({ err: error }, 'the history of the database could not be checked; retrying'),
    onChange: (id) =>
      log.warn(
        { history: id },
        'the database was restored or failed over: every comment feed is reset, and earlier cursors are refused',
      ),
  })
  const feedMetrics = new CommentFeedCounters(now)
  const commentFeeds = await CommentFeedHub.open({
    database,
    history,
    listen: bus.listen,
    now,
    pollMs: pollMs ?? FALLBACK_POLL_MS,
    onFailure: (error) => log.warn({ err: error }, 'a comment feed could not be read; retrying'),
    metrics: feedMetrics,
  })
  const revocation = await RevocationWatch.open([readerBans(prisma), keyRevocations({ prisma, now })], {
    listen: bus.listen,
    pollMs: pollMs ?? REVOCATION_POLL_MS,
    onFailure: (error) =>
      log.warn({ err: error }, 'connected viewers could not be checked for revocation; retrying'),
  })
  const changes = await ChangeWatch.open({
    prisma,
    history,
    listen: bus.listen,
    pollMs: changePollMs ?? FALLBACK_POLL_MS,
    onFailure: (error) => log.warn({ err: error }, 'the change sequence could not be read; retrying'),
  })
  const articleChanges = new ArticleChanges({
    prisma,
    changes,
    history,
    now,
    onFailure: (error) => log.warn({ err: error }, 'changes of articles could not be read; retrying'),
  })
  const queueEvents = await QueueWatch.open({
    database,
    history,
    listen: bus.listen,
    now,
    pollMs,
    onFailure: (error) =>
      log.warn({ err: error }, 'changes of the moderation queue could not be read; retrying'),
  })
  const stopDueClock = runEvery(
    changePollMs ?? DUE_POLL_MS,
    () => announceDue({ prisma, bus, now }),
    (error) => log.warn({ err: error }, 'scheduled changes could not be published; retrying'),
  )
  const stopCleanup = runEvery(
    changePollMs ?? CLEANUP_INTERVAL_MS,
    async () => {
      await deleteOldUsage(prisma, now())
      await deleteOldAttempts(prisma, now())
      await deleteOldChanges(prisma)
      await deleteOldQueueChanges(prisma)
    },
    (error) => log.warn({ err: error }, 'old counts of requests could not be deleted; retrying'),
  )
  return {
    history,
    commentFeeds,
    revocation,
    changes,
    articleChanges,
    queueEvents,
    feedMetrics,
    async close() {
      articleChanges.close()
      await Promise.all([
        commentFeeds.close(),
        queueEvents.close(),
        revocation.close(),
        changes.close(),
        history.close(),
        stopDueClock(),
        stopCleanup(),
      ])
    },
  }
}
