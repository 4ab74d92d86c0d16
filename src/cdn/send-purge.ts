import { randomUUID } from 'node:crypto'
import type { PurgeConfig } from '../config/cdn.ts'
import type { Log } from '../db/database.ts'
import { type Backoff, nextAttempt } from '../jobs/backoff.ts'
import type { OutboundResponse, SendRequest } from '../net/outbound-http.ts'
import { signatures } from '../webhooks/signature.ts'
import { type Batch, WaitingKeys } from './waiting-keys.ts'

export interface PurgeSenderDeps {
  config: PurgeConfig
  sendRequest: SendRequest
  backoff: Backoff
  log: Log
  now: () => Date
  /** When a purge is repeated, in ms. */
  repeatMs: number
}

/** A message. Its content is the same for each attempt. */
interface Message {
  id: string
  body: string
  batch: Batch
  attempts: number
}

/** The longest wait that the receiver can ask for, in ms. */
const MAX_RETRY_MS = 60_000

/** Sends the keys that wait, one message after the other. */
export class PurgeSender {
  readonly counters = { sent: 0, failed: 0 }
  readonly #deps: PurgeSenderDeps
  readonly #wakeIn: (ms: number) => void
  readonly #keys: WaitingKeys
  #message: Message | null = null
  /** When the message is tried again, in ms of the process's clock. */
  #retryAt = Number.NEGATIVE_INFINITY

  /** @param wakeIn asks for a call of `attempt` after a time, in ms */
  constructor(deps: PurgeSenderDeps, wakeIn: (ms: number) => void) {
    this.#deps = deps
    this.#wakeIn = wakeIn
    this.#keys = new WaitingKeys(deps.repeatMs)
  }

  /** The number of keys that wait. */
  get waiting(): number {
    return this.#keys.size + (this.#message?.batch.keys.length ?? 0)
  }

  /** Whether a retry is not due yet. */
  get isPaused(): boolean {
    return this.#retryAt > performance.now()
  }

  add(keys: readonly string[]): void {
    this.#keys.add(keys)
  }

  clear(): void {
    this.#keys.clear()
    this.#message = null
    this.#retryAt = Number.NEGATIVE_INFINITY
  }

  /** Whether there is a message to send. */
  prepare(): boolean {
    this.#message ??= this.#next()
    return this.#message !== null
  }

  /** Makes one attempt to send the message. Returns whether it was acknowledged. */
  async attempt(signal: AbortSignal): Promise<boolean> {
    const message = this.#message
    if (!message) return false
    const outcome = await this.#post(message, signal)
    if ('status' in outcome && outcome.status >= 200 && outcome.status < 300) {
      this.counters.sent += 1
      this.#message = null
      const repeatAt = this.#keys.acknowledged(message.batch, performance.now())
      if (repeatAt !== null) this.#wakeIn(repeatAt - performance.now())
      return true
    }
    this.#postpone(message, outcome)
    return false
  }

  #next(): Message | null {
    const batch = this.#keys.take(performance.now())
    if (!batch) return null
    const timestamp = this.#deps.now().toISOString()
    const body = JSON.stringify({ type: 'cdn.purge', timestamp, data: { keys: batch.keys } })
    return { id: `msg_${randomUUID().replaceAll('-', '')}`, body, batch, attempts: 0 }
  }

  async #post({ id, body }: Message, signal: AbortSignal): Promise<OutboundResponse | { error: unknown }> {
    const { config, sendRequest, now } = this.#deps
    const timestamp = Math.floor(now().getTime() / 1_000)
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatures({ id, timestamp, body }, config.secrets),
    }
    try {
      return await sendRequest({ method: 'POST', url: config.url, headers, body, signal })
    } catch (error) {
      signal.throwIfAborted()
      return { error }
    }
  }

  #postpone(message: Message, outcome: OutboundResponse | { error: unknown }): void {
    const { backoff, now, log } = this.#deps
    this.counters.failed += 1
    message.attempts += 1
    const at = now()
    const retryAfter = 'status' in outcome ? outcome.headers['retry-after'] : undefined
    const next = nextAttempt(backoff, { attempts: message.attempts, at, retryAfter })
    const wait = Math.min(next.getTime() - at.getTime(), MAX_RETRY_MS)
    this.#retryAt = performance.now() + wait
    this.#wakeIn(wait)
    if (message.attempts > 1) return
    const details = 'status' in outcome ? { status: outcome.status } : { err: outcome.error }
    log.warn(details, 'a purge of the CDN failed; retrying')
  }
}
