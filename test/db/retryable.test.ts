import { createServer } from 'node:net'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { InvalidInput, TemporarilyUnavailable } from '../../src/base/errors.ts'
import { openDatabase } from '../../src/db/open.ts'
import { isRetryable, orUnavailable } from '../../src/db/retryable.ts'
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

const named = (failure: object) => Object.assign(new Error('It failed.'), failure)

describe('a failure by its name', () => {
  const passing = {
    code: [
      ...['08000', '08003', '08006', '53000', '53100', '53200', '53300', '57014', '58030'],
      ...['57P01', '57P02', '57P03', '57P05', '55P03', '25P03', '25P04', '25006', '40001', '40P01'],
      ...['EAI_AGAIN', 'ECONNABORTED', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH'],
      ...['ENOTFOUND', 'EPIPE', 'ETIMEDOUT'],
      ...['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034', 'P2037'],
    ],
    kind: [
      ...['ConnectionClosed', 'DatabaseNotReachable', 'SocketTimeout', 'TooManyConnections'],
      'TransactionWriteConflict',
    ],
    message: [
      'Query read timeout',
      'timeout exceeded when trying to connect',
      'Connection terminated unexpectedly',
      'Client has encountered a connection error and is not queryable',
      'Client was closed and is not queryable',
      'timeout expired',
      'Cannot use a pool after calling end on the pool',
      'server conn crashed?',
      'query_wait_timeout',
      'PGlite is closed',
    ],
  }

  test.each(
    Object.entries(passing).flatMap(([field, names]) => names.map((name): [string, string] => [field, name])),
  )('passes by itself: %s %s', (field, name) => {
    expect(isRetryable(named({ [field]: name }))).toBe(true)
  })

  test.each([
    ...['08', '080000', '57000', '57P04', '25001', '25P02', '40002', '55000', '55006', '58P01', '23505'],
    ...['22012', '42P01', '0A000', '28P01', '3D000', 'XX000', '40P010', 'EACCES', 'ENOENT', 'EINVAL'],
    ...['P1000', 'P1003', 'P2002', 'P2003', 'P2025', 'P2010'],
  ])('does not pass by itself: code %s', (code) => {
    expect(isRetryable(named({ code }))).toBe(false)
    expect(isRetryable(named({ code: 57014 }))).toBe(false)
  })

  test('is found under every name that drivers have for it', () => {
    expect(isRetryable(named({ originalCode: '40001' }))).toBe(true)
    expect(isRetryable(named({ errorCode: 'P1001' }))).toBe(true)
    expect(isRetryable(named({ kind: 'UniqueConstraintViolation', originalCode: '23505' }))).toBe(false)
    expect(isRetryable(new Error('a report of: Query read timeout'))).toBe(false)
    expect(isRetryable(new TemporarilyUnavailable('Later.'))).toBe(true)
  })

  test('is found in a cause, in what Prisma hangs on its error, and in each of several', () => {
    const lost = named({ code: '57P01' })
    expect(isRetryable(new Error('It failed.', { cause: lost }))).toBe(true)
    expect(isRetryable(named({ code: 'P2010', meta: { driverAdapterError: { cause: lost } } }))).toBe(true)
    expect(isRetryable(new AggregateError([new Error('one'), lost]))).toBe(true)
    expect(isRetryable(new AggregateError([new Error('one')]))).toBe(false)
  })

  test('is looked for eight deep, also where causes go round in a circle', () => {
    const under = (depth: number) => {
      let error: Error = named({ code: '57P01' })
      for (let i = 0; i < depth; i++) error = new Error('outer', { cause: error })
      return error
    }
    expect(isRetryable(under(7))).toBe(true)
    expect(isRetryable(under(8))).toBe(false)
    const round = new Error('round')
    round.cause = round
    expect(isRetryable(round)).toBe(false)
  })
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
