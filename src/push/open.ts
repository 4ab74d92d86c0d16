import type { Clients } from '../auth/clients.ts'
import type { ChangeWatch } from '../changelog/watch.ts'
import type { Database, Log } from '../db/database.ts'
import type { HistoryWatch } from '../db/history-watch.ts'
import { type Backoff, STANDARD_BACKOFF } from '../jobs/backoff.ts'
import { PushCounters } from '../jobs/metrics.ts'
import { JobQueue, type QueueName } from '../jobs/queue.ts'
import { createHttpClient, type SendRequest } from '../net/outbound-http.ts'
import type { Resolve } from '../net/resolver.ts'
import { Webhooks } from '../webhooks/webhooks.ts'
import type { RenderFeed } from '../websub/feed.ts'
import { Hub } from '../websub/hub.ts'

export interface PushDeps {
  database: Database
  changes: ChangeWatch
  history: HistoryWatch
  render: RenderFeed
  log: Log
  now: () => Date
  /** The gateway's own address, as soon as it is known. */
  publicUrl: () => string
  /** Whether receivers may be on this machine: in development. */
  allowLoopback: boolean
  /** How often it is looked for messages whose time has come, in ms. */
  pollMs: number
  /** How often it is looked for something to send a message about, although nothing woke us, in ms. */
  planMs: number
  /** Other attempts than the usual ones, and another resolver of names, for tests. */
  backoff?: Backoff
  resolve?: Resolve
  /** How subscribers of the WebSub hub are told apart. */
  clients: Clients
}

/** Whatever is sent without being asked for: webhooks to partners, feeds to WebSub's subscribers. */
export interface Push {
  sendRequest: SendRequest
  allowLoopback: boolean
  counters: PushCounters
  /** Jobs that are waiting or being sent. */
  depth: (queue: QueueName) => Promise<number>
  /** Answers what is asked of the WebSub hub. */
  hub: Hub['handle']
  /** Begins to send. Until then nothing is looked at, so that nobody waits for it. */
  start(): void
  /** Looks now whether there is something to send. */
  wake(): void
  /** Ends what is under way within `graceMs`; what has not ended then waits in the queue. */
  close(graceMs: number): Promise<void>
}

export function openPush({ backoff = STANDARD_BACKOFF, ...deps }: PushDeps): Push {
  const { database, log, allowLoopback, resolve } = deps
  const queue = new JobQueue(database, log)
  const counters = new PushCounters()
  const sendRequest = createHttpClient({ allowLoopback, resolve })
  const shared = { ...deps, prisma: database.prisma, queue, counters, sendRequest, backoff }
  const webhooks = new Webhooks(shared)
  const hub = new Hub(shared)
  return {
    sendRequest,
    allowLoopback,
    counters,
    depth: (name) => queue.depth(name),
    hub: (request, response) => hub.handle(request, response),
    start() {
      webhooks.start()
      hub.start()
    },
    wake() {
      webhooks.wake()
      hub.wake()
    },
    async close(graceMs) {
      await Promise.all([webhooks.close(graceMs), hub.close(graceMs)])
      await queue.close()
    },
  }
}
