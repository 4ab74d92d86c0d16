import { Counter, Gauge, type Registry } from 'prom-client'
import type { Purges } from '../cdn/purges.ts'

export type PurgeSource = Pick<Purges, 'counters' | 'waiting'>

/** The metrics of the purges of a CDN. */
export function addPurgeMetrics(registry: Registry, purges: PurgeSource): void {
  new Counter({
    name: 'dateline_cdn_purges_total',
    help: 'Attempts of this gateway to send a purge to the purge hook: sent or failed.',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset()
      const { sent, failed } = purges.counters
      this.inc({ outcome: 'sent' }, sent)
      this.inc({ outcome: 'failed' }, failed)
    },
  })
  new Gauge({
    name: 'dateline_cdn_purge_waiting_keys',
    help: 'Surrogate keys that this gateway must still send to the purge hook. Only one of the gateways sends purges at a time.',
    registers: [registry],
    collect() {
      this.set(purges.waiting)
    },
  })
}
