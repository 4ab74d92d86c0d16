import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { openStream } from '../support/event-stream.ts'
import { holdNext } from '../support/held.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'

const feed = operationText('CommentFeed')
const changes = 'subscription { changes { articleId } }'

/** Longer than the test, in ms, however slow the machine: nothing is to end by running out of time. */
const LONG = 100_000

interface Asked {
  query: string
  variables?: object
  token?: string
}

/** Asks for an event stream with GET, as EventSource does, over a connection of its own or an agent's. */
function ask({ url }: TestApp, { query, variables = {}, token }: Asked, agent?: Agent) {
  const address = new URL(url)
  address.search = String(new URLSearchParams({ query, variables: JSON.stringify(variables) }))
  const headers = { accept: 'text/event-stream', ...(token ? { authorization: `Bearer ${token}` } : {}) }
  return request(address, { headers, agent })
    .on('error', () => {})
    .end()
}

/** The gateway's own end of the connection that the next request comes on. */
async function nextConnection(): Promise<Socket> {
  const { promise, resolve } = Promise.withResolvers<Socket>()
  const onRequest = (message: unknown) => resolve((message as { socket: Socket }).socket)
  subscribe('http.server.request.start', onRequest)
  const socket = await promise
  unsubscribe('http.server.request.start', onRequest)
  return socket
}

/** Asks for a stream and leaves while the gateway still reads what it needs to begin it. */
async function leaveEarly(app: TestApp, asked: Asked, reads: Parameters<typeof holdNext>[0]): Promise<void> {
  const held = holdNext(reads)
  const connection = nextConnection()
  const asking = ask(app, asked)
  const socket = await connection
  await held.asked
  asking.destroy()
  await once(socket, 'close')
  held.release()
}

async function subscriptions({ url }: TestApp): Promise<number> {
  const text = await (await fetch(url.replace('/graphql', '/metrics'))).text()
  return Number(/^dateline_feed_subscriptions (\d+)$/m.exec(text)?.[1])
}

test('a client that leaves before its stream begins gives its place back', async () => {
  await using app = await freshApp({ env: { MAX_SOCKETS: '1' } })
  const { prisma } = app.database
  const { id: articleId } = await addArticle(prisma)
  await leaveEarly(app, { query: feed, variables: { articleId } }, prisma.article)
  expect(await subscriptions(app)).toBe(0)
  await using stream = await openStream(app.url, feed, { articleId })
  expect(stream.status).toBe(200)
  expect(await subscriptions(app)).toBe(1)
})

test('a partner that leaves before its stream begins gives its place back', async () => {
  await using app = await freshApp({ env: { MAX_SOCKETS: '1' } })
  const { prisma } = app.database
  const { key } = await addPartner(prisma)
  await leaveEarly(app, { query: changes, token: key }, prisma.partnerKey)
  await using stream = await openStream(app.url, changes, {}, key)
  expect(stream.status).toBe(200)
})

test('streams that follow each other on one connection leave nothing on it', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const connections = new Set<Socket>()
  const listeners = new Set<number>()
  for (let round = 0; round < 3; round++) {
    const { id: articleId, slug } = await addArticle(prisma)
    const connection = nextConnection()
    const asking = ask(app, { query: feed, variables: { articleId } }, agent)
    const [response] = (await once(asking, 'response')) as [IncomingMessage]
    // What is taken from view completes its stream.
    await addArticle(prisma, { slug, status: 'WITHHELD' })
    expect(String(await response.toArray())).toContain('event: complete')
    const socket = await connection
    connections.add(socket)
    listeners.add(socket.listenerCount('close'))
  }
  expect([connections.size, listeners.size]).toEqual([1, 1])
  agent.destroy()
})

test('a connection whose stream is over is no stream to a gateway that stops: what it asks is answered', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { id: articleId, slug } = await addArticle(prisma)
  const other = await addArticle(prisma)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const connections = [nextConnection()]
  const asking = ask(app, { query: feed, variables: { articleId } }, agent)
  const [stream] = (await once(asking, 'response')) as [IncomingMessage]
  await addArticle(prisma, { slug, status: 'WITHHELD' })
  expect(String(await stream.toArray())).toContain('event: complete')

  // A request that has begun when the gateway is told to stop, and that is complete only later.
  connections.push(nextConnection())
  const body = JSON.stringify({ query: `{ article(slug: "${other.slug}") { id } }` })
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  const late = request(app.url, { method: 'POST', headers, agent })
  const answer = once(late, 'response') as Promise<[IncomingMessage]>
  // It is awaited further down.
  answer.catch(() => {})
  late.write(body.slice(0, 10))
  const [first, second] = await Promise.all(connections)
  expect(second).toBe(first)
  await using open = await openStream(app.url, feed, { articleId: other.id })
  const closing = app.close(LONG)
  // All streams are cut at once.
  await expect(open.events.next()).rejects.toThrow()
  late.end(body.slice(10))
  const [response] = await answer
  expect(JSON.parse(String(await response.toArray()))).toEqual({ data: { article: { id: other.id } } })
  await closing
  agent.destroy()
})
