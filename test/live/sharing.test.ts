import { expect, test, vi } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { subscribeMany } from '../comment-feed/crowd.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { freshDatabase } from '../support/database.ts'
import { openStream, takeEvents } from '../support/event-stream.ts'
import { addArticle, addComment, approve } from '../support/newsroom.ts'
import { operation, rawSocket } from '../support/raw-socket.ts'
import { correction, edit, headline, watching } from './live-support.ts'

const changes = operationText('ArticleChanges')
const newArticles = operationText('NewArticles')
const queue = operationText('ModerationQueueEvents')

/** The samples of the live subscriptions at /metrics, by name and subscription. */
async function metrics(app: TestApp): Promise<Record<string, number>> {
  const text = await (await fetch(app.url.replace('/graphql', '/metrics'))).text()
  const samples = text.matchAll(/^dateline_live_(\w+?)(?:_total)?(?:\{subscription="(\w+)"\})? (\d+)$/gm)
  return Object.fromEntries(
    [...samples].map(([, name, field, value]) => [[name, field].join(' ').trim(), Number(value)]),
  )
}

function each<T>(count: number, item: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => item(index))
}

test('an event is executed once for all readers of an article, whatever version they have and who they are', async () => {
  await using app = await freshApp()
  const { id } = await addArticle(app.database.prisma)
  const tokens = [
    undefined,
    await app.token('reader'),
    await app.token('moderator'),
    await app.token('admin'),
  ]
  const crowd = (
    await Promise.all(
      tokens.map((token) =>
        subscribeMany(
          app,
          each(25, (i) => ({ query: changes, variables: { articleId: id, after: 1 + (i % 3) } })),
          { token },
        ),
      ),
    )
  ).flat()
  await watching(app, 100, 1)
  await edit(app, id, 1, [correction, headline('Third')])
  await Promise.all(crowd.map((subscriber) => subscriber.until(2)))
  const [first] = crowd
  for (const { payloads } of crowd) expect(payloads).toEqual(first?.payloads)
  expect(await metrics(app)).toMatchObject({
    'subscriptions articleChanges': 100,
    'subscriptions newArticles': 0,
    groups: 1,
    'executions articleChanges': 2,
    'deliveries articleChanges': 200,
  })
})

test('a crowd that comes back with old versions shares a few executions, and disconnects nobody', async () => {
  const statements: string[] = []
  await using app = await freshApp({ onStatement: (sql) => statements.push(sql) })
  const { id } = await addArticle(app.database.prisma)
  const version = await edit(app, id, 1, [correction, headline('Third'), headline('Fourth')])
  const visitors = (count: number, after: (index: number) => number) =>
    subscribeMany(
      app,
      each(count, (i) => ({ query: changes, variables: { articleId: id, after: after(i) } })),
    )
  const upToDate = await visitors(5, () => version)
  await watching(app, 5, 1)
  statements.length = 0
  const crowd = (await Promise.all(each(50, () => visitors(50, (i) => (i % 5) - 1)))).flat()
  await Promise.all(crowd.filter((_, i) => i % 5 < 4).map((subscriber) => subscriber.until(1)))
  await watching(app, 2_505, 1)
  const { 'executions articleChanges': executions } = await metrics(app)
  expect(executions).toBeLessThan(250)
  const reads = statements.filter((sql) => /FROM "(public"\.")?ArticleChange"/.test(sql))
  expect(reads.length).toBeGreaterThan(0)
  expect(reads.length).toBeLessThan(250)
  await edit(app, id, version, [headline('Last')])
  const last = new Set((await Promise.all(upToDate.map((subscriber) => subscriber.until(1)))).flat())
  expect([...last].map((payload) => JSON.parse(payload).data.articleChanges.version)).toEqual([version + 1])
  const [behind] = crowd
  expect(JSON.parse((await behind?.until(2))?.at(0) as string).data.articleChanges.kind).toBe('CORRECTED')
})

test('a new article is executed once for each filter, over websockets and event streams', async () => {
  await using app = await freshApp()
  const filters = [{ language: 'en' }, { language: 'ar' }, null]
  const crowd = await subscribeMany(
    app,
    each(30, (i) => ({ query: newArticles, variables: { filter: filters[i % 3] } })),
  )
  await using stream = await openStream(app.url, newArticles, { filter: null })
  await watching(app, 31, 3)
  const { slug } = await addArticle(app.database.prisma)
  const wanted = crowd.filter((_, i) => i % 3 !== 1)
  const payloads = await Promise.all(wanted.map((subscriber) => subscriber.until(1)))
  expect(new Set(payloads.flat()).size).toBe(1)
  expect(await takeEvents(stream, 1)).toMatchObject([{ newArticles: { article: { slug } } }])
  expect(await metrics(app)).toMatchObject({ 'executions newArticles': 2, 'deliveries newArticles': 21 })
})

test('an event of the queue is executed once for all moderators with the same filter', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const article = await addArticle(prisma)
  const crowd = (
    await Promise.all(
      ['Mo', 'Jo'].map(async (name) =>
        subscribeMany(
          app,
          each(10, () => ({ query: queue })),
          { token: await app.token('moderator', { name }) },
        ),
      ),
    )
  ).flat()
  await Promise.all(crowd.map((subscriber) => subscriber.until(1)))
  await watching(app, 20, 1)
  const { 'executions moderationQueue': before = 0 } = await metrics(app)
  const { id } = await addComment(prisma, article.key, { body: 'One' })
  await approve(prisma, [id])
  const payloads = await Promise.all(crowd.map((subscriber) => subscriber.until(3)))
  expect(new Set(payloads.map(([, ...events]) => events.join())).size).toBe(1)
  expect(await metrics(app)).toMatchObject({ 'executions moderationQueue': before + 2 })
})

test('one client may not make the gateway execute an event for any number of documents', async () => {
  await using app = await freshApp()
  await using socket = await rawSocket(app.wsUrl)
  for (const n of each(10, (i) => i))
    socket.send(operation(`${n}`, `subscription { newArticles { a${n}: at } }`))
  await watching(app, 10, 10)
  socket.send(operation('again', 'subscription { newArticles { a1: at } }'))
  await watching(app, 11, 10)
  socket.send(operation('10', 'subscription { newArticles { a10: at } }'))
  expect((await socket.closed).code).toBe(1013)
  await watching(app, 0)
})

test('clients at many addresses can not use up the places of the documents in schema/operations', async () => {
  await using app = await freshApp({
    env: {
      TRUSTED_PROXIES: '127.0.0.1',
      AUTH_SECRET: 'a secret of more than thirty-two bytes',
      AUTH_ISSUER: 'https://id.example',
      AUTH_AUDIENCE: 'news',
    },
  })
  const since = (n: number) => ({ filter: { publishedFrom: new Date(Date.UTC(2000, 0, n)).toISOString() } })
  const other = (n: number) => operation(`${n}`, `subscription { newArticles { a${n}: at } }`)
  const own = (n: number) => operation(`${n}`, newArticles, since(n))
  await using sockets = new AsyncDisposableStack()
  const open = async (address: string) => sockets.use(await rawSocket(app.wsUrl, { address }))
  let watched = 0
  // The first reader's selection is also one of the second crowd's.
  for (const [round, wish] of [other, own].entries()) {
    const crowd = await Promise.all(each(100, (n) => open(`203.0.${round}.${n % 20}`)))
    for (const [n, socket] of crowd.entries())
      for (const i of each(10, (k) => k)) socket.send(wish(10 * n + i))
    watched += 1_000
    await watching(app, watched, watched - round)
    const reader = await open(`198.51.100.${round}`)
    reader.send(own(2_000 * round))
    watched += 1
    await watching(app, watched, watched - round)
    const late = await open(`192.0.2.${round}`)
    late.send(other(1_000))
    expect((await late.closed).code).toBe(1013)
  }
})

test('a client that does not read is disconnected, and the others are sent everything', async () => {
  await using app = await freshApp({ limits: { closeTimeoutMs: 50 } })
  const { prisma } = app.database
  const article = await addArticle(prisma)
  const token = await app.token('moderator')
  const bodies = each(25, (n) => `a${n}: body`).join(' ')
  const query = `subscription { moderationQueue { __typename ... on CommentQueued { comment { ${bodies} } } } }`
  await using stalled = await rawSocket(app.wsUrl, { token })
  stalled.send(operation('1', query))
  await stalled.next()
  const [other] = await subscribeMany(app, [{ query }], { token })
  await other?.until(1)
  stalled.socket.pause()
  const reader = await prisma.reader.create({
    data: { subject: 'reader', displayName: 'Reader', createdAt: new Date() },
  })
  const count = 400
  await prisma.comment.createMany({
    data: each(count, (n) => ({
      articleId: article.key,
      readerId: reader.id,
      body: `${n} ${'x'.repeat(1_900)}`,
      bodyDigest: new Uint8Array(32),
      submittedAt: new Date(),
    })),
  })
  await other?.until(1 + count)
  await watching(app, 1, 1)
  stalled.socket.resume()
  expect((await stalled.closed).code).toBeOneOf([1006, 4410])
})

test('while the database is away, a client is told what could not be read', async () => {
  await using database = await freshDatabase()
  await using app = await freshApp({ database })
  const { id } = await addArticle(database.prisma)
  const token = await app.token('moderator')
  const rows = database.rows.bind(database)
  const $queryRaw = database.prisma.$queryRaw.bind(database.prisma)
  const away = async () => Promise.reject(new Error('the database is away'))
  vi.spyOn(database, 'rows').mockImplementation((statement, values) =>
    statement.name === 'queue_snapshot' ? away() : rows(statement, values),
  )
  vi.spyOn(database.prisma, '$queryRaw').mockImplementation(((
    sql: TemplateStringsArray,
    ...values: unknown[]
  ) => (sql.join().includes('"ChangeHead" h') ? away() : $queryRaw(sql, ...values))) as typeof $queryRaw)
  for (const [what, query] of [
    ['article changes', changes],
    ['moderation queue', queue],
  ] as const) {
    const response = await fetch(app.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query, variables: { articleId: id } }),
    })
    expect(await response.text()).toContain(
      `The ${what} can't be read at the moment. Try again in a few seconds.`,
    )
  }
  vi.restoreAllMocks()
})
