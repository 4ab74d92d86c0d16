import { Counter, Gauge, type Registry } from 'prom-client'
import type { Services } from '../graphql/context.ts'
import type { LiveCounters } from '../live/metrics.ts'

export type LiveSources = Pick<Services, 'articleChanges' | 'queueEvents'>

/** Adds the metrics of the live subscriptions other than comment feeds, by the name of their field. */
export function addLiveMetrics(registry: Registry, { articleChanges, queueEvents }: LiveSources): void {
  const counters: Record<string, LiveCounters> = {
    ...articleChanges.counters,
    moderationQueue: queueEvents.counters,
  }
  const labelNames = ['subscription'] as const
  new Gauge({
    name: 'dateline_live_subscriptions',
    help: 'Subscriptions to changes of articles and to the moderation queue.',
    labelNames,
    registers: [registry],
    collect() {
      for (const [subscription, each] of Object.entries(counters))
        this.set({ subscription }, each.subscriptions)
    },
  })
  new Gauge({
    name: 'dateline_live_groups',
    help: 'Groups of these subscribers that share executions.',
    registers: [registry],
    collect() {
      this.set(articleChanges.groups + queueEvents.groups)
    },
  })
  const total = (name: string, help: string, read: (each: LiveCounters) => number) =>
    new Counter({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset()
        for (const [subscription, each] of Object.entries(counters)) this.inc({ subscription }, read(each))
      },
    })
  total('dateline_live_executions_total', 'Executions of these subscriptions.', (each) => each.executions)
  total('dateline_live_deliveries_total', 'Events written to these subscribers.', (each) => each.deliveries)
}
