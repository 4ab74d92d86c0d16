import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import WebSocket from 'ws'
import { anonymous } from '../../../src/auth/viewer.ts'
import { decodeCommentFeedCursor } from '../../../src/comment-feed/cursor.ts'
import { operationText } from '../../../src/graphql/operations.ts'
import type { TestApp } from '../../support/app.ts'
import { openStream } from '../../support/event-stream.ts'
import type { Json } from '../../support/json.ts'
import { globalId } from '../../support/newsroom.ts'
import { operation } from '../../support/raw-socket.ts'
import type { Transport } from './plan.ts'

const feed = operationText('CommentFeed')
const events = operationText('CommentEvents')

/** An event as a reader got it. `commentId` is the global id. */
export interface Seen {
  kind: 'APPROVED' | 'RETRACTED' | 'RESET'
  position: number
  cursor: string
  commentId: string
  /** Missing in a reset. */
  commentCount?: number
  body?: string
}

export interface Connection {
  cut(): void
  /** Stops and goes on taking in what arrives. */
  pause(): void
  resume(): void
}

export interface Wish {
  /** The story's key. */
  key: string
  after: string | null
  onEvent(event: Seen): void
  /** The connection ended without having been cut by the reader. */
  onEnd(error: unknown): void
}

/** Subscribes to a story's feed in the given way. */
export function openConnection(app: TestApp, transport: Transport, wish: Wish): Promise<Connection> {
  return { ws: overSocket, sse: overStream, hub: insideGateway, query: byQuery }[transport](app, wish)
}

async function overSocket(app: TestApp, { key, after, onEvent, onEnd }: Wish): Promise<Connection> {
  const socket = new WebSocket(app.wsUrl, 'graphql-transport-ws')
  let cut = false
  socket.on('message', (data) => {
    const { type, payload } = JSON.parse(String(data))
    if (cut) return
    if (type === 'connection_ack') {
      socket.send(JSON.stringify(operation('1', feed, { articleId: globalId('Article', key), after })))
    }
    if (type === 'next' && !payload.errors) return onEvent(seenBy(payload))
    if (type === 'error' || type === 'next')
      onEnd(new Error(`subscribing failed: ${JSON.stringify(payload)}`))
  })
  await once(socket, 'open')
  socket.on('error', () => {})
  socket.on('close', (code, reason) => cut || onEnd(new Error(`socket closed: ${code} ${reason}`)))
  socket.send(JSON.stringify({ type: 'connection_init' }))
  return {
    cut() {
      cut = true
      socket.terminate()
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  }
}

async function overStream(app: TestApp, { key, after, onEvent, onEnd }: Wish): Promise<Connection> {
  const stream = await openStream(app.url, feed, { articleId: globalId('Article', key), after })
  if (stream.status !== 200) throw new Error(`a stream was refused with ${stream.status}`)
  const next = async () => {
    const { done, value } = await stream.events.next()
    if (done) throw new Error('the stream ended without being completed')
    return value.event === 'next' ? seenBy(value.data) : null
  }
  return pulled(next, onEvent, onEnd, () => stream.cut())
}

async function insideGateway(app: TestApp, { key, after, onEvent, onEnd }: Wish): Promise<Connection> {
  const subscription = await app.services.commentFeeds.subscribe(key, after, anonymous)
  const next = async () => {
    const { done, value } = await subscription.next()
    if (done) return null
    const { kind, cursor } = value
    const position = positionOf(cursor)
    if (kind === 'RESET') return { kind, cursor, position, commentId: value.reason }
    const commentKey = kind === 'APPROVED' ? value.comment.id : value.commentId
    const body = kind === 'APPROVED' ? value.comment.body : undefined
    const { commentCount } = value
    return { kind, cursor, position, commentId: globalId('Comment', commentKey), commentCount, body }
  }
  return pulled(next, onEvent, onEnd, () => void subscription.return())
}

/** How long a reader that has caught up by queries waits before it asks again, in ms. */
const QUERY_INTERVAL_MS = 20

async function byQuery(app: TestApp, { key, after, onEvent, onEnd }: Wish): Promise<Connection> {
  const articleId = globalId('Article', key)
  let cursor = after
  let page: Seen[] = []
  const next = async () => {
    while (page.length === 0) {
      const { edges, pageInfo } = (await app.ask(events, { articleId, after: cursor, first: 2 }))
        .commentEvents
      page = edges.map(({ node }: Json) => seenBy({ data: { commentFeed: node } }))
      const isCaughtUp = positionOf(pageInfo.endCursor) === positionOf(cursor ?? '')
      if (isCaughtUp && pageInfo.hasNextPage)
        throw new Error('a page that ends where it begins is not the last')
      if (isCaughtUp) await pause(QUERY_INTERVAL_MS)
      cursor = pageInfo.endCursor
    }
    return page.shift() as Seen
  }
  return pulled(next, onEvent, onEnd, () => {})
}

/** A connection from which events are pulled one by one. */
function pulled(
  next: () => Promise<Seen | null>,
  onEvent: Wish['onEvent'],
  onEnd: Wish['onEnd'],
  end: () => void,
): Connection {
  let cut = false
  let paused: PromiseWithResolvers<void> | null = null
  const goOn = () => {
    paused?.resolve()
    paused = null
  }
  const pull = async () => {
    while (!cut) {
      await paused?.promise
      const event = await next()
      if (cut) return
      if (!event) throw new Error('the stream was completed')
      onEvent(event)
    }
  }
  pull().catch((error) => cut || onEnd(error))
  return {
    cut() {
      cut = true
      goOn()
      end()
    },
    pause() {
      paused ??= Promise.withResolvers()
    },
    resume: goOn,
  }
}

function seenBy({ data, errors }: Json): Seen {
  if (errors) throw new Error(errors[0].message)
  const { __typename, cursor, comment, commentId, commentCount, reason } = data.commentFeed
  const position = positionOf(cursor)
  if (__typename === 'FeedReset') return { kind: 'RESET', position, cursor, commentId: reason }
  if (__typename === 'CommentRetracted')
    return { kind: 'RETRACTED', position, cursor, commentId, commentCount }
  return { kind: 'APPROVED', position, cursor, commentId: comment.id, commentCount, body: comment.body }
}

function positionOf(cursor: string): number {
  return decodeCommentFeedCursor(cursor)?.position ?? Number.NaN
}
