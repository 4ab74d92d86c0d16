import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { bodyDigestOf } from '../../src/comments/body.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle, approve } from '../support/newsroom.ts'
import { operation, type RawSocket, rawSocket } from '../support/raw-socket.ts'

/** An event of more than 100 kB, so that few of them fill what the system holds for a connection. */
const LARGE = `subscription ($articleId: ID!, $after: String) {
  commentFeed(articleId: $articleId, after: $after) {
    ... on CommentApproved { cursor comment { body ${Array.from({ length: 60 }, (_, n) => `b${n}: body`).join(' ')} } }
  }
}`

const EVENTS = 200

/** Longer than any test: who reads late must find out why it was closed, however slow the machine. */
const LONG = 3_600_000

test('readers that stop reading are closed with 4410 and return with their cursors; others get everything', async () => {
  await using app = await freshApp({
    pollMs: LONG,
    limits: { closeTimeoutMs: LONG, pingIntervalMs: LONG, initTimeoutMs: LONG },
  })
  const article = await addArticle(app.database.prisma)
  const variables = { articleId: article.id }
  const stalled = await Promise.all(Array.from({ length: 5 }, () => rawSocket(app.wsUrl)))
  await using reader = await rawSocket(app.wsUrl)
  for (const socket of [...stalled, reader]) socket.send(operation('1', LARGE, variables))
  while (app.services.commentFeeds.size.subscriptions < 6) await new Promise(setImmediate)

  const first = await publish(app, article.key, 1)
  const seen = await Promise.all(stalled.map((socket) => eventsOf(socket, 1)))
  for (const { socket } of stalled) socket.pause()
  const bodies = [...first, ...(await publish(app, article.key, EVENTS))]
  expect((await eventsOf(reader, 1 + EVENTS)).map(({ comment }) => comment.body)).toEqual(bodies)

  for (const [i, socket] of stalled.entries()) {
    const mine = seen[i] as Event[]
    socket.socket.on('message', (data) => mine.push(JSON.parse(String(data)).payload.data.commentFeed))
    socket.socket.resume()
    expect(await socket.closed).toMatchObject({ code: 4410 })
    expect(mine.length).toBeLessThan(1 + EVENTS)
    await using back = await rawSocket(app.wsUrl)
    back.send(operation('1', LARGE, { ...variables, after: mine.at(-1)?.cursor }))
    const rest = await eventsOf(back, 1 + EVENTS - mine.length)
    expect([...mine, ...rest].map(({ comment }) => comment.body)).toEqual(bodies)
  }
})

test('an event stream that is not read is cut, its client finds that out, and the others get everything', async () => {
  await using app = await freshApp({ pollMs: LONG })
  const article = await addArticle(app.database.prisma)
  const variables = { articleId: article.id }
  const response = await fetch(app.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: LARGE, variables }),
  })
  expect(response.status).toBe(200)
  await using reader = await rawSocket(app.wsUrl)
  reader.send(operation('1', LARGE, variables))
  while (app.services.commentFeeds.size.subscriptions < 2) await new Promise(setImmediate)
  const bodies = await publish(app, article.key, EVENTS)
  expect((await eventsOf(reader, EVENTS)).map(({ comment }) => comment.body)).toEqual(bodies)
  while (app.services.commentFeeds.size.subscriptions > 1) await new Promise(setImmediate)
  await expect(response.text()).rejects.toThrow('terminated')
})

test('what waits for a slow reader stays as it was written, whoever is sent the same after it', async () => {
  await using app = await freshApp({ pollMs: LONG })
  const article = await addArticle(app.database.prisma)
  const cursorAt = (position: number) => app.services.commentFeeds.cursorAt(article.key, position)
  await publish(app, article.key, 3)
  // Frames that differ in the id only are shared by ids of one length: by all but two of these.
  const readers: Reader[] = []
  for (const id of ['slow', 'late', 'fast', 'even', 'é', 'longer']) {
    const connection = nextConnection()
    const socket = await rawSocket(app.wsUrl)
    const wish = operation(id, operationText('CommentFeed'), { articleId: article.id, after: cursorAt(0) })
    readers.push({ id, socket, connection: await connection, begin: () => socket.send(wish) })
  }
  const [slow, later, ...others] = readers as [Reader, Reader, ...Reader[]]

  // What they missed goes to each in one piece. One takes nothing from the beginning on.
  const held = [holdWrites(slow.connection)]
  slow.begin()
  await held[0]?.written
  const received: Message[][] = []
  for (const reader of [later, ...others]) {
    reader.begin()
    received.push(await messagesOf(reader, 3))
  }
  // Then they get one event after the other, and another one takes nothing any more.
  held.push(holdWrites(later.connection))
  for (let i = 0; i < 3; i++) await publish(app, article.key, 1)
  for (const [i, reader] of others.entries()) received[i + 1]?.push(...(await messagesOf(reader, 3)))
  for (const { release } of held) release()
  received[0]?.push(...(await messagesOf(later, 3)))
  received.push(await messagesOf(slow, 6))
  const own = ({ id }: Reader) => [1, 2, 3, 4, 5, 6].map((position) => ({ id, cursor: cursorAt(position) }))
  expect(received).toEqual([later, ...others, slow].map(own))
  for (const { socket } of readers) socket.socket.terminate()
})

interface Reader {
  /** The id of its feed. */
  id: string
  socket: RawSocket
  /** The gateway's own end. */
  connection: Socket
  begin(): void
}

interface Message {
  id: string
  cursor: string
}

async function messagesOf({ socket }: Reader, count: number): Promise<Message[]> {
  const messages: Message[] = []
  while (messages.length < count) {
    const { id, payload } = await socket.next()
    messages.push({ id, cursor: payload.data.commentFeed.cursor })
  }
  return messages
}

interface Hold {
  /** Settles when something was written. */
  written: Promise<void>
  release(): void
}

/** The gateway's own end of the next connection. */
async function nextConnection(): Promise<Socket> {
  const { promise, resolve } = Promise.withResolvers<Socket>()
  const onConnection = (message: unknown) => resolve((message as { socket: Socket }).socket)
  subscribe('net.server.socket', onConnection)
  const socket = await promise
  unsubscribe('net.server.socket', onConnection)
  return socket
}

/** Lets a connection take nothing that is written to it until `release`, as when the system has no room for it. */
function holdWrites(connection: Socket): Hold {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { _write, _writev } = connection
  let goOn = () => {}
  const hold: Socket['_write'] = (...args) => {
    goOn = () => _write.apply(connection, args)
    resolve()
  }
  Object.assign(connection, { _write: hold, _writev: null })
  return {
    written: promise,
    release() {
      Object.assign(connection, { _write, _writev })
      goOn()
    },
  }
}

interface Event {
  cursor: string
  comment: { body: string }
}

async function eventsOf(socket: RawSocket, count: number): Promise<Event[]> {
  const events: Event[] = []
  while (events.length < count) events.push((await socket.next()).payload.data.commentFeed)
  return events
}

/** Stores long comments and approves them; returns their bodies in order. */
async function publish(
  { database: { prisma } }: TestApp,
  articleId: string,
  count: number,
): Promise<string[]> {
  const at = new Date()
  const { id: readerId } = await prisma.reader.create({
    data: { subject: crypto.randomUUID(), displayName: 'Reader', createdAt: at },
  })
  const comments = await prisma.comment.createManyAndReturn({
    data: Array.from({ length: count }, (_, n) => {
      const body = `${n} `.padEnd(2_000, 'x')
      return { articleId, readerId, body, bodyDigest: bodyDigestOf(body), submittedAt: at }
    }),
  })
  for (let i = 0; i < count; i += 100) {
    const some = comments.slice(i, i + 100)
    await approve(
      prisma,
      some.map(({ id }) => id),
    )
  }
  return comments.map(({ body }) => body)
}
