import { once } from 'node:events'
import { connect } from 'node:net'
import { parseArgs } from 'node:util'
import WebSocket from 'ws'
import { signToken } from '../../src/auth/sign.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { addArticle } from '../support/newsroom.ts'
import { type ThrowawayDatabase, throwawayDatabase } from './support/database.ts'
import { type Gateway, spawnGateway } from './support/gateway.ts'

// SIGTERM while many sockets are open and many mutations under way. Exits with 1 when a mutation is not
// answered, a socket is not told to come back, or the gateway does not end with 0 in time.
//
//   node test/bench/drain.ts [--sockets 5000] [--mutations 200]

const { values } = parseArgs({
  options: { sockets: { type: 'string', default: '5000' }, mutations: { type: 'string', default: '200' } },
})
const [count, mutations] = [values.sockets, values.mutations].map(Number) as [number, number]

/** From the signal to the end of the process, in ms. */
const LIMIT = 15_000

const SUBMIT = operationText('SubmitComment')

/** Half of the mutations travel over sockets of their own, half over HTTP. */
const overSockets = Math.floor(mutations / 2)

const auth = {
  kind: 'secret',
  secret: 'a secret of the benchmark, 32 bytes or more',
  issuer: 'https://id.example',
  audience: 'dateline',
} as const
const database = await throwawayDatabase()
const gateway = await spawnGateway({
  DATABASE_URL: database.url,
  AUTH_SECRET: auth.secret,
  AUTH_ISSUER: auth.issuer,
  AUTH_AUDIENCE: auth.audience,
})
try {
  process.exitCode = (await measure()) ? 0 : 1
} finally {
  await gateway.kill()
  await database.drop()
}
process.exit()

async function measure(): Promise<boolean> {
  const article = await addArticle(database.prisma)
  const token = await signToken({ auth, dataDir: '', role: 'reader', name: 'Reader', ttlSeconds: 3600 })
  const sockets: WebSocket[] = []
  while (sockets.length < count) {
    const some = Math.min(200, count - sockets.length)
    sockets.push(...(await Promise.all(Array.from({ length: some }, () => open(gateway, article.id, token)))))
  }
  const ends = sockets.map(async (socket) => {
    const [code] = await once(socket, 'close')
    return { code: code as number, at: performance.now() }
  })
  const release = await holdArticle(database)
  const body = (n: number) => ({ input: { articleId: article.id, body: `Comment ${n}` } })
  const answers = Promise.allSettled(
    Array.from({ length: mutations }, (_, n) =>
      n < overSockets ? overSocket(sockets[n] as WebSocket, body(n)) : overHttp(gateway, body(n), token),
    ),
  )
  await database.prisma.$executeRaw`SELECT pg_sleep(1)`

  const began = performance.now()
  const gone = once(gateway.process, 'exit')
  gateway.process.kill('SIGTERM')
  await refusesConnections(gateway)
  release()
  const answered = (await answers).filter(
    (answer) => answer.status === 'fulfilled' && answer.value === 'SubmitCommentPayload',
  ).length
  const closed = await Promise.all(ends)
  const [code] = await gone
  const ms = performance.now() - began
  const toldToReturn = closed.filter(({ code }) => code === 1001).length
  const times = closed.map(({ at }) => at - began).sort((a, b) => a - b)
  const stored = await database.prisma.comment.count()

  console.log(`SIGTERM with ${count} sockets open and ${mutations} mutations under way:`)
  console.log(`  mutations answered       ${answered} of ${mutations} (${stored} stored)`)
  console.log(`  sockets told to return   ${toldToReturn} of ${count}`)
  console.log(`  between first and last   ${((times.at(-1) as number) - (times[0] as number)).toFixed(0)} ms`)
  console.log(`  exit code                ${code}`)
  console.log(`  time to the end          ${(ms / 1_000).toFixed(1)} s (limit ${LIMIT / 1_000} s)`)
  return answered === mutations && toldToReturn === count && code === 0 && ms <= LIMIT
}

async function open({ url }: Gateway, articleId: string, token: string): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws')
  socket.on('error', () => {})
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }))
  await once(socket, 'message')
  const payload = { query: operationText('CommentFeed'), variables: { articleId } }
  socket.send(JSON.stringify({ id: 'feed', type: 'subscribe', payload }))
  return socket
}

/** Keeps comments on every story from being stored until the returned function is called. */
async function holdArticle({ prisma }: ThrowawayDatabase): Promise<() => void> {
  const held = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  prisma
    .$transaction(
      async (tx) => {
        await tx.$queryRaw`SELECT "id" FROM "Article" FOR UPDATE`
        held.resolve()
        await released.promise
      },
      { timeout: 60_000 },
    )
    .catch(held.reject)
  await held.promise
  return released.resolve
}

function overSocket(socket: WebSocket, variables: object): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.on('message', (data) => {
      const { id, payload } = JSON.parse(String(data))
      if (id === 'submit' && payload) resolve(payload.data?.submitComment.__typename)
    })
    socket.once('close', () => reject(new Error('closed without an answer')))
    socket.send(JSON.stringify({ id: 'submit', type: 'subscribe', payload: { query: SUBMIT, variables } }))
  })
}

async function overHttp({ url }: Gateway, variables: object, token: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ query: SUBMIT, variables }),
  })
  return ((await response.json()) as { data: { submitComment: { __typename: string } } }).data.submitComment
    .__typename
}

async function refusesConnections({ port }: Gateway): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      socket.destroy()
    } catch {
      return
    }
  }
}
