import type { QueueName } from './queue.ts'

/** Counters of delivery attempts. */
export class PushCounters {
  readonly #attempts = new Map<string, number>()

  /** A delivery attempt has succeeded or failed. */
  readonly attempted = (queue: QueueName, arrived: boolean): void => {
    const key = `${queue} ${arrived ? 'arrived' : 'failed'}`
    this.#attempts.set(key, (this.#attempts.get(key) ?? 0) + 1)
  }

  /** All attempts, by queue and outcome. */
  attempts(): { labels: { queue: string; outcome: string }; count: number }[] {
    return [...this.#attempts].map(([key, count]) => {
      const [queue = '', outcome = ''] = key.split(' ')
      return { labels: { queue, outcome }, count }
    })
  }
}
