import { expect, test } from 'vitest'
import { ChangeWatch } from '../../src/change/watch.ts'
import { freshApp } from '../support/app.ts'
import { addHook } from '../support/hook.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'
import { startReceiver } from '../support/receiver.ts'

const AN_HOUR_MS = 3_600_000

/** A sequence, and a bus of which the test plays both sides. */
async function watched() {
  const sequence = { position: 0, woken: 0 }
  let hear = (_payload: string) => {}
  let comeBack = () => {}
  const $queryRawUnsafe = async () => [{ history: 'one', position: sequence.position }]
  const watch = await ChangeWatch.open({
    prisma: { $queryRawUnsafe } as never,
    history: { onChange: () => () => {} } as never,
    listen: async (_channel, onHint, onReturn) => {
      hear = onHint
      comeBack = onReturn as () => void
      return async () => {}
    },
    pollMs: AN_HOUR_MS,
    onFailure: (error) => {
      throw error
    },
  })
  const unwatch = watch.watch(() => {
    sequence.woken += 1
  })
  return { sequence, watch, unwatch, hear: (payload: string) => hear(payload), comeBack: () => comeBack() }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('a hint wakes at once, and one that says nothing new does not', async () => {
  const { sequence, watch, hear, unwatch } = await watched()
  hear('1')
  expect(sequence.woken).toBe(1)
  hear('1')
  expect(sequence.woken).toBe(1)
  unwatch()
  hear('2')
  expect(sequence.woken).toBe(1)
  await watch.close()
})

test('what came while the bus was away is looked for when it is back', async () => {
  const { sequence, watch, comeBack } = await watched()
  sequence.position = 5
  comeBack()
  await turn()
  expect(sequence.woken).toBe(1)
  await watch.close()
})

test('a new story reaches a webhook by the hint alone, and so does a kill', async () => {
  await using app = await freshApp({ changePollMs: AN_HOUR_MS })
  const { prisma } = app.database
  await using receiver = await startReceiver()
  const { slug } = await addPartner(prisma)
  await addHook(prisma, slug, receiver.url)
  const story = await addArticle(prisma)
  const sent = (index: number) => receiver.received[index]?.body ?? 'nothing was sent'
  await expect.poll(() => sent(0), { timeout: 10_000 }).toContain(story.id)
  await addArticle(prisma, { slug: story.slug, status: 'CANCELED' })
  await expect.poll(() => sent(1), { timeout: 10_000 }).toContain('CANCELED')
})
