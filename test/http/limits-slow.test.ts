import { expect, test } from 'vitest'
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
    limits: { closeWait: LONG, pingEvery: LONG, initWait: LONG },
  })
  const article = await addArticle(app.database.prisma)
  const variables = { articleId: article.id }
  const stalled = await Promise.all(Array.from({ length: 5 }, () => rawSocket(app.wsUrl)))
  await using reader = await rawSocket(app.wsUrl)
  for (const socket of [...stalled, reader]) socket.send(operation('1', LARGE, variables))
  while (app.services.feed.size.subscriptions < 6) await new Promise(setImmediate)

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
  while (app.services.feed.size.subscriptions < 2) await new Promise(setImmediate)
  const bodies = await publish(app, article.key, EVENTS)
  expect((await eventsOf(reader, EVENTS)).map(({ comment }) => comment.body)).toEqual(bodies)
  while (app.services.feed.size.subscriptions > 1) await new Promise(setImmediate)
  await expect(response.text()).rejects.toThrow('terminated')
})

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
      return { articleId, readerId, body, bodyKey: body, submittedAt: at }
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
