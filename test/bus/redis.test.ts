import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SetupError } from '../../src/base/errors.ts'
import { redisBus } from '../../src/bus/redis.ts'
import type { Database } from '../../src/db/database.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import type { Json } from '../support/json.ts'
import { addArticle, addComment, globalId } from '../support/newsroom.ts'
import { openProxy } from '../support/proxy.ts'
import { connect, listen, type Results } from '../support/socket.ts'
import { hasRedis, type RedisServer, redisServer } from './redis-server.ts'

const feed = operationText('CommentFeed')

/** Polls that never come in the time of a test. */
const NEVER = 3_600_000

const silent = { warn() {} }

let database: TestDatabase
let redis: RedisServer

beforeEach(async () => {
  database = await freshDatabase()
  redis = await redisServer()
})
afterEach(async () => {
  await redis.kill()
  await database.close()
})

/** The same database without notifications: whatever arrives came through Redis. */
function withoutNotifications(): Database {
  return {
    ...database,
    listen: () => Promise.reject(new Error('nobody listens to the database where there is Redis')),
  }
}

function gateway({ pollMs = NEVER, url = redis.url } = {}): Promise<TestApp> {
  return freshApp({ database: withoutNotifications(), pollMs, env: { REDIS_URL: url } })
}

/** Submits a comment and approves it through a gateway. */
async function publish(app: TestApp, articleKey: string, body: string): Promise<void> {
  const { id } = await addComment(database.prisma, articleKey, { body, by: body })
  const { approveComments } = await app.ask(
    operationText('ApproveComments'),
    { ids: [globalId('Comment', id)] },
    await app.token('moderator'),
  )
  expect(approveComments.results).toMatchObject([{ __typename: 'CommentDecided', changed: true }])
}

async function bodies(window: Results<Json>, count: number): Promise<string[]> {
  return (await window.take(count)).map(({ commentFeed }) => commentFeed.comment.body)
}

describe.runIf(hasRedis)('with Redis as the bus', () => {
  test('a comment approved at one gateway reaches the readers of all', async () => {
    await redis.start()
    await using here = await gateway()
    await using elsewhere = await gateway()
    const article = await addArticle(database.prisma)
    await using near = listen(connect(here.wsUrl), feed, { articleId: article.id })
    await using far = listen(connect(elsewhere.wsUrl), feed, { articleId: article.id })
    await Promise.all([subscribed(here), subscribed(elsewhere)])
    await publish(here, article.key, 'one')
    expect(await Promise.all([bodies(near, 1), bodies(far, 1)])).toEqual([['one'], ['one']])
  })

  test('a message is sent when its transaction has committed, and not when it is undone', async () => {
    await redis.start()
    const bus = await redisBus(redis.url, database.prisma, silent)
    const heard: string[] = []
    const last = Promise.withResolvers<void>()
    await bus.listen(
      'news',
      (payload) => {
        heard.push(payload)
        if (payload === 'last') last.resolve()
      },
      () => {},
    )
    const undone = bus.transaction(async (_tx, publish) => {
      await publish({ channel: 'news', payload: 'undone' })
      throw new Error('undo')
    })
    await expect(undone).rejects.toThrow('undo')
    await bus.transaction(async (_tx, publish) => {
      await publish({ channel: 'news', payload: 'first' })
      await publish({ channel: 'news', payload: 'last' })
    })
    await last.promise
    expect(heard).toEqual(['first', 'last'])
    await bus.close()
  })

  test('what is approved while Redis is away is approved all the same, and sent when Redis is back', async () => {
    await redis.start()
    await using app = await gateway()
    const article = await addArticle(database.prisma)
    await using window = listen(connect(app.wsUrl), feed, { articleId: article.id })
    await subscribed(app)
    for (const round of ['one', 'two']) {
      await redis.kill()
      await publish(app, article.key, `${round}, unheard`)
      await redis.start()
      expect(await bodies(window, 1)).toEqual([`${round}, unheard`])
      await publish(app, article.key, `${round}, heard`)
      expect(await bodies(window, 1)).toEqual([`${round}, heard`])
    }
  })

  test('what one gateway could not tell the others, it tells them once it has Redis again', async () => {
    await redis.start()
    await using proxy = await openProxy(Number(new URL(redis.url).port))
    await using here = await gateway({ url: `redis://127.0.0.1:${proxy.port}` })
    await using elsewhere = await gateway()
    const article = await addArticle(database.prisma)
    await using window = listen(connect(elsewhere.wsUrl), feed, { articleId: article.id })
    await subscribed(elsewhere)
    const away = proxy.knocked()
    proxy.cut()
    await away
    await publish(here, article.key, 'unheard')
    proxy.mend()
    expect(await bodies(window, 1)).toEqual(['unheard'])
  })

  test('an approval does not wait for a Redis that holds still', async () => {
    await redis.start()
    await using app = await gateway()
    const article = await addArticle(database.prisma)
    await using window = listen(connect(app.wsUrl), feed, { articleId: article.id })
    await subscribed(app)
    redis.freeze()
    await publish(app, article.key, 'one')
    redis.thaw()
    expect(await bodies(window, 1)).toEqual(['one'])
  })

  test('a gateway starts and is ready without Redis, and listens once Redis is there', async () => {
    await using app = await gateway()
    expect((await fetch(app.url.replace('/graphql', '/health/ready'))).status).toBe(200)
    const article = await addArticle(database.prisma)
    await using window = listen(connect(app.wsUrl), feed, { articleId: article.id })
    await subscribed(app)
    await publish(app, article.key, 'one')
    await redis.start()
    expect(await bodies(window, 1)).toEqual(['one'])
    await publish(app, article.key, 'two')
    expect(await bodies(window, 1)).toEqual(['two'])
  })

  test('a Redis that refuses the password stops the start with one line, without the password', async () => {
    const locked = await redisServer({ password: 'right' })
    await locked.start()
    const url = locked.url.replace('//', '//:wrongpassword@')
    const error = await redisBus(url, database.prisma, silent).catch((error: unknown) => error)
    await locked.kill()
    expect(error).toBeInstanceOf(SetupError)
    expect((error as Error).message).toMatch(/^REDIS_URL: Redis rejects the connection: .+$/)
    expect((error as Error).message).not.toContain('wrongpassword')
  })
})

test('without Redis, feeds are looked at at intervals', async () => {
  await using app = await gateway({ pollMs: 20 })
  const article = await addArticle(database.prisma)
  await using window = listen(connect(app.wsUrl), feed, { articleId: article.id })
  await subscribed(app)
  await publish(app, article.key, 'one')
  expect(await bodies(window, 1)).toEqual(['one'])
})

/** Waits until the gateway has a subscription to a feed. */
async function subscribed(app: TestApp): Promise<void> {
  while (app.services.commentFeeds.size.subscriptions === 0) await new Promise(setImmediate)
}
