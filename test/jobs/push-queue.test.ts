import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { JobQueue, QUEUES } from '../../src/jobs/queue.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

// How the queue keeps jobs, and for how long.

let database: TestDatabase
let queue: JobQueue

beforeAll(async () => {
  database = await freshDatabase()
  queue = new JobQueue(database, pino({ level: 'silent' }))
  await queue.open()
})

afterAll(async () => {
  await queue.close()
  await database.close()
})

const job = (key: string, more: object = {}) => ({
  data: {},
  group: { id: 'endpoint' },
  singletonKey: key,
  ...more,
})

test.each(QUEUES)(
  'jobs of %s wait for a year, are remembered for two days and are tried without end',
  async (name) => {
    const boss = await queue.open()
    const [options] = await boss.getQueues([name])
    expect(options).toMatchObject({
      name,
      policy: 'key_strict_fifo',
      retentionSeconds: 31_536_000,
      deleteAfterSeconds: 172_800,
      expireInSeconds: 25,
      retryLimit: 30_000,
    })
  },
)

test('jobs that wait, fail or are being done are counted, and those that are done are not', async () => {
  const boss = await queue.open()
  const before = await queue.depth('webhooks')
  expect(before).toBe(0)
  await boss.insert('webhooks', [job('a'), job('b'), job('c'), job('d')])
  await boss.insert('websub', [job('e')])
  expect([await queue.depth('webhooks'), await queue.depth('websub')]).toEqual([4, 1])
  const [first] = await boss.fetch('webhooks')
  expect(await queue.depth('webhooks')).toBe(4)
  await boss.complete('webhooks', first as never)
  expect(await queue.depth('webhooks')).toBe(3)
  const [second] = await boss.fetch('webhooks')
  await boss.fail('webhooks', second as never)
  expect(await queue.depth('webhooks')).toBe(3)
})

test('what is done is known by its id, and is not queued again', async () => {
  const boss = await queue.open()
  const id = '0198a000-0000-8000-8000-00000000000a'
  await boss.insert('websub', [job('x', { id, priority: 9 })])
  const [taken] = await boss.fetch('websub')
  expect(taken).toMatchObject({ id })
  await boss.complete('websub', taken as never)
  await boss.insert('websub', [job('x', { id })])
  const { rows } = await database.executeSql(`SELECT "state" FROM pgboss.job WHERE "id" = $1`, [id])
  expect(rows).toEqual([{ state: 'completed' }])
})

test('only jobs of the queue that is named, which are under way, are taken for dead', async () => {
  const boss = await queue.open()
  await boss.insert('webhooks', [job('f'), job('g')])
  await boss.fetch('webhooks')
  await database.executeSql(`UPDATE pgboss.job SET "started_on" = now() - interval '1 hour'`)
  expect(await queue.recover('websub')).toBe(0)
  expect(await queue.recover('webhooks')).toBe(1)
  expect(await queue.recover('webhooks')).toBe(0)
})

describe('a queue', () => {
  test('that is not needed is not opened, and has nothing in it', async () => {
    const idle = new JobQueue(database, pino({ level: 'silent' }))
    expect([idle.isOpen, await idle.depth('webhooks')]).toEqual([false, 0])
    await idle.close()
    await expect(idle.open()).rejects.toThrow('closed')
    expect(idle.isOpen).toBe(false)
  })

  test('that could not be opened is opened by the next call', async () => {
    const executeSql = vi.fn(database.executeSql)
    executeSql.mockRejectedValue(new Error('not yet'))
    const other = new JobQueue({ ...database, executeSql }, pino({ level: 'silent' }))
    await expect(other.open()).rejects.toThrow('not yet')
    expect(other.isOpen).toBe(false)
    executeSql.mockImplementation(database.executeSql)
    const boss = await other.open()
    expect(await other.open()).toBe(boss)
    expect(other.isOpen).toBe(true)
    await other.close()
    await expect(other.open()).rejects.toThrow('closed')
  })

  test('in a database of this process alone has nothing under way when it is opened', async () => {
    const boss = await queue.open()
    await boss.insert('webhooks', [job('h', { priority: 5 })])
    const [taken] = await boss.fetch('webhooks')
    const stateOf = async () => {
      const { rows } = await database.executeSql(`SELECT "state" FROM pgboss.job WHERE "id" = $1`, [
        taken?.id,
      ])
      return rows[0]?.state
    }
    expect(await stateOf()).toBe('active')
    const next = new JobQueue(database, pino({ level: 'silent' }))
    await next.open()
    expect(await stateOf()).toBe(database.kind === 'embedded' ? 'retry' : 'active')
    await next.close()
  })
})
