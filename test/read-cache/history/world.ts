import type { Database } from '../../../src/db/database.ts'
import { openDatabase } from '../../../src/db/open.ts'
import { freshApp, type TestApp } from '../../support/app.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'
import { Holder } from './hold.ts'
import type { Who } from './plan.ts'

/** Longer than any test. */
const NEVER = 2 ** 30
const MARKERS = 'histories_marker'

/** A gateway with the faults that a history plans. */
export interface Gateway {
  app: TestApp
  tokens: { one: string; two: string; moderator: string; editor: string; admin: string }
  holder: Holder
  /** Whether no hint reaches it. */
  isDeaf: boolean
  /** Whether it may have missed a change since its last poll. */
  isBehind: boolean
  /** Tells it that its connection to the bus was lost and is back. */
  reconnect(): void
  /** Resolves when everything that was announced before has arrived. */
  drained(marker: string): Promise<void>
}

/** Two gateways on one database, and a third that keeps nothing. */
export interface World extends AsyncDisposable {
  database: TestDatabase
  gateways: readonly [Gateway, Gateway]
  /** Says what is true. */
  uncached: Gateway
  now(): Date
  /** Moves the clock of all gateways. */
  advance(seconds: number): void
  /** Waits until the hints of everything that was committed have arrived, or are lost. */
  drain(): Promise<void>
}

export async function createWorld(): Promise<World> {
  const database = await freshDatabase()
  let time = Date.parse('2026-03-01T12:00:00Z')
  const now = () => new Date(time)
  const opened: Database[] = []
  const open = async () => {
    // The embedded database can't be opened twice.
    if (!database.url) return database
    const another = await openDatabase({ url: database.url, dataDir: '' })
    opened.push(another)
    return another
  }
  const start = async (isCached: boolean) => startGateway(await open(), now, isCached)
  const [first, second, uncached] = [await start(true), await start(true), await start(false)]
  let markers = 0
  return {
    database,
    gateways: [first, second],
    uncached,
    now,
    advance(seconds) {
      time += seconds * 1_000
    },
    async drain() {
      const marker = `${++markers}`
      const drained = [first, second, uncached].map((gateway) => gateway.drained(marker))
      await database.prisma.$executeRaw`SELECT pg_notify(${MARKERS}, ${marker})`
      await Promise.all(drained)
    },
    async [Symbol.asyncDispose]() {
      for (const { app } of [first, second, uncached]) await app.close()
      for (const each of opened) await each.close()
      await database.close()
    },
  }
}

async function startGateway(database: Database, now: () => Date, isCached: boolean): Promise<Gateway> {
  const reconnects = new Set<() => void>()
  const waiting = new Map<string, () => void>()
  const arrived = new Set<string>()
  const listen: Database['listen'] = (channel, onPayload, onReconnect) => {
    if (onReconnect) reconnects.add(onReconnect)
    return database.listen(channel, (payload) => gateway.isDeaf || onPayload(payload), onReconnect)
  }
  await database.listen(MARKERS, (marker) => {
    arrived.add(marker)
    waiting.get(marker)?.()
  })
  const app = await freshApp({
    database: { ...database, listen },
    now,
    pollMs: NEVER,
    changePollMs: NEVER,
    readCachePollMs: isCached ? NEVER : undefined,
    // The same addresses in the feeds of all gateways.
    env: { PUBLIC_URL: 'http://127.0.0.1:4000' },
  })
  const holder = new Holder()
  Object.assign(app.services, { reads: holder.wrap(app.services.reads) })
  const [one, two] = [await app.token('reader', { name: 'one' }), await app.token('reader', { name: 'two' })]
  const [moderator, editor] = [await app.token('moderator'), await app.token('editor')]
  const gateway: Gateway = {
    app,
    tokens: { one, two, moderator, editor, admin: await app.token('admin') },
    holder,
    isDeaf: false,
    isBehind: true,
    reconnect() {
      for (const onReconnect of reconnects) onReconnect()
    },
    drained: async (marker) => {
      if (!arrived.has(marker)) await new Promise<void>((resolve) => waiting.set(marker, resolve))
    },
  }
  return gateway
}

export async function poll(gateway: Gateway): Promise<void> {
  gateway.isBehind = false
  await gateway.app.readCache?.watch.poll()
}

/** Sends a question, and returns the bytes of the answer. */
export async function send(
  { app, tokens }: Gateway,
  { query, variables = {} }: { query: string; variables?: object },
  { who, method }: { who: Who; method: 'GET' | 'POST' },
): Promise<string> {
  const headers = {
    accept: 'application/json',
    ...(who === 'anonymous' ? {} : { authorization: `Bearer ${tokens[who]}` }),
  }
  const parameters = new URLSearchParams({ query, variables: JSON.stringify(variables) })
  const response =
    method === 'GET'
      ? await fetch(`${app.url}?${parameters}`, { headers })
      : await fetch(app.url, {
          method,
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify({ query, variables }),
        })
  return `${response.status} ${await response.text()}`
}

export async function sendForPath({ app }: Gateway, path: string): Promise<string> {
  const response = await fetch(app.url.replace('/graphql', path))
  return `${response.status} ${await response.text()}`
}
