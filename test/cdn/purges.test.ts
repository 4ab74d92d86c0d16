import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { signToken } from '../../src/auth/sign.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { freshDatabase, freshSettings, type TestDatabase } from '../support/database.ts'
import { startGateway } from '../support/gateway.ts'
import { addArticle, addComment, globalId } from '../support/newsroom.ts'
import { type Received, type Receiver, startReceiver } from '../support/receiver.ts'

const secret = `whsec_${Buffer.from('x'.repeat(32)).toString('base64')}`
/** The repetition of each purge has a test of its own. */
const NEVER_MS = 3_600_000

let database: TestDatabase
let receiver: Receiver
let apps: TestApp[]

const envOf = (url: string) => ({ CDN_MAX_AGE: '4', CDN_PURGE_URL: url, CDN_PURGE_SECRET: secret })

beforeAll(async () => {
  database = await freshDatabase()
  receiver = await startReceiver()
  const open = () =>
    freshApp({
      database,
      readCachePollMs: 400,
      env: envOf(receiver.url),
      purges: { pollMs: 50, repeatMs: NEVER_MS, backoff: [0, 10] },
    })
  apps = [await open(), await open()]
  await receiver.next()
})
afterAll(async () => {
  await Promise.all(apps.map((app) => app.close()))
  await receiver[Symbol.asyncDispose]()
  await database.close()
})
beforeEach(() => {
  receiver.reaction = () => ({ status: 204 })
})

function keysOf({ headers, body }: Received): string[] {
  const message = new Webhook(secret).verify(body, headers as Record<string, string>) as {
    type: string
    data: { keys: string[] }
  }
  expect(message.type).toBe('cdn.purge')
  return message.data.keys
}

/** How often a key was named so far. */
const timesOf = (key: string) => receiver.received.filter((each) => keysOf(each).includes(key)).length

/** Waits until a key is named; returns the message. */
function purgeOf(key: string): Promise<Received> {
  return nextWith(receiver, [key])
}

/** Everything that has changed so far was purged, and nothing more comes for it. */
async function settle(): Promise<void> {
  const { key } = await addArticle(database.prisma)
  await purgeOf(`a-${key}`)
}

const moderate = async (app: TestApp, mutation: string, id: string) =>
  app.ask(
    `mutation ($ids: [ID!]!) { ${mutation}(input: { ids: $ids ${mutation === 'rejectComments' ? ', guidelines: ["RELEVANCE"]' : ''} }) { __typename } }`,
    { ids: [id] },
    await app.token('moderator'),
  )

test('each change is purged by one of two gateways, whichever makes it', async () => {
  const { key, id } = await addArticle(database.prisma)
  expect(keysOf(await purgeOf(`a-${key}`))).toEqual(
    expect.arrayContaining([`c-${key}`, 'articles', 'comments', 'feeds', 'any-article', 'any-comments']),
  )
  for (const [i, app] of apps.entries()) {
    const comment = await addComment(database.prisma, key, { body: `Comment ${i}`, by: `Reader ${i}` })
    const commentId = globalId('Comment', comment.id)
    const before = timesOf(`c-${key}`)
    await moderate(app, 'approveComments', commentId)
    expect(keysOf(await purgeOf(`c-${key}`))).toEqual([`c-${key}`, 'any-comments', 'comments'])
    await moderate(app, 'rejectComments', commentId)
    expect(keysOf(await purgeOf(`c-${key}`))).toEqual([`c-${key}`, 'any-comments', 'comments'])
    await settle()
    expect(timesOf(`c-${key}`)).toBe(before + 2)
  }
  const withhold = `mutation ($id: ID!) { withholdArticle(input: { id: $id, version: 1 }) { __typename ... on Error { message } } }`
  const before = timesOf(`a-${key}`)
  await apps[1]!.ask(withhold, { id }, await apps[1]!.token('editor'))
  expect(keysOf(await purgeOf(`a-${key}`))).toContain('feeds')
  await settle()
  expect(timesOf(`a-${key}`)).toBe(before + 1)
})

test('a change of reference data, which has no hint, is purged', async () => {
  await database.prisma.topic.create({ data: { slug: 'floods', label: 'Floods' } })
  await purgeOf('reference')
  await database.prisma.topic.update({ where: { slug: 'floods' }, data: { label: 'Flood' } })
  await purgeOf('names')
})

test('a purge that fails is sent again under the same id until it succeeds, and later changes wait for it', async () => {
  let attempts = 0
  receiver.reaction = () => ({ status: ++attempts < 4 ? 500 : 204 })
  const first = await addArticle(database.prisma)
  const failed = await purgeOf(`a-${first.key}`)
  const second = await addArticle(database.prisma)
  const repeated = [await receiver.next(), await receiver.next(), await receiver.next()]
  for (const each of repeated) {
    expect([each.headers['webhook-id'], each.body]).toEqual([failed.headers['webhook-id'], failed.body])
  }
  expect(keysOf(await receiver.next())).toContain(`a-${second.key}`)
  const metrics = await Promise.all(
    apps.map(async ({ url }) => (await fetch(url.replace('/graphql', '/metrics'))).text()),
  )
  const sum = (name: string) =>
    metrics.reduce(
      (total, text) =>
        total +
        Number(
          text
            .split('\n')
            .find((line) => line.startsWith(`${name} `))
            ?.split(' ')[1],
        ),
      0,
    )
  expect(sum('dateline_cdn_purges_total{outcome="failed"}')).toBe(3)
  expect(sum('dateline_cdn_purges_total{outcome="sent"}')).toBe(receiver.received.length - 3)
  expect(sum('dateline_cdn_purge_waiting_keys')).toBe(0)
})

test('a redirect is not followed', async () => {
  await using other = await startReceiver()
  let isRedirected = false
  receiver.reaction = () => {
    if (isRedirected) return { status: 204 }
    isRedirected = true
    return { status: 307, headers: { location: other.url } }
  }
  const { key } = await addArticle(database.prisma)
  await purgeOf(`a-${key}`)
  await purgeOf(`a-${key}`)
  expect(other.received).toEqual([])
})

test('a restored database purges everything', async () => {
  await database.prisma.$executeRaw`UPDATE "FeedEpoch" SET epoch = gen_random_uuid()`
  expect(keysOf(await purgeOf('all'))).toEqual(['all'])
})

test('when the sender stops, the other gateway continues at once, with what was not acknowledged', async () => {
  const { rows } = await database.executeSql('SELECT "holder" FROM "PurgeState"')
  const hold = Promise.withResolvers<void>()
  receiver.reaction = async () => {
    await hold.promise
    return { status: 500 }
  }
  const { key } = await addArticle(database.prisma)
  const under = await purgeOf(`a-${key}`)
  // The one that sends: a message counts as waiting until it is acknowledged.
  const loads = await Promise.all(
    apps.map(async ({ url }) => (await fetch(url.replace('/graphql', '/metrics'))).text()),
  )
  const sender = loads.findIndex((text) => !/^dateline_cdn_purge_waiting_keys 0$/m.test(text))
  const [gone] = apps.splice(sender, 1)
  receiver.reaction = () => ({ status: 204 })
  const closing = gone!.close()
  hold.resolve()
  await closing
  const again = await purgeOf(`a-${key}`)
  expect(again.headers['webhook-id']).not.toBe(under.headers['webhook-id'])
  const { rows: later } = await database.executeSql('SELECT "holder" FROM "PurgeState"')
  expect(later[0]?.holder).not.toBe(rows[0]?.holder)
})

test('each purge is repeated once, when all gateways have heard of the change', async () => {
  await using own = await freshDatabase()
  await using hook = await startReceiver()
  await using _app = await freshApp({
    database: own,
    readCachePollMs: 400,
    env: envOf(hook.url),
    purges: { pollMs: 50, repeatMs: 100 },
  })
  // Everything, for the time before the start, and its repetition.
  await hook.until(2)
  const times = (key: string) => hook.received.filter((each) => keysOf(each).includes(`a-${key}`)).length
  const [first, second] = [await addArticle(own.prisma), await addArticle(own.prisma)]
  for (const { key } of [first, second]) {
    await vi.waitFor(() => expect(times(key)).toBe(2), { timeout: 20_000 })
  }
  const third = await addArticle(own.prisma)
  await vi.waitFor(() => expect(times(third.key)).toBe(2), { timeout: 20_000 })
  expect([times(first.key), times(second.key)]).toEqual([2, 2])
})

test('what a gateway was sending when it was killed is sent by the next one', async () => {
  await using settings = await freshSettings()
  await using hook = await startReceiver()
  const { key, commentId } = await settings.inDatabase(async ({ prisma }) => {
    const article = await addArticle(prisma)
    const { id } = await addComment(prisma, article.key, { body: 'First' })
    return { key: article.key, commentId: globalId('Comment', id) }
  })
  const env = { ...settings.env, ...envOf(hook.url), SAMPLE: 'off' }
  const first = await startGateway(env)
  expect(keysOf(await hook.next())).toEqual(['all'])
  hook.reaction = () => new Promise(() => {})
  const token = await signToken({
    auth: { kind: 'development' },
    dataDir: settings.env.DATA_DIR,
    role: 'moderator',
    ttlSeconds: 60,
  })
  await first.ask(
    'mutation ($id: ID!) { approveComments(input: { ids: [$id] }) { __typename } }',
    { id: commentId },
    token,
  )
  const under = await nextWith(hook, [`c-${key}`, 'all'])
  await first.kill()
  hook.reaction = () => ({ status: 204 })
  // The lease of the killed gateway ends.
  await settings.inDatabase(
    ({ prisma }) =>
      prisma.$executeRaw`UPDATE "PurgeState" SET "heldUntil" = clock_timestamp() - interval '1 s'`,
  )
  await using _second = await startGateway(env)
  const again = await nextWith(hook, [`c-${key}`, 'all'])
  expect(again.headers['webhook-id']).not.toBe(under.headers['webhook-id'])
})

/** The next message with one of these keys. */
async function nextWith(hook: Receiver, keys: string[]): Promise<Received> {
  for (;;) {
    const received = await hook.next()
    if (keysOf(received).some((key) => keys.includes(key))) return received
  }
}
