import pino from 'pino'
import { expect, test } from 'vitest'
import { JobQueue } from '../../src/jobs/queue.ts'
import { freshDatabase } from '../support/database.ts'

test('the queue is created in a database that has none, when it is first needed', async () => {
  await using database = await freshDatabase()
  await database.executeSql('DROP SCHEMA pgboss CASCADE')
  const queue = new JobQueue(database, pino({ level: 'silent' }))
  expect(await queue.depth('webhooks')).toBe(0)
  const boss = await queue.open()
  await boss.insert('webhooks', [{ data: {}, group: { id: 'endpoint' }, singletonKey: 'endpoint/story' }])
  expect(await queue.depth('webhooks')).toBe(1)
  await queue.close()
})

test('a job is taken for dead when its sender has not settled it for 25 seconds, and not before', async () => {
  await using database = await freshDatabase()
  const queue = new JobQueue(database, pino({ level: 'silent' }))
  const boss = await queue.open()
  await boss.insert('webhooks', [{ data: {}, group: { id: 'endpoint' }, singletonKey: 'endpoint/story' }])
  const [job] = await boss.fetch('webhooks')
  expect(job).toBeDefined()
  expect(await queue.recover('webhooks')).toBe(0)
  expect(await boss.fetch('webhooks')).toEqual([])
  const begun = (seconds: number) =>
    database.executeSql(`UPDATE pgboss.job SET started_on = now() - $1 * interval '1 s'`, [seconds])
  await begun(24)
  expect(await queue.recover('webhooks')).toBe(0)
  await begun(25)
  expect(await queue.recover('webhooks')).toBe(1)
  expect(await boss.fetch('webhooks')).toMatchObject([{ id: job?.id }])
  await queue.close()
})
