import { createServer } from 'node:net'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/open.ts'
import { isRetryable, orUnavailable } from '../../src/db/retryable.ts'
import { InvalidInput, TemporarilyUnavailable } from '../../src/errors.ts'
import { freshDatabase } from '../support/database.ts'

async function failureOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('It did not fail.')
}

test('what the request asked for is no passing failure of the database', async () => {
  await using database = await freshDatabase()
  const { prisma } = database
  for (const failure of [
    await failureOf(() => prisma.$queryRaw`SELECT 1 / 0`),
    await failureOf(() => prisma.$queryRaw`SELECT "nothing" FROM "Nowhere"`),
    await failureOf(() =>
      prisma.topic.createMany({ data: [1, 2].map(() => ({ slug: 'twice', label: 'Twice' })) }),
    ),
    await failureOf(() => prisma.topic.findUniqueOrThrow({ where: { slug: 'missing' } })),
    new InvalidInput('ids', 'Name at least one comment.'),
    new TypeError('x is not a function'),
    null,
    'ECONNREFUSED',
  ]) {
    expect(isRetryable(failure)).toBe(false)
  }
})

test('a message says to try again only when trying again can help', async () => {
  const timeout = Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' })
  await expect(orUnavailable(() => Promise.reject(timeout), 'Try again.')).rejects.toThrow(
    expect.objectContaining({ code: 'TEMPORARILY_UNAVAILABLE', message: 'Try again.' }),
  )
  const fault = new TypeError('x is not a function')
  await expect(orUnavailable(() => Promise.reject(fault), 'Try again.')).rejects.toBe(fault)
  const own = new TemporarilyUnavailable('In its own words.')
  await expect(orUnavailable(() => Promise.reject(own), 'Try again.')).rejects.toBe(own)
})

test('a transaction that waits too long for its turn is', async () => {
  await using database = await freshDatabase()
  const failure = await failureOf(() =>
    database.prisma.$transaction(
      async (tx) => {
        await new Promise((resolve) => setTimeout(resolve, 30))
        await tx.topic.count()
      },
      { timeout: 1 },
    ),
  )
  expect(isRetryable(failure)).toBe(true)
})

describe.runIf(process.env.DATABASE_URL)('these failures on a server pass by themselves', () => {
  const limited = (limit: string, statement: string) => async () => {
    await using database = await freshDatabase()
    const failure = await failureOf(() =>
      database.prisma.$transaction(async (tx) => {
        await tx.$executeRawUnsafe(`SET LOCAL ${limit} = '20ms'`)
        await tx.$queryRawUnsafe(statement)
        await new Promise((resolve) => setTimeout(resolve, 200))
        await tx.$queryRaw`SELECT 1`
      }),
    )
    expect(isRetryable(failure)).toBe(true)
  }

  test('a statement that took too long', limited('statement_timeout', 'SELECT pg_sleep(2)::text'))

  test('a transaction that was idle too long', limited('idle_in_transaction_session_timeout', 'SELECT 1'))

  test('a lock that was not granted in time', async () => {
    await using database = await freshDatabase()
    const holder = new pg.Client({ connectionString: database.url })
    await holder.connect()
    await holder.query('BEGIN; LOCK TABLE "Topic"')
    const failure = await failureOf(() =>
      database.prisma.$transaction(async (tx) => {
        await tx.$executeRaw`SET LOCAL lock_timeout = '20ms'`
        await tx.topic.count()
      }),
    )
    await holder.end()
    expect(isRetryable(failure)).toBe(true)
  })

  test('a connection that the server ended', async () => {
    await using database = await freshDatabase()
    const end = () => database.prisma.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`
    expect(isRetryable(await failureOf(end))).toBe(true)
  })

  test('a server that is not there', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    await new Promise((resolve) => server.close(resolve))
    const url = `postgres://postgres@127.0.0.1:${port}/postgres`
    const failure = await failureOf(() => openDatabase({ url, dataDir: '' }))
    expect(isRetryable(failure)).toBe(true)
  })
})
