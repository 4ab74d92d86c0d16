import { request } from 'node:http'
import { setTimeout as after } from 'node:timers/promises'
import WebSocket from 'ws'
import { decodeCommentFeedCursor } from '../../../src/comment-feed/cursor.ts'
import { operationText } from '../../../src/graphql/operations.ts'
import type { Outage, Page, ReaderLog, Reading } from './log.ts'
import { between, type Random } from './random.ts'

/** Pauses before a reader tries again: the first, and the most, in ms. A part of each is left to chance. */
const FIRST_PAUSE = 100
const LONGEST_PAUSE = 2_000

/** How long a reader waits for an answer, on a connection that may carry nothing, in ms. */
const PATIENCE = 5_000

const PAGE = operationText('ArticlePage')
const FEED = operationText('CommentFeed')

/**
 * A reader as any client would be: it loads the page, subscribes behind its cursor, writes down what it
 * gets, and after any loss comes back with its last cursor. Told to reload, it loads the page again.
 */
export class Reader {
  readonly log: ReaderLog
  /** Whether its feed is running. */
  connected = false
  /** The last position that it has. */
  position = 0
  received = 0
  readonly #slug: string
  readonly #port: number
  readonly #random: Random
  #cursor: string | null = null
  #socket: WebSocket | null = null
  #stopped = false
  #attempt = 0

  /** @param port the proxy's */
  constructor(story: { id: string; slug: string }, port: number, random: Random) {
    this.#slug = story.slug
    this.#port = port
    this.#random = random
    this.log = { story: story.id, readings: [], losses: [], stalls: [], ends: [] }
  }

  /** Reads until it is told to stop. */
  async read(): Promise<void> {
    while (!this.#stopped) {
      try {
        if (this.#cursor === null) await this.#loadPage()
        await this.#follow()
      } catch {
        // Refused, cut or late: what a reader does about it is the same.
      }
      if (!this.#stopped) await this.#pause()
    }
  }

  /** The port at its end of the connection, by which the proxy knows it. */
  get localPort(): number | undefined {
    return (this.#socket as unknown as { _socket?: { localPort?: number } } | null)?._socket?.localPort
  }

  noteStall(stall: Outage): void {
    this.log.stalls.push(stall)
  }

  stop(): void {
    this.#stopped = true
    this.#socket?.terminate()
  }

  async #loadPage(): Promise<void> {
    const { page, cursor } = await loadPage(this.#port, this.#slug)
    this.log.readings.push({ page, events: [], resetBy: null })
    this.position = page.position
    this.#cursor = cursor
  }

  /** One connection, from the handshake to its loss. */
  #follow(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const socket = new WebSocket(`ws://127.0.0.1:${this.#port}/graphql`, 'graphql-transport-ws', {
      perMessageDeflate: false,
      handshakeTimeout: PATIENCE,
    })
    const late = setTimeout(() => socket.terminate(), PATIENCE)
    let subscribedAt = 0
    this.#socket = socket
    socket.on('open', () => socket.send('{"type":"connection_init"}'))
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Message
      if (message.type === 'connection_ack') {
        clearTimeout(late)
        subscribedAt = Date.now()
        this.#joined(subscribedAt)
        socket.send(subscription(this.log.story, this.#cursor))
      } else if (message.type === 'ping') socket.send('{"type":"pong"}')
      else if (message.type !== 'next' || !message.payload.data) this.#end(String(data))
      else this.#take(message.payload.data.commentFeed, subscribedAt)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(late)
      if (this.connected) this.log.losses.push({ from: Date.now(), back: null })
      this.connected = false
      this.#socket = null
      resolve()
    })
    return promise
  }

  /** The feed was ended, though the connection holds: noted, and mended as no real client would. */
  #end(message: string): void {
    if (this.#cursor !== null) this.log.ends.push(message)
    this.#socket?.terminate()
  }

  #joined(at: number): void {
    this.connected = true
    this.#attempt = 0
    const loss = this.log.losses.at(-1)
    if (loss) loss.back ??= at
  }

  #take(event: FeedEvent, subscribedAt: number): void {
    // What still comes after a reset belongs to no page.
    if (this.#cursor === null) return
    const reading = this.log.readings.at(-1) as Reading
    this.received += 1
    if (event.__typename === 'FeedReset') {
      reading.resetBy = event.reason
      this.#cursor = null
      this.#socket?.terminate()
      return
    }
    const approved = event.__typename === 'CommentApproved'
    const position = positionOf(event.cursor)
    reading.events.push({
      position,
      kind: approved ? 'APPROVED' : 'RETRACTED',
      comment: approved ? event.comment.id : event.commentId,
      at: Date.now(),
      subscribedAt,
    })
    this.position = position
    this.#cursor = event.cursor
  }

  async #pause(): Promise<void> {
    const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#attempt)
    this.#attempt += 1
    await after(between(this.#random, longest / 2, longest))
  }
}

/** Loads a story's page over a connection of its own. */
export async function loadPage(port: number, slug: string): Promise<{ page: Page; cursor: string }> {
  const requestedAt = Date.now()
  const body = JSON.stringify({ query: PAGE, variables: { slug } })
  const { data } = JSON.parse(await post(port, body)) as { data: PageData | null }
  if (!data?.article) throw new Error('the page could not be loaded')
  const { feedCursor: cursor, comments } = data.article
  const page: Page = {
    history: decodeCommentFeedCursor(cursor)?.history ?? '',
    requestedAt,
    loadedAt: Date.now(),
    position: positionOf(cursor),
    comments: comments.edges.map(({ node }) => node.id),
    more: comments.pageInfo.hasNextPage,
  }
  return { page, cursor }
}

function post(port: number, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path: '/graphql',
        method: 'POST',
        agent: false,
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        signal: AbortSignal.timeout(PATIENCE),
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
        })
        response.on('error', reject)
        response.on('end', () => resolve(text))
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Readers take a cursor as it is; only what they write down of it is a position, for the verdict. */
function positionOf(cursor: string): number {
  return decodeCommentFeedCursor(cursor)?.position ?? Number.NaN
}

function subscription(articleId: string, after: string | null): string {
  const payload = { query: FEED, variables: { articleId, after } }
  return JSON.stringify({ id: '1', type: 'subscribe', payload })
}

type FeedEvent =
  | { __typename: 'CommentApproved'; cursor: string; comment: { id: string } }
  | { __typename: 'CommentRetracted'; cursor: string; commentId: string }
  | { __typename: 'FeedReset'; cursor: string; reason: string }

type Message =
  | { type: 'connection_ack' | 'ping' | 'error' | 'complete' }
  | { type: 'next'; payload: { data?: { commentFeed: FeedEvent } } }

interface PageData {
  article: {
    feedCursor: string
    comments: { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean } }
  } | null
}
