import type { Viewer } from '../auth/viewer.ts'
import type { Publisher } from '../bus/bus.ts'
import type { ChangeWatch } from '../changelog/watch.ts'
import type { Requester } from '../comment-feed/audience-limits.ts'
import type { CommentFeedHub } from '../comment-feed/hub.ts'
import { refusingBanned } from '../comments/readers/refuse-banned.ts'
import type { PrismaClient } from '../db/client/client.ts'
import type { Clock } from '../db/clock.ts'
import type { ArticleChanges } from '../live/article-changes.ts'
import type { QueueWatch } from '../live/moderation-queue.ts'
import type { SendRequest } from '../net/outbound-http.ts'
import type { RateLimit } from '../rate-limits/limit.ts'
import type { Reads } from '../read-cache/reads.ts'
import type { OperationCharge } from './operation-charge.ts'

/** The services that every operation uses, over every transport. */
export interface Services {
  prisma: PrismaClient
  /** The client for the reads of operations. */
  reads: Context['db']
  /** Runs transactions and publishes their messages to all gateways. */
  bus: Publisher
  commentFeeds: CommentFeedHub
  /** Notifies listeners when the change sequence grows. */
  changes: ChangeWatch
  /** Subscriptions to what the public notices of articles. */
  articleChanges: ArticleChanges
  /** Subscriptions to the moderation queue. */
  queueEvents: QueueWatch
  push: PushServices
  /** Limits how often readers may submit comments. */
  submissions: RateLimit
  /** Limits how often partners may read removals and acknowledge. */
  removalRequests: RateLimit
  /** The database's clock; tests may replace it. */
  now: Clock['now']
  timeIn: Clock['timeIn']
  /** The name of the outlet. */
  outlet: string
  /** The public URL of the gateway, without a trailing slash. */
  publicUrl: string
}

/** What operations need to manage webhooks and WebSub subscriptions. */
export interface PushServices {
  sendRequest: SendRequest
  /** Whether receivers may be on this machine. */
  allowLoopback: boolean
  /** Makes the senders of this gateway look for work. */
  wake: () => void
}

/** What a resolver gets. One per operation. */
export interface Context extends Services {
  /** As in Services, but every transaction is refused to banned viewers. */
  bus: Publisher
  viewer: Viewer
  /** For reads: the client itself, or the operation's read-only transaction. */
  db: Pick<PrismaClient, ReadModel | '$queryRaw'>
  /** When the request arrived. */
  receivedAt: Date
  /** The history of the database before the operation's first read; its cursors belong to this history. */
  history: string
  /** The cursor that the transport resumes after (Last-Event-ID); it takes precedence over the argument. */
  resumeAfter: string | null
  /**
   * What the operation was charged to a partner; null for other viewers and for operations that are not
   * charged.
   */
  charge: OperationCharge | null
  /** Which client sent the operation. */
  requester: Requester
  /** Records what a query reads; null if its response is not cached. */
  recordedReads: Reads | null
}

type ReadModel = Exclude<keyof PrismaClient, `$${string}` | symbol>

export function createContext(
  services: Services,
  viewer: Viewer,
  receivedAt: Date,
  resumeAfter: string | null,
  requester: Requester = { connection: {}, address: null },
  recordedReads: Reads | null = null,
): Context {
  return {
    ...services,
    bus: refusingBanned(services.bus, viewer),
    viewer,
    db: services.reads,
    receivedAt,
    history: services.commentFeeds.history,
    resumeAfter,
    requester,
    charge: null,
    recordedReads,
  }
}
