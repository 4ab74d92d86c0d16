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
  /** The public URL, once it is known. */
  publicUrl: () => string
  /** Whether receivers may be on this machine; in development. */
  allowLoopback: boolean
  /** The interval of checks for due messages, in ms. */
  pollMs: number
  /** The interval of checks for changes without a notification, in ms. */
  planMs: number
  /** Another backoff and resolver, for tests. */
  backoff?: Backoff
  resolve?: Resolve
  /** Identifies the clients of the WebSub hub. */
  clients: Clients
}

/** Outgoing messages: webhooks to partners and feeds to WebSub subscribers. */
export interface Push {
  sendRequest: SendRequest
  allowLoopback: boolean
  counters: PushCounters
  /** The number of waiting and running jobs. */
  depth: (queue: QueueName) => Promise<number>
  /** Accepts requests to the WebSub hub. */
  hub: Pick<Hub, 'accept'>
  /** Starts sending. Nothing is read before, so that the start is not delayed. */
  start(): void
  /** Checks for work now. */
  wake(): void
  /** Waits up to `graceMs` for running jobs; the others stay in the queue. */
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
    hub,
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
