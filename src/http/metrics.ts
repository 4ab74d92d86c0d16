import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { FeedRow } from '../comment-feed/event.ts'
import type { CommentFeedMetrics } from '../comment-feed/metrics.ts'
import { QUEUES } from '../jobs/queue.ts'
import type { Push } from '../push/open.ts'

export interface MetricSources {
  /** Open websockets, and the bytes that wait in them. */
  sockets: () => { sockets: number; queued: number }
  feeds: () => { feeds: number; groups: number; subscriptions: number }
  revocation: { watched: number }
  push: Pick<Push, 'counters' | 'depth'>
}

/** What the comment feeds count. */
export class CommentFeedCounters implements CommentFeedMetrics {
  executions = 0
  reads = 0
  deliveries = 0
  /** Seconds from a decision's time to the moment its entry was written to the last socket here. */
  readonly latency = new Histogram({
    name: 'dateline_feed_latency_seconds',
    help: 'From the decision on a comment to the moment its entry was written to the last socket here.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [],
  })

  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
  }

  // Handed on by name, so they hold on to this object.
  readonly executed = (): void => {
    this.executions += 1
  }

  readonly read = (): void => {
    this.reads += 1
  }

  readonly replayed = (entries: number): void => {
    this.deliveries += entries
  }

  readonly delivered = (row: NonNullable<FeedRow>, sockets: number): void => {
    this.deliveries += sockets
    if (sockets > 0) this.latency.observe(Math.max(0, this.#now().getTime() - row.at.getTime()) / 1000)
  }
}

/** What Prometheus may scrape from this process. */
export function createMetrics(
  { sockets, feeds, revocation, push }: MetricSources,
  counters: CommentFeedCounters,
) {
  const registry = new Registry()
  // A look at the event loop wakes the process: a hundred a second would be a tenth of the cost of a busy feed.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 50 })
  registry.registerMetric(counters.latency)
  gauge('dateline_sockets', 'Open websockets.', () => sockets().sockets)
  gauge(
    'dateline_socket_queue_bytes',
    'Bytes that wait for slow readers, all sockets together.',
    () => sockets().queued,
  )
  gauge('dateline_feeds_watched', 'Stories whose comment feed somebody watches.', () => feeds().feeds)
  gauge('dateline_feed_groups', 'Groups of subscribers that share executions.', () => feeds().groups)
  gauge(
    'dateline_watched_identities',
    'Readers and partner keys connected, whose revocation is watched.',
    () => revocation.watched,
  )
  gauge('dateline_feed_subscriptions', 'Subscriptions to comment feeds.', () => feeds().subscriptions)
  counter(
    'dateline_feed_executions_total',
    'Executions of a subscription on an event.',
    () => counters.executions,
  )
  counter('dateline_feed_deliveries_total', 'Entries written to subscribers.', () => counters.deliveries)
  counter('dateline_feed_reads_total', 'Reads of comment feeds from the database.', () => counters.reads)
  new Counter({
    name: 'dateline_push_attempts_total',
    help: 'Attempts to deliver to webhooks and WebSub subscribers, by what came of them.',
    labelNames: ['queue', 'outcome'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { labels, count } of push.counters.attempts()) this.inc(labels, count)
    },
  })
  new Gauge({
    name: 'dateline_push_queue_depth',
    help: 'Deliveries that are waiting or under way, in all gateways together.',
    labelNames: ['queue'],
    registers: [registry],
    async collect() {
      for (const queue of QUEUES) {
        // Without the database the rest is still worth reading.
        const depth = await push.depth(queue).catch(() => null)
        if (depth === null) this.remove({ queue })
        else this.set({ queue }, depth)
      }
    },
  })
  return async () => ({ type: registry.contentType, body: await registry.metrics() })

  function gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  }

  function counter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  }
}
