import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { KeyedSemaphore } from '../../src/db/keyed-semaphore.ts'
import { openDatabase } from '../../src/db/open.ts'
import { freshDatabase } from '../support/database.ts'
import { untilSomebodyWaits } from '../support/locks.ts'

describe.runIf(process.env.DATABASE_URL)('a session on a server', () => {
  test('waits 10 s for a lock, runs a statement 15 s, and keeps a transaction idle for 60 s', async () => {
    await using database = await freshDatabase()
    expect(
      await database.prisma.$queryRaw`
        SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement,
          current_setting('idle_in_transaction_session_timeout') AS idle`,
    ).toEqual([{ lock: '10s', statement: '15s', idle: '1min' }])
  })

  test('has the limits that DATABASE_URL asks for instead', async () => {
    await using database = await freshDatabase()
    const url = new URL(database.url as string)
    url.searchParams.set('options', '-c lock_timeout=3s')
    const { prisma, close } = await openDatabase({ url: url.href, dataDir: '' })
    expect(await prisma.$queryRaw`SELECT current_setting('lock_timeout') AS lock`).toEqual([{ lock: '3s' }])
    await close()
  })

  test('cancels the statement of a transaction whose time is over, and can be used again', async () => {
    await using database = await freshDatabase()
    const { prisma, close } = await openDatabase({ url: database.url, dataDir: '', connections: 1 })
    const abandoned = prisma.$transaction((tx) => tx.$queryRaw`SELECT pg_sleep(600)::text`, { timeout: 300 })
    await expect(abandoned).rejects.toThrow()
    // The only connection answers although the statement would have run for ten minutes.
    expect(await prisma.$queryRaw`SELECT 1 AS one`).toEqual([{ one: 1 }])
    await close()
  })

  test('leaves connections for reads when every writer waits', async () => {
    await using database = await freshDatabase()
    const { prisma, close } = await openDatabase({ url: database.url, dataDir: '', connections: 3 })
    await prisma.topic.create({ data: { slug: 'held', label: 'Held' } })
    const holder = new pg.Client({ connectionString: database.url })
    await holder.connect()
    await holder.query(`BEGIN; SELECT FROM "Topic" WHERE slug = 'held' FOR UPDATE`)
    const writers = Array.from({ length: 5 }, (_, n) =>
      prisma.$transaction((tx) =>
        tx.topic.update({ where: { slug: 'held' }, data: { label: `Writer ${n}` } }),
      ),
    )
    await untilSomebodyWaits(database.prisma)
    expect(await prisma.topic.findMany({ select: { label: true } })).toEqual([{ label: 'Held' }])
    const { rows } = await holder.query(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    expect(rows[0].waiting).toBeLessThanOrEqual(2)
    await holder.query('ROLLBACK')
    expect(await Promise.all(writers)).toHaveLength(5)
    await holder.end()
    await close()
  })
})

describe('work behind a keyed semaphore', () => {
  test('runs at most as often at once as allowed for one key, and other keys do not wait', async () => {
    const semaphore = new KeyedSemaphore(2)
    const gate = Promise.withResolvers<void>()
    let running = 0
    let most = 0
    const work = async () => {
      most = Math.max(most, ++running)
      await gate.promise
      running--
    }
    const all = Array.from({ length: 6 }, () => semaphore.run(['story'], work))
    expect(await semaphore.run(['other'], async () => 'at once')).toBe('at once')
    gate.resolve()
    await Promise.all(all)
    expect({ most, keysLeft: semaphore.size }).toEqual({ most: 2, keysLeft: 0 })
  })

  test('is given up after its time, and leaves its place to the next', async () => {
    const semaphore = new KeyedSemaphore(1, 20)
    const gate = Promise.withResolvers<void>()
    const first = semaphore.run(['story'], () => gate.promise)
    await expect(semaphore.run(['story', 'other'], async () => {})).rejects.toThrow(
      expect.objectContaining({ code: 'TEMPORARILY_UNAVAILABLE' }),
    )
    gate.resolve()
    await first
    expect(await semaphore.run(['story'], async () => 'next')).toBe('next')
    expect(semaphore.size).toBe(0)
  })

  test('gives its place back when it fails', async () => {
    const semaphore = new KeyedSemaphore(1)
    await expect(semaphore.run(['story'], () => Promise.reject(new Error('failed')))).rejects.toThrow(
      'failed',
    )
    expect(await semaphore.run(['story'], async () => 'next')).toBe('next')
  })
})
