import type { Viewer } from '../auth/viewer.ts'
import type { Publisher } from '../bus/bus.ts'
import type { ChangeWatch } from '../changelog/watch.ts'
import type { Requester } from '../comment-feed/audience-limits.ts'
import type { CommentFeedHub } from '../comment-feed/hub.ts'
import { refusingBanned } from '../comments/readers/refuse-banned.ts'
import type { PrismaClient } from '../db/client/client.ts'
import type { Clock } from '../db/clock.ts'
import type { SendRequest } from '../net/outbound-http.ts'
import type { RateLimit } from '../rate-limits/limit.ts'
import type { OperationCharge } from './operation-charge.ts'

/** What the app lends to every operation, whichever door it came through. */
export interface Services {
  prisma: PrismaClient
  /** Through which what is decided here is told to every gateway. */
  bus: Publisher
  commentFeeds: CommentFeedHub
  /** Wakes whoever follows the change sequence. */
  changes: ChangeWatch
  push: PushServices
  /** How often readers may submit comments. */
  submissions: RateLimit
  /** How often partners may read removals and acknowledge. */
  removalRequests: RateLimit
  /** The database's clock; tests may hold their own. */
  now: Clock['now']
  timeIn: Clock['timeIn']
  /** What the outlet is called. */
  outlet: string
  /** The gateway's own address, without a slash at the end. */
  publicUrl: string
}

/** What operations need to manage what is pushed. */
export interface PushServices {
  sendRequest: SendRequest
  /** Whether receivers may be on this machine. */
  allowLoopback: boolean
  /** Tells the senders of this gateway that there may be something to do. */
  wake: () => void
}

/** What a resolver knows: who asks, at what moment, and where to read. One per operation. */
export interface Context extends Services {
  /** As in Services, but each transaction is refused to a viewer who is banned. */
  bus: Publisher
  viewer: Viewer
  /** Where reads go: the client itself, or the transaction that holds this operation's snapshot. */
  db: Pick<PrismaClient, ReadModel | '$queryRaw'>
  /** When the request arrived. */
  receivedAt: Date
  /** The history of the database, taken before the operation's first read: cursors of its reads belong to it. */
  history: string
  /** The cursor that the transport itself resumes after (Last-Event-ID); it goes before the argument. */
  resumeAfter: string | null
  /** What a partner was charged for this operation; null for everybody else, and for what never counts. */
  charge: OperationCharge | null
  /** Which client asks. */
  requester: Requester
}

type ReadModel = Exclude<keyof PrismaClient, `$${string}` | symbol>

export function createContext(
  services: Services,
  viewer: Viewer,
  receivedAt: Date,
  resumeAfter: string | null,
  requester: Requester = { connection: {}, address: null },
): Context {
  return {
    ...services,
    bus: refusingBanned(services.bus, viewer),
    viewer,
    db: services.prisma,
    receivedAt,
    history: services.commentFeeds.history,
    resumeAfter,
    requester,
    charge: null,
  }
}
