import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { singleFlight } from '../base/coalesce.ts'
import { within } from '../base/within.ts'
import type { CommentFeedRow } from '../comment-feed/event.ts'
import type { CommentFeedMetrics } from '../comment-feed/metrics.ts'
import { QUEUES } from '../jobs/queue.ts'
import type { Push } from '../push/open.ts'
import type { ResponseCache } from '../read-cache/response-cache.ts'
import { addLiveMetrics, type LiveSources } from './live-metrics.ts'
import { addPurgeMetrics, type PurgeSource } from './purge-metrics.ts'
import { addReadCacheMetrics } from './read-cache-metrics.ts'

export interface MetricSources {
  /** Open websockets, and the bytes queued in them. */
  sockets: () => { sockets: number; queued: number }
  feeds: () => { feeds: number; groups: number; subscriptions: number }
  live: LiveSources
  revocation: { watched: number }
  push: Pick<Push, 'counters' | 'depth'>
  /** The responses that are kept; null if there are none. */
  readCache: ResponseCache | null
  /** The purges of a CDN; null without a purge hook. */
  purges: PurgeSource | null
}

/** Counters of the comment feeds. */
export class CommentFeedCounters implements CommentFeedMetrics {
  executions = 0
  reads = 0
  deliveries = 0
  /** Seconds from the decision to the write of its entry to the last socket of this gateway. */
  readonly latency = new Histogram({
    name: 'dateline_feed_latency_seconds',
    help: 'Time from the decision on a comment until its entry was written to the last socket of this gateway.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [],
  })

  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
  }

  // Arrow functions, because they are passed without their object.
  readonly executed = (): void => {
    this.executions += 1
  }

  readonly read = (): void => {
    this.reads += 1
  }

  readonly replayed = (entries: number): void => {
    this.deliveries += entries
  }

  readonly delivered = (row: NonNullable<CommentFeedRow>, sockets: number): void => {
    this.deliveries += sockets
    if (sockets > 0) this.latency.observe(Math.max(0, this.#now().getTime() - row.at.getTime()) / 1000)
  }
}

/** How long a scrape waits for the database, in ms; Prometheus waits 10 s for a scrape. */
const DEPTH_TIMEOUT_MS = 2_000

/** The Prometheus metrics of this process. */
export function createMetrics(
  { sockets, feeds, live, revocation, push, readCache, purges }: MetricSources,
  counters: CommentFeedCounters,
) {
  const registry = new Registry()
  // The monitor of the event loop wakes the process: 100 times a second would be 10 % of the cost of a busy
  // feed.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 50 })
  registry.registerMetric(counters.latency)
  addLiveMetrics(registry, live)
  if (readCache) addReadCacheMetrics(registry, readCache)
  if (purges) addPurgeMetrics(registry, purges)
  gauge('dateline_sockets', 'Open websockets.', () => sockets().sockets)
  gauge(
    'dateline_socket_queue_bytes',
    'Bytes queued for slow readers, in all sockets.',
    () => sockets().queued,
  )
  gauge('dateline_feeds_watched', 'Articles whose comment feed has subscribers.', () => feeds().feeds)
  gauge('dateline_feed_groups', 'Groups of subscribers that share executions.', () => feeds().groups)
  gauge(
    'dateline_watched_identities',
    'Connected readers and partner keys that are watched for revocation.',
    () => revocation.watched,
  )
  gauge('dateline_feed_subscriptions', 'Subscriptions to comment feeds.', () => feeds().subscriptions)
  counter(
    'dateline_feed_executions_total',
    'Executions of a subscription for an event.',
    () => counters.executions,
  )
  counter('dateline_feed_deliveries_total', 'Entries written to subscribers.', () => counters.deliveries)
  counter('dateline_feed_reads_total', 'Reads of comment feeds from the database.', () => counters.reads)
  new Counter({
    name: 'dateline_push_attempts_total',
    help: 'Attempts to deliver to webhooks and WebSub subscribers, by outcome.',
    labelNames: ['queue', 'outcome'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { labels, count } of push.counters.attempts()) this.inc(labels, count)
    },
  })
  const depths = QUEUES.map((queue) => ({
    queue,
    // Scrapes during a read share it, so that none pile up.
    read: singleFlight(() => push.depth(queue).catch(() => null)),
  }))
  new Gauge({
    name: 'dateline_push_queue_depth',
    help: 'Deliveries that are queued or running, in all gateways.',
    labelNames: ['queue'],
    registers: [registry],
    async collect() {
      // Without the database the other metrics are still useful.
      const found = await Promise.all(depths.map(({ read }) => within(DEPTH_TIMEOUT_MS, read(), null)))
      for (const [i, { queue }] of depths.entries()) {
        const depth = found[i] ?? null
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
