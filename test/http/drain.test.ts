import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { expect, test } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { openStream } from '../support/event-stream.ts'
import type { Json } from '../support/json.ts'
import { addArticle } from '../support/newsroom.ts'
import { operation, rawSocket } from '../support/raw-socket.ts'

const submit = operationText('SubmitComment')

/** Longer than the test, in ms, however slow the machine: nothing is to end by running out of time. */
const LONG = 100_000

test('a gateway that stops answers what is under way, lets nobody in and sends everybody away', async () => {
  const app = await freshApp({ limits: { initTimeoutMs: LONG, pingIntervalMs: LONG } })
  const article = await addArticle(app.database.prisma)
  const input = (body: string) => ({ input: { articleId: article.id, body } })
  const sockets = await Promise.all(
    Array.from({ length: 500 }, async (_, n) =>
      rawSocket(app.wsUrl, { token: await app.token('reader', { name: `Reader ${n}` }) }),
    ),
  )
  const stream = await openStream(app.url, operationText('CommentFeed'), { articleId: article.id })
  const token = await app.token('reader', { name: 'Somebody' })

  const release = await holdDatabase(app)
  const writers = sockets.slice(0, 25)
  for (const [n, socket] of writers.entries()) {
    socket.send(operation('1', submit, input(`over a socket, ${n}`)))
    socket.send({ type: 'ping' })
    expect(await socket.next()).toEqual({ type: 'pong' })
  }
  const posts = Array.from({ length: 25 }, (_, n) => post(app, input(`over HTTP, ${n}`), token))
  await Promise.all(posts.map(({ sent }) => sent))
  expect((await fetch(app.url.replace('/graphql', '/health/live'))).status).toBe(200)

  const begun = Promise.withResolvers<void>()
  // The connection may also be closed between two requests.
  const busy = keepBusy(app, begun.resolve).catch(() => {})
  await begun.promise
  const closing = app.close(LONG)
  await busy
  await expect(stream.events.next()).rejects.toThrow()
  await expect(fetch(app.url.replace('/graphql', '/health/live'))).rejects.toThrow()
  const late = sockets.at(-1)!
  late.send(operation('1', '{ __typename }'))
  expect(await late.next()).toMatchObject({
    type: 'error',
    payload: [
      {
        message: expect.stringContaining('shutting down'),
        extensions: { code: 'TEMPORARILY_UNAVAILABLE' },
      },
    ],
  })
  // A feed would take an error for its end. Where an answer is still due, the socket waits for that.
  const hopeful = sockets.at(-2)!
  for (const socket of [hopeful, writers[0]!])
    socket.send(operation('2', operationText('CommentFeed'), { articleId: article.id }))
  expect(await hopeful.closed).toMatchObject({ code: 1001 })
  release()

  for (const socket of writers) {
    expect((await socket.next()).payload.data.submitComment.__typename).toBe('SubmitCommentPayload')
  }
  for (const { answer } of posts) {
    expect((await answer).data.submitComment.__typename).toBe('SubmitCommentPayload')
  }
  const codes = await Promise.all(sockets.map(async ({ closed }) => (await closed).code))
  expect(new Set(codes)).toEqual(new Set([1001]))
  await closing
})

/** Keeps every comment from being stored until the returned function is called. */
async function holdDatabase({ database: { prisma } }: TestApp): Promise<() => void> {
  const held = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  prisma
    .$transaction(
      async (tx) => {
        await tx.$queryRaw`SELECT "id" FROM "Article" FOR UPDATE`
        held.resolve()
        await released.promise
      },
      { timeout: LONG },
    )
    .catch(held.reject)
  await held.promise
  return released.resolve
}

/** Sends request after request over one connection, without a pause, for as long as that is kept. */
async function keepBusy({ url }: TestApp, begun: () => void): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  for (let kept = true; kept; ) {
    const asking = request(url.replace('/graphql', '/health/live'), { agent }).end()
    const [response] = await once(asking, 'response')
    await response.toArray()
    kept = response.headers.connection === 'keep-alive'
    begun()
  }
}

/** A mutation over HTTP: when it has been sent, and what came of it. */
function post(
  { url }: TestApp,
  variables: object,
  token: string,
): { sent: Promise<void>; answer: Promise<Json> } {
  const sent = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<Json>()
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    authorization: `Bearer ${token}`,
  }
  request(url, { method: 'POST', headers }, async (response) => {
    answer.resolve(JSON.parse(Buffer.concat(await response.toArray()).toString()))
  })
    .on('error', answer.reject)
    .end(JSON.stringify({ query: submit, variables }), sent.resolve)
  return { sent: sent.promise, answer: answer.promise }
}
