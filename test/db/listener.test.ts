import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createListener } from '../../src/db/listener.ts'
import {
  direct,
  type ScriptedPostgres,
  type Sent,
  startScriptedPostgres,
} from '../support/scripted-postgres.ts'
import { until } from '../support/until.ts'

let server: ScriptedPostgres
let isSilent: boolean
let warnings: string[]
let listener: ReturnType<typeof createListener>

beforeEach(async () => {
  isSilent = false
  warnings = []
  server = await startScriptedPostgres((sent: Sent) => (isSilent ? 'silence' : direct(sent)))
  listener = createListener(
    { connectionString: server.url },
    { warn: (_details, message) => warnings.push(message) },
  )
})
afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  server.drop()
  await listener.close()
  await server[Symbol.asyncDispose]()
})

/** Timers that the test moves, and pauses as long as they may be. */
function holdTimers() {
  vi.spyOn(Math, 'random').mockReturnValue(1)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
}

const sent = () => server.sent.map(({ sql, session }) => `${session} ${sql}`)

describe('channels are listened to over one connection', { timeout: 20_000 }, () => {
  test('which is opened by the first, and each is left when nobody listens to it any more', async () => {
    const heard: string[] = []
    const stopFirst = await listener.listen('news', (payload) => heard.push(`first ${payload}`))
    const stopSecond = await listener.listen('news', (payload) => heard.push(`second ${payload}`))
    await listener.listen('sport', (payload) => heard.push(`sport ${payload}`))
    server.notify('news', 'a')
    server.notify('sport', 'b')
    await until(() => heard, ['first a', 'second a', 'sport b'])
    await stopFirst()
    await stopFirst()
    expect([...new Set(sent())]).toEqual(['1 LISTEN news', '1 LISTEN sport'])
    const before = sent().length
    server.notify('news', 'c')
    await until(() => heard.at(-1), 'second c')
    expect(heard).toHaveLength(4)
    await stopSecond()
    expect(sent().at(-1)).toBe('1 UNLISTEN news')
    await stopSecond()
    expect(sent()).toHaveLength(before + 1)
    expect(server.sessions).toHaveLength(1)
  })

  test('which is replaced when it is lost: all channels are listened to again, and then all are told', async () => {
    holdTimers()
    const told: string[] = []
    const tell = (name: string) => () => void told.push(`${name} behind ${sent().length}`)
    await listener.listen('news', () => {}, tell('news'))
    await listener.listen('sport', () => {}, tell('sport'))
    const stop = await listener.listen('past', () => {}, tell('past'))
    await stop()
    const before = sent().length
    server.drop()
    await until(() => warnings, ['the connection for notifications was lost; reconnecting'])
    await vi.advanceTimersByTimeAsync(99)
    expect(server.sessions).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    await until(() => told, [`news behind ${before + 2}`, `sport behind ${before + 2}`])
    expect(sent().slice(before)).toEqual(['2 LISTEN news', '2 LISTEN sport'])
  })

  test('which is tried again and again, at last every 10 s, until the server is back', async () => {
    holdTimers()
    let told = 0
    await listener.listen(
      'news',
      () => {},
      () => void told++,
    )
    server.refusal = 'closed'
    server.drop()
    let attempts = 1
    await until(() => warnings.length, 1)
    for (const pause of [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]) {
      await until(() => vi.getTimerCount(), 1)
      await vi.advanceTimersByTimeAsync(pause - 1)
      expect(server.sessions).toHaveLength(attempts)
      await vi.advanceTimersByTimeAsync(1)
      attempts += 1
      await until(() => server.sessions.length, attempts)
    }
    expect([told, warnings.length]).toEqual([0, 1])
    server.refusal = null
    await until(() => vi.getTimerCount(), 1)
    await vi.advanceTimersByTimeAsync(10_000)
    await until(() => told, 1)
    // The next loss is tried at once again.
    server.drop()
    await until(() => warnings.length, 2)
    await vi.advanceTimersByTimeAsync(100)
    await until(() => told, 2)
  })

  test('which is looked after every 30 s, and given up when it does not answer for 10 s', async () => {
    holdTimers()
    let told = 0
    await listener.listen(
      'news',
      () => {},
      () => void told++,
    )
    const before = sent().length
    await vi.advanceTimersByTimeAsync(29_999)
    expect(sent()).toHaveLength(before)
    await vi.advanceTimersByTimeAsync(1)
    await until(() => sent().slice(before), ['1 SELECT'])
    await until(() => vi.getTimerCount(), 1)
    isSilent = true
    await vi.advanceTimersByTimeAsync(30_000)
    await until(() => sent().length, before + 2)
    isSilent = false
    await vi.advanceTimersByTimeAsync(9_999)
    expect(warnings).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    await until(() => warnings.length, 1)
    await vi.advanceTimersByTimeAsync(100)
    await until(() => told, 1)
    expect(sent().at(-1)).toBe('2 LISTEN news')
  })

  test('which no longer is replaced after the end', async () => {
    holdTimers()
    await listener.listen('news', () => {})
    await listener.close()
    await vi.advanceTimersByTimeAsync(60_000)
    expect([server.sessions.length, warnings]).toEqual([1, []])
  })

  test('which fails for the first who asks, and is opened for the next', async () => {
    server.refusal = { code: '28P01' }
    const heard: string[] = []
    await expect(listener.listen('news', () => heard.push('never'))).rejects.toThrow('no entry')
    server.refusal = null
    await listener.listen('news', (payload) => heard.push(payload))
    server.notify('news', 'a')
    await until(() => heard, ['a'])
    expect(warnings).toEqual([])
  })
})
