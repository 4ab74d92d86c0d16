import { type Client, createClient, type FormattedExecutionResult } from 'graphql-ws/client'
import {
  WidgetEventsDocument,
  WidgetFeedDocument,
  type WidgetFeedEventFragment,
  type WidgetFeedSubscription,
} from '../../../schema/documents.ts'
import { failureOf, type Gateway, idOf } from './gateway.ts'
import { backoffMs, Wake } from './wake.ts'

/** How events reach the widget at the moment. */
export type Connection = 'connecting' | 'live' | 'polling' | 'offline'

export interface FeedListener {
  onEvent(event: Exclude<WidgetFeedEventFragment, { __typename: 'FeedReset' }>): void
  /** The feed can't continue: load the comments again. The feed has stopped. */
  onReset(): void
  /** The article is not visible any more. The feed has stopped. */
  onGone(): void
  /** The gateway does not know this widget any more. The feed has stopped. */
  onOutdated(): void
  onConnection(connection: Connection): void
}

/** Failed attempts to open a websocket before events are read by query. */
const ATTEMPTS_BEFORE_POLLING = 2
const POLL_MS = 5_000
/** The gateway sends nothing for at most 25 seconds; without an answer after ten more the connection is lost. */
const KEEP_ALIVE_MS = 20_000
const PONG_TIMEOUT_MS = 10_000
const ACK_TIMEOUT_MS = 10_000
/** After a longer absence, a websocket that seems open may be dead. */
const SLEEP_MS = 30_000
/** A connection that lasts this long counts as a success. */
const STABLE_MS = 30_000

/** The live feed of an article. It resumes after the last cursor, and never gives up. */
export class Feed {
  readonly #gateway: Gateway
  readonly #articleId: string
  readonly #listener: FeedListener
  readonly #client: Client
  readonly #wake: Wake
  #cursor: string
  #isConnected = false
  #isStopped = false
  #attempts = 0

  constructor(gateway: Gateway, articleId: string, cursor: string, listener: FeedListener) {
    this.#gateway = gateway
    this.#articleId = articleId
    this.#cursor = cursor
    this.#listener = listener
    this.#client = this.#openClient()
    this.#wake = new Wake((hiddenMs) => {
      this.#attempts = 0
      if (hiddenMs > SLEEP_MS) this.#client.terminate()
    })
    addEventListener('offline', this.#onOffline)
    void this.#run()
  }

  stop(): void {
    if (this.#isStopped) return
    this.#isStopped = true
    removeEventListener('offline', this.#onOffline)
    this.#wake.stop()
    void this.#client.dispose()
  }

  readonly #onOffline = () => this.#listener.onConnection('offline')

  #openClient(): Client {
    let pongTimer: ReturnType<typeof setTimeout> | undefined
    const client = createClient({
      url: this.#gateway.socketAddress,
      retryAttempts: 0,
      keepAlive: KEEP_ALIVE_MS,
      connectionAckWaitTimeout: ACK_TIMEOUT_MS,
      on: {
        connected: () => this.#onConnected(),
        ping: (isReceived) => {
          if (!isReceived) pongTimer = setTimeout(() => client.terminate(), PONG_TIMEOUT_MS)
        },
        pong: (isReceived) => {
          if (isReceived) clearTimeout(pongTimer)
        },
        closed: () => {
          clearTimeout(pongTimer)
          this.#isConnected = false
        },
      },
    })
    return client
  }

  #onConnected(): void {
    this.#isConnected = true
    this.#listener.onConnection('live')
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const startedAt = Date.now()
      await this.#subscribe()
      if (this.#isStopped) return
      if (Date.now() - startedAt > STABLE_MS) this.#attempts = 0
      await this.#retryLater()
    }
  }

  /** Subscribes once; settles when the subscription is over. */
  #subscribe(): Promise<void> {
    const variables = { articleId: this.#articleId, after: this.#cursor }
    const request = { query: '', documentId: idOf(WidgetFeedDocument), variables }
    return new Promise((resolve) => {
      this.#client.subscribe<WidgetFeedSubscription>(request, {
        next: (result) => this.#onResult(result),
        error: (error) => {
          if (Array.isArray(error)) this.#onErrorCode(error[0]?.extensions?.code)
          resolve()
        },
        complete: resolve,
      })
    })
  }

  #onResult({ data, errors }: FormattedExecutionResult<WidgetFeedSubscription, unknown>): void {
    if (data?.commentFeed) this.#apply(data.commentFeed)
    else this.#onErrorCode(errors?.[0]?.extensions?.code)
  }

  #onErrorCode(code: unknown): void {
    const failure = failureOf(String(code))
    if (failure === 'NOT_FOUND') this.#end(() => this.#listener.onGone())
    if (failure === 'OUTDATED') this.#end(() => this.#listener.onOutdated())
  }

  #apply(event: WidgetFeedEventFragment): void {
    if (this.#isStopped) return
    this.#attempts = 0
    this.#cursor = event.cursor
    if (event.__typename !== 'FeedReset') this.#listener.onEvent(event)
    else if (event.reason === 'ARTICLE_UNAVAILABLE') this.#end(() => this.#listener.onGone())
    else this.#end(() => this.#listener.onReset())
  }

  #end(tell: () => void): void {
    if (this.#isStopped) return
    this.stop()
    tell()
  }

  /** Waits before the next attempt. If websockets seem to be blocked, events are read by query meanwhile. */
  async #retryLater(): Promise<void> {
    this.#attempts += 1
    const isOnline = navigator.onLine
    if (this.#attempts <= ATTEMPTS_BEFORE_POLLING) {
      this.#listener.onConnection(isOnline ? 'connecting' : 'offline')
      return this.#wake.wait(backoffMs(this.#attempts - 1))
    }
    const until = Date.now() + Math.max(POLL_MS, backoffMs(this.#attempts))
    do {
      this.#listener.onConnection((await this.#poll()) ? 'polling' : 'offline')
      await this.#wake.wait(POLL_MS * (0.75 + Math.random() / 2))
    } while (!this.#isStopped && !this.#isConnected && Date.now() < until)
  }

  /** Reads the events since the cursor by query. Returns whether the gateway answered. */
  async #poll(): Promise<boolean> {
    try {
      for (let hasMore = true; hasMore && !this.#isStopped; ) {
        const { commentEvents } = await this.#gateway.query(WidgetEventsDocument, {
          articleId: this.#articleId,
          after: this.#cursor,
        })
        for (const { node } of commentEvents.edges) this.#apply(node)
        if (this.#isStopped) return true
        this.#cursor = commentEvents.pageInfo.endCursor ?? this.#cursor
        hasMore = commentEvents.pageInfo.hasNextPage
      }
      return true
    } catch (error) {
      const { failure } = error as { failure?: string }
      if (failure === 'NOT_FOUND') this.#end(() => this.#listener.onGone())
      if (failure === 'OUTDATED') this.#end(() => this.#listener.onOutdated())
      return this.#isStopped
    }
  }
}
