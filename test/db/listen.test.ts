import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/open.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

const notify = ({ prisma }: TestDatabase, channel: string, payload: string) =>
  prisma.$executeRaw`SELECT pg_notify(${channel}, ${payload})`

/** Collects payloads; `until` resolves when the named one has come, with all that came up to then. */
function inbox() {
  const payloads: string[] = []
  const waiting = new Map<string, () => void>()
  return {
    put(payload: string) {
      payloads.push(payload)
      waiting.get(payload)?.()
    },
    async until(payload: string): Promise<string[]> {
      if (!payloads.includes(payload)) {
        await new Promise<void>((resolve) => waiting.set(payload, resolve))
      }
      return payloads
    },
  }
}

test('notifications arrive in the order of commits, and those of undone transactions never', async () => {
  await using database = await freshDatabase()
  const { put, until } = inbox()
  await database.listen('news', put)
  await notify(database, 'news', 'first')
  const undone = database.prisma.$transaction(async (transaction) => {
    await transaction.$executeRaw`SELECT pg_notify('news', 'undone')`
    throw new Error('undo')
  })
  await expect(undone).rejects.toThrow('undo')
  await notify(database, 'news', 'last')
  expect(await until('last')).toEqual(['first', 'last'])
})

test('a channel has any number of listeners, each until it stops', async () => {
  await using database = await freshDatabase()
  const [one, other] = [inbox(), inbox()]
  const stop = await database.listen('news', one.put)
  await database.listen('news', other.put)
  await notify(database, 'news', 'to both')
  await one.until('to both')
  await stop()
  await notify(database, 'news', 'to the other')
  await other.until('to the other')
  expect(await one.until('to both')).toEqual(['to both'])
})

test('a name that PostgreSQL would read differently is refused', async () => {
  await using database = await freshDatabase()
  await expect(database.listen('News"; DROP', () => {})).rejects.toThrow('is not a valid channel name')
})

describe.runIf(process.env.DATABASE_URL)('on a server', () => {
  const dropConnections = ({ prisma }: TestDatabase) =>
    prisma.$queryRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND query ILIKE 'LISTEN%'`

  test('a lost connection is replaced, and every listener hears that it was', async () => {
    await using database = await freshDatabase()
    const { put, until } = inbox()
    const news = Promise.withResolvers<void>()
    const sport = Promise.withResolvers<void>()
    await database.listen('news', put, news.resolve)
    await database.listen('sport', () => {}, sport.resolve)
    await dropConnections(database)
    await Promise.all([news.promise, sport.promise])
    await notify(database, 'news', 'after')
    expect(await until('after')).toEqual(['after'])
  })

  test('a lost pool connection does not end the process', async () => {
    await using database = await freshDatabase()
    await database.prisma.topic.count()
    await using other = await openOther(database)
    await other.prisma.$queryRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`
    await expect.poll(() => database.prisma.topic.count().catch(() => 'lost')).toBe(0)
  })

  const openOther = async ({ url }: TestDatabase) => {
    const other = await openDatabase({ url, dataDir: '' })
    return { ...other, [Symbol.asyncDispose]: other.close }
  }
})
