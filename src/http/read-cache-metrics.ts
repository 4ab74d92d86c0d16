import { Counter, Gauge, type Registry } from 'prom-client'
import type { ResponseCache } from '../read-cache/response-cache.ts'

/** Adds the metrics of the read cache. */
export function addReadCacheMetrics(registry: Registry, cache: ResponseCache): void {
  new Counter({
    name: 'dateline_read_cache_requests_total',
    help: 'Requests that could be answered from the read cache: hit, miss, or coalesced with an identical one.',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset()
      const { hits, misses, coalesced } = cache.counters
      this.inc({ outcome: 'hit' }, hits)
      this.inc({ outcome: 'miss' }, misses)
      this.inc({ outcome: 'coalesced' }, coalesced)
    },
  })
  new Counter({
    name: 'dateline_read_cache_drops_total',
    help: 'Responses that were dropped: for a change of comments, articles or reference data, because a known time was reached (clock), because changes may have been missed (gap), or for lack of memory (eviction).',
    labelNames: ['cause'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [cause, count] of Object.entries(cache.counters.drops)) this.inc({ cause }, count)
    },
  })
  new Gauge({
    name: 'dateline_read_cache_bytes',
    help: 'Memory of the responses that are kept.',
    registers: [registry],
    collect() {
      this.set(cache.size)
    },
  })
  new Gauge({
    name: 'dateline_read_cache_responses',
    help: 'Responses that are kept.',
    registers: [registry],
    collect() {
      this.set(cache.count)
    },
  })
}
