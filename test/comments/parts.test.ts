import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Publisher } from '../../src/bus/bus.ts'
import { notifyPublisher } from '../../src/bus/notify.ts'
import { decide } from '../../src/comments/decide.ts'
import type { Outcome } from '../../src/comments/decision-outcome.ts'
import type { PrismaClient } from '../../src/db/client/client.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { addPending } from '../comment-feed/fill.ts'
import { checkFeed } from '../comment-feed/history/verdict.ts'
import { freshApp } from '../support/app.ts'
import { freshDatabase } from '../support/database.ts'
import type { Json } from '../support/json.ts'
import { addArticle, globalId, someone } from '../support/newsroom.ts'

// A long list of comments is decided in parts.

/** Articles with one pending comment each: the ids of the articles, and those of the comments. */
async function pendingOnArticles(prisma: PrismaClient, count: number): Promise<[string[], string[]]> {
  const articles: string[] = []
  const comments: string[] = []
  for (let i = 0; i < count; i++) {
    const { key } = await addArticle(prisma)
    articles.push(key)
    comments.push(...(await addPending(prisma, key, 1)))
  }
  return [articles, comments]
}

test('readers are answered between the parts of a decision on 100 articles', async () => {
  const order: string[] = []
  await using app = await freshApp({
    onStatement(sql) {
      if (/SELECT locked.*"Article"/s.test(sql)) order.push('a part begins')
    },
    pollMs: 3_600_000,
    changePollMs: 3_600_000,
  })
  const [, comments] = await pendingOnArticles(app.database.prisma, 100)
  const moderator = await app.token('moderator')
  let isDeciding = true
  const read = async () => {
    while (isDeciding) {
      await app.ask('{ articles(first: 1) { edges { node { slug commentCount } } } }')
      order.push('a reader is answered')
    }
  }
  const reading = [read(), read(), read()]
  const ids = comments.map((id) => globalId('Comment', id))
  const { approveComments } = await app.ask(operationText('ApproveComments'), { ids }, moderator)
  isDeciding = false
  await Promise.all(reading)

  expect(approveComments.results.filter(({ changed }: Json) => changed)).toHaveLength(100)
  const first = order.indexOf('a part begins')
  const second = order.indexOf('a part begins', first + 1)
  expect(second).toBeGreaterThan(first)
  expect(order.slice(first + 1, second)).toContain('a reader is answered')
})

test('the event loop turns between the statements of a transaction', async () => {
  await using database = await freshDatabase()
  let turns = 0
  let isRunning = true
  const counting = (async () => {
    for (; isRunning; turns++) await turn()
  })()
  const seen = await database.prisma.$transaction(async (tx) => {
    const numbers: number[] = []
    for (let i = 0; i < 5; i++) {
      await tx.$queryRaw`SELECT 1`
      numbers.push(turns)
    }
    return numbers
  })
  isRunning = false
  await counting
  expect(new Set(seen).size).toBe(seen.length)
})

test('a failure leaves the parts before it decided, and a repetition decides the rest', async () => {
  await using database = await freshDatabase()
  const { prisma } = database
  const [articles, ids] = await pendingOnArticles(prisma, 100)
  const bus = notifyPublisher(prisma)
  let transactions = 0
  const failing: Publisher = {
    transaction: (work, options) =>
      bus.transaction(async (tx, publish) => {
        const result = await work(tx, publish)
        if (++transactions === 2) throw new Error('the connection is lost')
        return result
      }, options),
  }
  const approve = (by: Publisher) => {
    const deps = { prisma, bus: by, viewer: someone('moderator', 'Grace'), now: () => new Date() }
    return decide({ verdict: 'APPROVED', ids }, deps)
  }
  const lengths = () => Promise.all(articles.map(async (key) => (await checkFeed(prisma, key)).length))
  const changed = (outcomes: Outcome[]) =>
    outcomes.map((outcome) => ('failure' in outcome ? outcome.failure.code : outcome.changed))

  await expect(approve(failing)).rejects.toThrow('the connection is lost')
  const earlier = [...Array(50).fill(1), ...Array(50).fill(0)]
  expect(await lengths()).toEqual(earlier)

  expect(changed(await approve(bus))).toEqual(earlier.map((length) => length === 0))
  expect(await lengths()).toEqual(Array(100).fill(1))
  expect(changed(await approve(bus))).toEqual(Array(100).fill(false))
  expect(await lengths()).toEqual(Array(100).fill(1))
})
