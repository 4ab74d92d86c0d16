import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { openMigrated } from '../../src/db/open.ts'
import { freshSettings } from '../support/database.ts'
import { startGateway } from '../support/gateway.ts'
import { addHook } from '../support/hook.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'
import { startReceiver } from '../support/receiver.ts'

test('a message whose sender is killed while it waits for the answer comes again, under the same id', async () => {
  await using settings = await freshSettings()
  await using receiver = await startReceiver()
  const hold = Promise.withResolvers<void>()
  receiver.reaction = async () => {
    await hold.promise
    return { status: 204 }
  }
  const secret = await withDatabase(settings.env, async ({ prisma }) => {
    const { slug } = await addPartner(prisma)
    const hook = await addHook(prisma, slug, receiver.url)
    for (let story = 0; story < 8; story++) await addArticle(prisma)
    return hook.secret
  })
  const env = { ...settings.env, SAMPLE: 'off' }

  const first = await startGateway(env)
  await receiver.until(4)
  await first.kill()
  hold.resolve()
  receiver.reaction = () => ({ status: 204 })
  if (settings.env.DATABASE_URL) await letTimePass(settings.env)

  await using second = await startGateway(env)
  await receiver.until(12)
  const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
  // What was under way comes again, and nothing else does.
  expect(new Set(ids.slice(4)).size).toBe(8)
  expect(ids.slice(4)).toEqual(expect.arrayContaining(ids.slice(0, 4)))
  for (const { body, headers } of receiver.received) {
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'article.changed',
    })
  }
  expect(await second.stop()).toBe(0)
  expect(receiver.received).toHaveLength(12)
}, 120_000)

test('a gateway that is stopped finishes what it is sending', async () => {
  await using settings = await freshSettings()
  await using receiver = await startReceiver()
  const hold = Promise.withResolvers<void>()
  receiver.reaction = async () => {
    await hold.promise
    return { status: 204 }
  }
  await withDatabase(settings.env, async ({ prisma }) => {
    const { slug } = await addPartner(prisma)
    await addHook(prisma, slug, receiver.url)
    await addArticle(prisma)
  })
  const gateway = await startGateway({ ...settings.env, SAMPLE: 'off' })
  await receiver.until(1)
  const stopped = gateway.stop()
  hold.resolve()
  expect(await stopped).toBe(0)
  await withDatabase(settings.env, async ({ prisma }) => {
    expect(await prisma.delivery.findMany()).toMatchObject([{ times: 1, acknowledgedAt: expect.any(Date) }])
  })
}, 120_000)

/** The jobs that were under way have been so for longer than any sender takes. */
async function letTimePass(env: Env): Promise<void> {
  await withDatabase(env, async ({ executeSql }) => {
    await executeSql(
      `UPDATE pgboss.job SET "started_on" = now() - interval '1 hour' WHERE "state" = 'active'`,
    )
  })
}

type Env = { DATA_DIR: string; DATABASE_URL?: string }

async function withDatabase<T>(
  { DATA_DIR, DATABASE_URL }: Env,
  work: (database: Awaited<ReturnType<typeof openMigrated>>) => Promise<T>,
): Promise<T> {
  const database = await openMigrated({ url: DATABASE_URL, dataDir: DATA_DIR })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}
