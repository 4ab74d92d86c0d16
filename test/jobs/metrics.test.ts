import { expect, test } from 'vitest'
import { PushCounters } from '../../src/jobs/metrics.ts'

test('attempts are counted by queue and by what came of them', () => {
  const counters = new PushCounters()
  expect(counters.attempts()).toEqual([])
  counters.attempted('webhooks', true)
  counters.attempted('webhooks', true)
  counters.attempted('webhooks', false)
  counters.attempted('websub', false)
  expect(counters.attempts()).toEqual([
    { labels: { queue: 'webhooks', outcome: 'arrived' }, count: 2 },
    { labels: { queue: 'webhooks', outcome: 'failed' }, count: 1 },
    { labels: { queue: 'websub', outcome: 'failed' }, count: 1 },
  ])
})
