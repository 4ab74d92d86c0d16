import { expect, test, vi } from 'vitest'
import { ChangeWatch } from '../../src/changelog/watch.ts'
import { freshApp } from '../support/app.ts'
import { addHook } from '../support/hook.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'
import { startReceiver } from '../support/receiver.ts'

const AN_HOUR_MS = 3_600_000

/** A sequence, and a bus of which the test plays both sides. */
async function watched({ pollMs = AN_HOUR_MS } = {}) {
  const sequence = { history: 'one', position: 0, woken: 0, read: async () => {} }
  const seen = { channels: [] as string[], endHistory: [] as string[], failures: [] as unknown[] }
  let hear = (_payload: string) => {}
  let comeBack = () => {}
  let changeHistory = () => {}
  const listening = { bus: true, history: true }
  const $queryRawUnsafe = async () => {
    const { history, position } = sequence
    await sequence.read()
    return [{ history, position }]
  }
  const watch = await ChangeWatch.open({
    prisma: { $queryRawUnsafe } as never,
    history: {
      onChange(listener: () => void) {
        changeHistory = listener
        return () => {
          listening.history = false
        }
      },
      endHistory: async (history: string) => void seen.endHistory.push(history),
    } as never,
    listen: async (channel, onHint, onReturn) => {
      seen.channels.push(channel)
      hear = onHint
      comeBack = onReturn as () => void
      return async () => {
        listening.bus = false
      }
    },
    pollMs,
    onFailure: (error) => seen.failures.push(error),
  })
  const unwatch = watch.watch(() => {
    sequence.woken += 1
  })
  return {
    sequence,
    seen,
    listening,
    watch,
    unwatch,
    hear: (payload: string) => hear(payload),
    comeBack: () => comeBack(),
    changeHistory: () => changeHistory(),
  }
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

test('a sequence that has grown is found by looking, and one that stands still wakes nobody', async () => {
  const { sequence, seen, watch } = await watched()
  expect(seen.channels).toEqual(['dateline_changes'])
  await watch.poll()
  expect(sequence.woken).toBe(0)
  sequence.position = 3
  await watch.poll()
  await watch.poll()
  expect(sequence.woken).toBe(1)
  await watch.close()
})

test('a sequence that is shorter than it was is a loss, and another history is a new beginning', async () => {
  const { sequence, seen, watch, hear, changeHistory } = await watched()
  hear('7')
  sequence.position = 6
  await watch.poll()
  expect(seen.endHistory).toEqual(['one'])
  expect(sequence.woken).toBe(1)
  sequence.history = 'two'
  sequence.position = 2
  changeHistory()
  await turn()
  expect(sequence.woken).toBe(2)
  sequence.position = 3
  await watch.poll()
  expect(sequence.woken).toBe(3)
  expect(seen.endHistory).toEqual(['one'])
  await watch.close()
})

test('nobody looks twice at once, and a look that fails is told of and made again', async () => {
  const { sequence, seen, watch } = await watched()
  let reads = 0
  const gate = Promise.withResolvers<void>()
  const fault = new Error('no database')
  sequence.read = async () => {
    reads += 1
    await gate.promise
    throw fault
  }
  const looks = [watch.poll(), watch.poll(), watch.poll()]
  gate.resolve()
  await Promise.all(looks)
  expect(reads).toBe(1)
  expect(seen.failures).toEqual([fault])
  Object.assign(sequence, { position: 1, read: async () => {} })
  await watch.poll()
  expect(sequence.woken).toBe(1)
  await watch.close()
})

test('it looks at intervals until it is closed, and then tells nobody anything', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    const { sequence, listening, watch, hear } = await watched({ pollMs: 1_000 })
    sequence.position = 1
    vi.advanceTimersByTime(999)
    await turn()
    expect(sequence.woken).toBe(0)
    vi.advanceTimersByTime(1)
    await turn()
    expect(sequence.woken).toBe(1)
    await watch.close()
    expect(listening).toEqual({ bus: false, history: false })
    sequence.position = 2
    vi.advanceTimersByTime(5_000)
    await turn()
    hear('3')
    expect(sequence.woken).toBe(1)
  } finally {
    vi.useRealTimers()
  }
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
