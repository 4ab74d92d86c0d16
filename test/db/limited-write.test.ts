import { expect, test } from 'vitest'
import { LIMITED_WRITE, limitWriters } from '../../src/db/writers.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A pool's adapter whose statements the test ends. */
async function adapter(most: number) {
  const running: { sql: string; end: () => void; fail: (error: Error) => void }[] = []
  const queryRaw = ({ sql }: { sql: string }) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    running.push({ sql, end: resolve, fail: reject })
    return promise
  }
  const startTransaction = async () => ({ commit: async () => {}, rollback: async () => {} })
  const factory = { connect: async () => ({ queryRaw, startTransaction }) }
  const limited = await limitWriters(factory as never, most).connect()
  const query = (sql: string) => limited.queryRaw({ sql, args: [], argTypes: [] })
  return { running, query, start: () => limited.startTransaction() }
}

test('a limited write waits for the place of another one, and of a transaction', async () => {
  const { running, query, start } = await adapter(1)
  const transaction = await start()
  const first = query(`${LIMITED_WRITE} SELECT 1`)
  const second = query(`${LIMITED_WRITE} SELECT 2`)
  await turn()
  expect(running).toEqual([])
  await transaction.commit()
  await turn()
  expect(running).toHaveLength(1)
  running[0]?.end()
  await first
  await turn()
  expect(running).toHaveLength(2)
  running[1]?.end()
  await second
})

test('one that fails gives its place back', async () => {
  const { running, query } = await adapter(1)
  const failed = query(`${LIMITED_WRITE} SELECT 1`)
  await turn()
  running[0]?.fail(new Error('lost'))
  await expect(failed).rejects.toThrow('lost')
  const next = query(`${LIMITED_WRITE} SELECT 2`)
  await turn()
  running[1]?.end()
  await next
})

test('another statement does not wait', async () => {
  const { running, query, start } = await adapter(1)
  await start()
  const read = query('SELECT 1')
  await turn()
  running[0]?.end()
  await read
})
