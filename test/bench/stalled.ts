import { once } from 'node:events'
import { setTimeout as after } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import WebSocket from 'ws'
import { bodyDigestOf } from '../../src/comments/body.ts'
import { addArticle, approve } from '../support/newsroom.ts'
import { type ThrowawayDatabase, throwawayDatabase } from './support/database.ts'
import { type Gateway, spawnGateway } from './support/gateway.ts'

// Readers that never read, under many large events: what they cost the gateway, and whether the readers beside
// them get everything. Exits with 1 when a limit is missed.
//
//   node test/bench/stalled.ts [--stalled 100] [--events 5000] [--readers 10]

const { values } = parseArgs({
  options: {
    stalled: { type: 'string', default: '100' },
    events: { type: 'string', default: '5000' },
    readers: { type: 'string', default: '10' },
  },
})
const [stalled, events, readers] = [values.stalled, values.events, values.readers].map(Number) as [
  number,
  number,
  number,
]

/** Memory that the gateway may grow by, in bytes. */
const LIMIT = 50 * 1024 * 1024

/** Events that only the readers beside them get: what these take, the gateway takes with any readers. */
const WARM_UP = 2_500

/** Every event is a comment of 1,000 characters, selected twenty times: 20 kB. */
const BODY = 'x'.repeat(1_000)
const ALIASES = Array.from({ length: 20 }, (_, n) => `b${n}: body`).join(' ')
const QUERY = `subscription ($articleId: ID!) {
  commentFeed(articleId: $articleId) { ... on CommentApproved { cursor comment { ${ALIASES} } } }
}`

const database = await throwawayDatabase()
const gateway = await spawnGateway({ DATABASE_URL: database.url })
try {
  process.exitCode = (await measure()) ? 0 : 1
} finally {
  await gateway.kill()
  await database.drop()
}
process.exit()

async function measure(): Promise<boolean> {
  const article = await addArticle(database.prisma)
  const received = Array.from({ length: readers }, () => 0)
  const healthy = await Promise.all(received.map(() => subscribe(gateway, article.id)))
  for (const [i, socket] of healthy.entries()) {
    socket.on('message', () => {
      received[i] = (received[i] as number) + 1
    })
  }
  await subscribed(gateway, readers)
  let most = 0
  const sampler = setInterval(() => {
    most = Math.max(most, gateway.memory())
  }, 50)
  await publish(database, article.key, WARM_UP)
  await arrived(received, WARM_UP)

  const silent = await Promise.all(Array.from({ length: stalled }, () => subscribe(gateway, article.id)))
  for (const socket of silent) socket.pause()
  await subscribed(gateway, readers + stalled)
  const before = most
  most = 0
  const began = performance.now()
  await publish(database, article.key, events)
  await arrived(received, WARM_UP + events)
  const seconds = (performance.now() - began) / 1_000
  while ((await gateway.metric('dateline_sockets')) > readers) await after(100)
  clearInterval(sampler)

  const grown = most - before
  console.log(`${stalled} readers that never read, ${readers} that do, ${events} events of 20 kB:`)
  console.log(`  memory without them      ${mib(before)}`)
  console.log(`  memory with them         ${mib(most)}, ${mib(grown)} more (limit ${mib(LIMIT)})`)
  console.log(`  memory at the end        ${mib(gateway.memory())}`)
  console.log(`  closed by the gateway    ${stalled} of ${stalled}`)
  console.log(`  received by the others   ${received.map((count) => count - WARM_UP).join(', ')}`)
  console.log(`  time                     ${seconds.toFixed(1)} s`)
  return grown <= LIMIT && received.every((count) => count === WARM_UP + events)
}

async function subscribe({ url }: Gateway, articleId: string): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws')
  socket.on('error', () => {})
  await once(socket, 'open')
  socket.send('{"type":"connection_init"}')
  await once(socket, 'message')
  socket.send(
    JSON.stringify({ id: '1', type: 'subscribe', payload: { query: QUERY, variables: { articleId } } }),
  )
  return socket
}

async function subscribed(gateway: Gateway, count: number): Promise<void> {
  while ((await gateway.metric('dateline_feed_subscriptions')) < count) await after(50)
}

/** Stores comments and approves them, a hundred in each decision. */
async function publish({ prisma }: ThrowawayDatabase, articleId: string, count: number): Promise<void> {
  const at = new Date()
  const { id: readerId } = await prisma.reader.create({
    data: { subject: `reader-${at.getTime()}`, displayName: 'Reader', createdAt: at },
  })
  for (let done = 0; done < count; done += 100) {
    const comments = await prisma.comment.createManyAndReturn({
      data: Array.from({ length: Math.min(100, count - done) }, () => ({
        articleId,
        readerId,
        body: BODY,
        bodyDigest: bodyDigestOf(BODY),
        submittedAt: at,
      })),
    })
    await approve(
      prisma,
      comments.map(({ id }) => id),
    )
  }
}

async function arrived(received: number[], count: number): Promise<void> {
  while (received.some((number) => number < count)) await after(50)
}

function mib(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}
