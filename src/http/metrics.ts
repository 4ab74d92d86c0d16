import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'

export interface Sources {
  sockets: () => number
  feeds: () => { channels: number; subscriptions: number }
}

/** What Prometheus may scrape from this process. */
export function createMetrics({ sockets, feeds }: Sources) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  gauge('dateline_sockets', 'Open websockets.', sockets)
  gauge('dateline_feeds_watched', 'Stories whose comment feed somebody watches.', () => feeds().channels)
  gauge('dateline_feed_subscriptions', 'Subscriptions to comment feeds.', () => feeds().subscriptions)
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
}
