import { afterAll, beforeAll, expect, test } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { OperationBudget } from '../../src/http/graphql/operation-budget.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { operation, type RawSocket, rawSocket } from '../support/raw-socket.ts'

const clock = { at: new Date('2026-03-01T12:00:00Z') }
let app: TestApp
let articleId: string

beforeAll(async () => {
  // What was given up counts until it is over: on a slow machine that would be too many at once.
  app = await freshApp({ now: () => clock.at, limits: { maxOperationsPerSocket: 1_000 } })
  articleId = (await addArticle(app.database.prisma)).id
})
afterAll(() => app.close())

/** Subscribes and completes, again and again. */
function flood({ send }: RawSocket, times: number): void {
  for (let n = 0; n < times; n++) {
    send(operation('1', operationText('CommentFeed'), { articleId }))
    send({ id: '1', type: 'complete' })
  }
}

/** Whether everything sent so far was taken. */
async function isServed(socket: RawSocket): Promise<boolean> {
  socket.send({ type: 'ping' })
  return socket.next().then(
    ({ type }) => type === 'pong',
    () => false,
  )
}

test('one socket starts a hundred operations at once; one more closes it, and only it', async () => {
  await using neighbour = await rawSocket(app.wsUrl)
  await using socket = await rawSocket(app.wsUrl)
  flood(socket, 100)
  expect(await isServed(socket)).toBe(true)
  flood(socket, 1)
  expect(await socket.closed).toEqual({ code: 1008, reason: 'More than 20 operations a second' })
  expect(await isServed(neighbour)).toBe(true)
})

test('a socket may start twenty more with each second that passes', async () => {
  await using socket = await rawSocket(app.wsUrl)
  flood(socket, 100)
  expect(await isServed(socket)).toBe(true)
  clock.at = new Date(clock.at.getTime() + 1_000)
  flood(socket, 20)
  expect(await isServed(socket)).toBe(true)
  clock.at = new Date(clock.at.getTime() + 60_000)
  flood(socket, 100)
  expect(await isServed(socket)).toBe(true)
  flood(socket, 1)
  expect(await socket.closed).toMatchObject({ code: 1008 })
})

test('what is sent behind the operation that was too many is not executed', async () => {
  let statements = 0
  await using watched = await freshApp({ now: () => clock.at, onStatement: () => statements++ })
  const article = await addArticle(watched.database.prisma)
  await using socket = await rawSocket(watched.wsUrl)
  const before = statements
  for (let n = 0; n < 1_000; n++) {
    socket.send(operation(`${n}`, '{ guidelines { code } }', { articleId: article.id }))
  }
  await socket.closed
  expect(statements - before).toBeLessThanOrEqual(100)
})

test.each<[string, [atMs: number, asked: number, taken: number][]]>([
  [
    'is full in the beginning, and no fuller however long it waits',
    [
      [0, 11, 10],
      [3_600_000, 11, 10],
    ],
  ],
  [
    'is filled in proportion to the time',
    [
      [0, 10, 10],
      [250, 3, 1],
      [499, 2, 0],
      [500, 2, 1],
      [2_000, 9, 6],
    ],
  ],
  [
    'counts the whole operations only, and keeps the rest',
    [
      [0, 10, 10],
      [249, 1, 0],
      [250, 1, 1],
      [625, 2, 1],
      [750, 2, 1],
    ],
  ],
  [
    'does not fill while a clock goes back, and fills again from there',
    [
      [5_000, 10, 10],
      [1_000, 1, 0],
      [1_250, 2, 1],
    ],
  ],
])('a budget of ten at once and four a second %s', (_what, rounds) => {
  const budget = new OperationBudget({ operationsBurst: 10, operationsPerSecond: 4 })
  const taken = rounds.map(([atMs, asked]) => {
    const results = Array.from({ length: asked }, () => budget.take(new Date(atMs)))
    return [atMs, asked, results.filter(Boolean).length]
  })
  expect(taken).toEqual(rounds)
})
