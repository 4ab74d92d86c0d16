import { describe, expect, test } from 'vitest'
import { anonymous, type Viewer } from '../../src/auth/viewer.ts'
import { type Bar, StandingWatch } from '../../src/auth/watch.ts'

/** A bar whose list the test writes, and which counts what is looked up. */
function barOf(barred: Set<string>) {
  const lookups: string[][] = []
  const bar: Bar = {
    channel: 'standing',
    nameOf: ({ subject }) => subject,
    async barredAmong(names) {
      lookups.push([...names])
      return new Set(names.filter((name) => barred.has(name)))
    },
    words: 'Not you.',
  }
  return { bar, lookups }
}

async function watchOver(barred = new Set<string>()) {
  const { bar, lookups } = barOf(barred)
  const bus = { hint: (_name: string) => {}, returns: () => {} }
  const watch = await StandingWatch.open([bar], {
    listen: async (_channel, onPayload, onReconnect) => {
      bus.hint = onPayload
      bus.returns = onReconnect
      return async () => {}
    },
    pollMs: 3_600_000,
    onFailure: (error) => {
      throw error
    },
  })
  return { watch, bus, lookups, barred }
}

function viewer(subject: string): Viewer {
  return { ...anonymous, role: 'reader', subject }
}

/** Watches somebody, and settles with the words that they are told. */
function told(watch: StandingWatch, subject: string): Promise<string> {
  return new Promise((resolve) => void watch.watch(viewer(subject), resolve))
}

describe('who is connected', () => {
  test('is looked up when a hint names them, and only they are', async () => {
    const { watch, bus, lookups, barred } = await watchOver()
    const words = told(watch, 'Ada')
    barred.add('Ada')
    bus.hint('somebody else')
    bus.hint('Ada')
    expect(await words).toBe('Not you.')
    expect(lookups).toEqual([['Ada']])
    await watch.close()
  })

  test('is looked up when the bus is back: a hint may have been lost', async () => {
    const { watch, bus, lookups, barred } = await watchOver()
    const words = told(watch, 'Ada')
    barred.add('Ada')
    bus.returns()
    expect(await words).toBe('Not you.')
    expect(lookups).toEqual([['Ada']])
    await watch.close()
  })

  test('is forgotten when the last of their connections is gone', async () => {
    const { watch, bus, lookups } = await watchOver()
    const leave = Array.from({ length: 1_000 }, (_, n) => watch.watch(viewer(`Reader ${n}`), () => {}))
    const again = watch.watch(viewer('Reader 0'), () => {})
    expect(watch.watched).toBe(1_000)
    for (const each of leave) each()
    expect(watch.watched).toBe(1)
    again()
    expect(watch.watched).toBe(0)
    bus.hint('Reader 0')
    bus.returns()
    expect(lookups).toEqual([])
    await watch.close()
  })
})

describe('who asks again and again', () => {
  test('is looked up once while they are good', async () => {
    const { watch, lookups } = await watchOver()
    for (let n = 0; n < 100; n++) expect(await watch.isBarred(viewer('Ada'))).toBe(false)
    expect(lookups).toEqual([['Ada']])
    await watch.close()
  })

  test.each(['hint', 'returns'] as const)('is looked up anew after the bus said so: %s', async (how) => {
    const { watch, bus, barred } = await watchOver()
    expect(await watch.isBarred(viewer('Ada'))).toBe(false)
    barred.add('Ada')
    expect(await watch.isBarred(viewer('Ada'))).toBe(false)
    bus[how]('Ada')
    expect(await watch.isBarred(viewer('Ada'))).toBe(true)
    await watch.close()
  })

  test('is served again at once when the bar is lifted', async () => {
    const { watch, barred } = await watchOver(new Set(['Ada']))
    expect(await watch.isBarred(viewer('Ada'))).toBe(true)
    barred.delete('Ada')
    expect(await watch.isBarred(viewer('Ada'))).toBe(false)
    await watch.close()
  })
})
