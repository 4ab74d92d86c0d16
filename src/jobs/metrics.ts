import type { QueueName } from './queue.ts'

/** What senders count as they work. */
export class PushCounters {
  readonly #attempts = new Map<string, number>()

  /** An attempt to send something was made, and it arrived or did not. */
  readonly attempted = (queue: QueueName, arrived: boolean): void => {
    const key = `${queue} ${arrived ? 'arrived' : 'failed'}`
    this.#attempts.set(key, (this.#attempts.get(key) ?? 0) + 1)
  }

  /** All attempts, by queue and by what came of them. */
  attempts(): { labels: { queue: string; outcome: string }; count: number }[] {
    return [...this.#attempts].map(([key, count]) => {
      const [queue = '', outcome = ''] = key.split(' ')
      return { labels: { queue, outcome }, count }
    })
  }
}
