import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { freshApp } from '../support/app.ts'
import { addHook } from '../support/hook.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'
import { type Received, startReceiver } from '../support/receiver.ts'

const verified = (secret: string, { body, headers }: Received) =>
  new Webhook(secret).verify(body, headers as Record<string, string>) as any

test('a new story reaches a webhook, signed as Standard Webhooks has it', async () => {
  await using receiver = await startReceiver()
  await using app = await freshApp({ pollMs: 50 })
  const { prisma } = app.database
  const { slug } = await addPartner(prisma)
  const { secret } = await addHook(prisma, slug, receiver.url)

  const { id } = await addArticle(prisma, { headline: 'Flood in the old town' })
  const received = await receiver.next()

  const { type, data } = verified(secret, received)
  expect(type).toBe('story.changed')
  expect(data).toMatchObject({
    kind: 'PUBLISHED',
    version: 1,
    storyId: id,
    story: { headline: 'Flood in the old town' },
  })
})
