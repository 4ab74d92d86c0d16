import pg from 'pg'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  beginWith,
  clientFor,
  NO_LIMITS,
  type SettingsScope,
  STANDARD_LIMITS,
  setSession,
  settingsOf,
} from '../../src/db/session.ts'
import { direct, processOf, type Sent, startScriptedPostgres } from '../support/scripted-postgres.ts'
import { until } from '../support/until.ts'

const HINT = { timeout: 20_000 }

afterEach(() => {
  vi.useRealTimers()
})

test('a session waits 10 s for a lock, runs a statement 15 s, and keeps a transaction idle for 60 s', () => {
  const settings = [
    'lock_timeout = 10000',
    'statement_timeout = 15000',
    'idle_in_transaction_session_timeout = 60000',
  ]
  expect(settingsOf(STANDARD_LIMITS)).toEqual(settings)
  expect(setSession(STANDARD_LIMITS)).toBe(`SET jit = off; ${settings.map((s) => `SET ${s}`).join('; ')}`)
  expect(beginWith(STANDARD_LIMITS)).toBe(
    `BEGIN; SET LOCAL jit = off; ${settings.map((s) => `SET LOCAL ${s}`).join('; ')}`,
  )
  expect(settingsOf(NO_LIMITS)).toEqual([
    'lock_timeout = 0',
    'statement_timeout = 0',
    'idle_in_transaction_session_timeout = 0',
  ])
})

/** A client of a server that does not answer "SELECT hang", and refuses "SELECT wrong". */
async function connected(by: SettingsScope = 'connection', limits = STANDARD_LIMITS) {
  const reply = (sent: Sent) => {
    if (sent.sql === 'SELECT hang') return 'silence'
    return sent.sql === 'SELECT wrong' ? { code: '42601' } : direct(sent)
  }
  const server = await startScriptedPostgres(reply)
  const client = new (clientFor(by, limits))({ connectionString: server.url })
  const errors: unknown[] = []
  client.on('error', (error) => errors.push(error))
  await client.connect()
  return {
    server,
    client,
    async [Symbol.asyncDispose]() {
      vi.useRealTimers()
      client.end().catch(() => {})
      await server[Symbol.asyncDispose]()
    },
  }
}

describe('a session is set up', HINT, () => {
  test.each([
    ['connection', 'BEGIN', undefined],
    ['session', 'BEGIN', 'UTC'],
    ['transaction', beginWith(STANDARD_LIMITS), 'UTC'],
  ] as const)('by the %s', async (by, begin, zone) => {
    await using session = await connected(by)
    const { client, server } = session
    await client.query('BEGIN')
    await client.query({ text: 'BEGIN' })
    await client.query('SELECT 1')
    expect(server.sent.map(({ sql }) => sql)).toEqual([begin, begin, 'SELECT 1'])
    expect(server.sessions[0]?.TimeZone).toBe(zone)
  })
})

describe('a statement that is not answered', HINT, () => {
  test('5 s after its own limit is cancelled, and its connection given up', async () => {
    await using session = await connected()
    const { client, server } = session
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const outcome = client.query('SELECT hang').catch((error: Error) => error.message)
    await vi.advanceTimersByTimeAsync(19_999)
    expect(await Promise.race([outcome, new Promise((done) => setImmediate(done, 'waits'))])).toBe('waits')
    expect(server.cancels).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(await outcome).toMatch(/Connection terminated/)
    await until(() => server.cancels, [processOf(1)])
  })

  test('is waited for without end where sessions have no limits', async () => {
    await using session = await connected('session', NO_LIMITS)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    session.client.query('SELECT hang').catch(() => {})
    expect(vi.getTimerCount()).toBe(0)
  })

  test('leaves no timer behind once it is answered, or has failed', async () => {
    await using session = await connected()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    await session.client.query('SELECT 1')
    await session.client.query('SELECT wrong').catch(() => {})
    await new Promise<void>((done) => void session.client.query('SELECT 1', () => done()))
    expect(vi.getTimerCount()).toBe(0)
  })

  test('is cancelled when a rollback would wait for it', async () => {
    await using session = await connected()
    const { client, server } = session
    client.query('SELECT hang').catch(() => {})
    client.query('ROLLBACK').catch(() => {})
    await until(() => server.cancels, [processOf(1)])
  })

  test.each<[string, (client: pg.Client) => Promise<unknown>]>([
    ['was answered', (client) => client.query('SELECT 1')],
    ['has failed', (client) => client.query('SELECT wrong').catch(() => {})],
    ['was answered by a call', (client) => new Promise((done) => void client.query('SELECT 1', done))],
    ['has failed by a call', (client) => new Promise((done) => void client.query('SELECT wrong', [], done))],
    [
      'was prepared and has failed',
      (client) => client.query({ name: 'wrong', text: 'SELECT wrong' }).catch(() => {}),
    ],
  ])('is none that %s: a rollback behind it cancels nothing', async (_how, work) => {
    await using session = await connected()
    const { client, server } = session
    await work(client)
    await client.query('ROLLBACK')
    // What comes behind it on a connection of its own: had a cancellation been sent, it would be here before.
    const other = new pg.Client({ connectionString: server.url })
    await other.connect()
    await other.end()
    expect(server.cancels).toEqual([])
  })
})
