import { beforeEach, describe, expect, test, vi } from 'vitest'
import { CommentFeedCounters, createMetrics, type MetricSources } from '../../src/http/metrics.ts'
import { QUEUES } from '../../src/jobs/queue.ts'
import { LiveCounters } from '../../src/live/metrics.ts'
import { Reads } from '../../src/read-cache/reads.ts'
import { ResponseCache } from '../../src/read-cache/response-cache.ts'

// What Prometheus reads: names, units and numbers that dashboards and alarms rely on.

const decidedAt = new Date('2026-03-01T12:00:00Z')
let now: Date
let counters: CommentFeedCounters

beforeEach(() => {
  now = decidedAt
  counters = new CommentFeedCounters(() => now)
})

/** Says that an entry was written to so many sockets so many ms after its decision. */
function deliver(ms: number, sockets = 1): void {
  now = new Date(decidedAt.getTime() + ms)
  counters.delivered({ at: decidedAt } as never, sockets)
}

const sources: MetricSources = {
  sockets: () => ({ sockets: 3, queued: 4_096 }),
  feeds: () => ({ feeds: 5, groups: 7, subscriptions: 11 }),
  live: {
    articleChanges: { counters: {}, groups: 0 },
    queueEvents: { counters: new LiveCounters(), groups: 0 },
  } as never,
  revocation: { watched: 13 },
  push: {
    counters: {
      attempts: () => [{ labels: { queue: 'webhook', outcome: 'delivered' }, count: 17 }],
    } as never,
    depth: async () => 19,
  },
  readCache: null,
  purges: null,
}

/** The samples of a scrape by name, labels included. */
function samplesIn(body: string): Record<string, number> {
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  )
}

async function scrape(read: ReturnType<typeof createMetrics>): Promise<Record<string, number>> {
  return samplesIn((await read()).body)
}

describe('the latency of the feed', () => {
  const sums = async () => {
    const samples = await scrape(createMetrics(sources, counters))
    return {
      count: samples.dateline_feed_latency_seconds_count,
      sum: samples.dateline_feed_latency_seconds_sum,
      within: (seconds: number | '+Inf') => samples[`dateline_feed_latency_seconds_bucket{le="${seconds}"}`],
    }
  }

  test('is in seconds, whatever the number of sockets', async () => {
    deliver(1_500, 200)
    const { count, sum, within } = await sums()
    expect([count, sum]).toEqual([1, 1.5])
    expect([within(1), within(2.5)]).toEqual([0, 1])
  })

  test('is sorted into steps from 5 ms to 5 s', async () => {
    for (const ms of [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 5_001]) deliver(ms)
    const { within } = await sums()
    const steps = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, '+Inf'] as const
    expect(steps.map(within)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  })

  test('is never negative, however the clocks differ', async () => {
    deliver(-4_000)
    expect(await sums()).toMatchObject({ count: 1, sum: 0 })
  })

  test('leaves out what was written to nobody', async () => {
    deliver(1_000, 0)
    expect(await sums()).toMatchObject({ count: 0, sum: 0 })
  })
})

test('each scrape has what is so now, and totals as they stand', async () => {
  const read = createMetrics(sources, counters)
  counters.executed()
  counters.read()
  counters.read()
  counters.replayed(4)
  deliver(0, 6)
  const samples = {
    dateline_sockets: 3,
    dateline_socket_queue_bytes: 4_096,
    dateline_feeds_watched: 5,
    dateline_feed_groups: 7,
    dateline_feed_subscriptions: 11,
    dateline_watched_identities: 13,
    dateline_feed_executions_total: 1,
    dateline_feed_reads_total: 2,
    dateline_feed_deliveries_total: 10,
    'dateline_push_attempts_total{queue="webhook",outcome="delivered"}': 17,
    ...Object.fromEntries(QUEUES.map((queue) => [`dateline_push_queue_depth{queue="${queue}"}`, 19])),
  }
  expect(await scrape(read)).toMatchObject(samples)
  // Nothing is added up from one scrape to the next.
  expect(await scrape(read)).toMatchObject(samples)
  counters.executed()
  expect(await scrape(read)).toMatchObject({ ...samples, dateline_feed_executions_total: 2 })
})

test('it is text as Prometheus reads it, with the process beside it, and each metric has its type', async () => {
  const { type, body } = await createMetrics(sources, counters)()
  expect(type).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(body).toContain('process_cpu_seconds_total')
  expect(body).toContain('nodejs_eventloop_lag_p99_seconds')
  const types = Object.fromEntries(
    [...body.matchAll(/^# TYPE (dateline_\w+) (\w+)$/gm)].map(([, name, kind]) => [name, kind]),
  )
  expect(types).toEqual({
    dateline_sockets: 'gauge',
    dateline_socket_queue_bytes: 'gauge',
    dateline_feeds_watched: 'gauge',
    dateline_feed_groups: 'gauge',
    dateline_feed_subscriptions: 'gauge',
    dateline_watched_identities: 'gauge',
    dateline_feed_latency_seconds: 'histogram',
    dateline_feed_executions_total: 'counter',
    dateline_feed_reads_total: 'counter',
    dateline_feed_deliveries_total: 'counter',
    dateline_live_subscriptions: 'gauge',
    dateline_live_groups: 'gauge',
    dateline_live_executions_total: 'counter',
    dateline_live_deliveries_total: 'counter',
    dateline_push_attempts_total: 'counter',
    dateline_push_queue_depth: 'gauge',
  })
})

test('without the database the depth of the queues is left out, and the rest is there', async () => {
  let isAway = false
  const depth = async () => {
    if (isAway) throw new Error('away')
    return 19
  }
  const read = createMetrics({ ...sources, push: { ...sources.push, depth } }, counters)
  expect(await scrape(read)).toHaveProperty([`dateline_push_queue_depth{queue="${QUEUES[0]}"}`], 19)
  isAway = true
  const samples = await scrape(read)
  expect(Object.keys(samples).filter((name) => name.startsWith('dateline_push_queue_depth'))).toEqual([])
  expect(samples).toMatchObject({ dateline_sockets: 3 })
})

test('a scrape waits at most 2 s for a database that does not answer, and scrapes share the reads', async () => {
  vi.useFakeTimers()
  try {
    let reads = 0
    const depth = () => {
      reads++
      return new Promise<number>(() => {})
    }
    const read = createMetrics({ ...sources, push: { ...sources.push, depth } }, counters)
    for (let n = 0; n < 2; n++) {
      const scraped = scrape(read)
      await vi.advanceTimersByTimeAsync(2_000)
      const samples = await scraped
      expect(Object.keys(samples).filter((name) => name.startsWith('dateline_push_queue_depth'))).toEqual([])
      expect(samples).toMatchObject({ dateline_sockets: 3 })
    }
    expect(reads).toBe(QUEUES.length)
  } finally {
    vi.useRealTimers()
  }
})

test('the read cache is counted: by outcome, by the cause of a drop, in bytes and in responses', async () => {
  const cache = new ResponseCache({ capacity: 1_000_000, now: () => decidedAt })
  cache.confirm(Number.POSITIVE_INFINITY, null)
  const reads = new Reads()
  reads.add('an article')
  const filling = cache.begin()
  const content = { type: 'application/json', body: Buffer.alloc(5_000) }
  cache.put({ scope: 'GET', text: 'one' }, content, reads, filling)
  cache.put({ scope: 'GET', text: 'two' }, content, new Reads(), filling)
  cache.end(filling)
  cache.get('GET', 'one')
  cache.counters.misses += 2
  cache.counters.coalesced += 3
  const read = createMetrics({ ...sources, readCache: cache }, counters)
  const before = await scrape(read)
  expect(before).toMatchObject({
    'dateline_read_cache_requests_total{outcome="hit"}': 1,
    'dateline_read_cache_requests_total{outcome="miss"}': 2,
    'dateline_read_cache_requests_total{outcome="coalesced"}': 3,
    'dateline_read_cache_drops_total{cause="article"}': 0,
    dateline_read_cache_responses: 2,
  })
  expect(before.dateline_read_cache_bytes).toBeGreaterThan(10_000)
  cache.drop(['an article'], 'article')
  const after = await scrape(read)
  expect(after['dateline_read_cache_drops_total{cause="article"}']).toBe(1)
  expect(after.dateline_read_cache_responses).toBe(1)
  expect(after.dateline_read_cache_bytes).toBeLessThan(before.dateline_read_cache_bytes as number)
})

test('the purges of a CDN are counted, if there is a purge hook', async () => {
  const purges = { counters: { sent: 23, failed: 29 }, waiting: 31 }
  expect(await scrape(createMetrics({ ...sources, purges }, counters))).toMatchObject({
    'dateline_cdn_purges_total{outcome="sent"}': 23,
    'dateline_cdn_purges_total{outcome="failed"}': 29,
    dateline_cdn_purge_waiting_keys: 31,
  })
  const names = Object.keys(await scrape(createMetrics(sources, counters)))
  expect(names.filter((name) => name.includes('cdn'))).toEqual([])
})
