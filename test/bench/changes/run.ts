import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import type { PrismaClient } from '../../../src/db/client/client.ts'
import { DatabaseCpu, usedBetween } from '../growth/database-cpu.ts'
import { type ThrowawayDatabase, withThrowawayDatabase } from '../support/database.ts'
import { type Gateway, spawnGateway } from '../support/gateway.ts'
import { HttpClient } from '../support/http-client.ts'
import { processCpu } from '../support/process-cpu.ts'
import { addReader, editLast, fillNewsroom } from './newsroom.ts'
import { countStatements, type StatementCounter } from './statement-counter.ts'

export interface Cost {
  /** µs of CPU per request. */
  gateway: number
  database: number
  statements: number
}

export interface Measured {
  name: string
  /** The folder of the checkout; null for this one. */
  folder: string | null
  bytes: number
  /** For each case, the cost in each round. */
  costs: Record<Case, Cost[]>
}

export const cases = {
  again: 'a partner that reads the same page again',
  others: 'partners that read articles which another partner has read',
  first: 'the first partner that reads changed articles',
  sync: 'a new partner that reads all articles, per page',
} as const

export type Case = keyof typeof cases

export interface Load {
  articles: number
  /** Partners that read after each edit. */
  partners: number
  requests: number
  rounds: number
  /** The checkout of another version to compare with; null for none. */
  other: string | null
}

interface Running extends Measured {
  gateway: Gateway
  client: HttpClient
  counter: StatementCounter
  keys: string[]
}

/** The number of changes of a page. */
const PAGE = 20
const WARM_UP_ROUNDS = 4
/** A pause after each edit, in ms. */
const SETTLE_MS = 1_500

const AUTH = {
  AUTH_SECRET: 'a secret of the benchmark, of at least 32 bytes',
  AUTH_ISSUER: 'https://issuer.example',
  AUTH_AUDIENCE: 'dateline',
}

export async function measureChanges(load: Load, tell: (line: string) => void): Promise<Measured[]> {
  return withThrowawayDatabase(async (database) => {
    await fillNewsroom(database.prisma, load.articles)
    tell(`${load.articles} articles are stored`)
    const cpu = await DatabaseCpu.open(database.url)
    const running: Running[] = []
    try {
      for (const folder of load.other === null ? [null] : [load.other, null]) {
        running.push(await start(folder, database, load.partners))
      }
      // The planner of a newsroom knows its tables.
      const analyse = () => database.prisma.$executeRawUnsafe('VACUUM ANALYZE')
      await analyse()
      for (let round = 1 - WARM_UP_ROUNDS; round <= load.rounds; round++) {
        await measureRound(running, { load, round, prisma: database.prisma, cpu })
        if (round === 0) await analyse()
        tell(`round ${round} of ${load.rounds}`)
      }
      return running.map(({ name, folder, bytes, costs }) => ({ name, folder, bytes, costs }))
    } finally {
      for (const { client } of running) client.close()
      await Promise.all(running.map(({ gateway }) => gateway.kill()))
      for (const { counter } of running) counter.close()
      await cpu.close()
    }
  })
}

async function start(
  folder: string | null,
  { prisma, url }: ThrowawayDatabase,
  partners: number,
): Promise<Running> {
  const counter = await countStatements(url)
  const env = { NODE_ENV: 'production', ...AUTH, DATABASE_URL: counter.url }
  const gateway = await spawnGateway(env, folder === null ? undefined : join(folder, 'src/main.ts'))
  const client = new HttpClient(gateway.port, 1)
  const keys: string[] = []
  for (let i = 0; i < partners; i++) keys.push(await addReader(prisma))
  const costs = { again: [], others: [], first: [], sync: [] }
  const name = folder === null ? 'this version' : 'other version'
  return { name, folder, bytes: 0, costs, gateway, client, counter, keys }
}

interface Round {
  load: Load
  round: number
  prisma: PrismaClient
  cpu: DatabaseCpu
}

async function measureRound(running: readonly Running[], { load, round, prisma, cpu }: Round): Promise<void> {
  const { articles, requests } = load
  // The versions take turns in being the first.
  const order = round % 2 === 0 ? running : running.toReversed()
  const starts = new Map<Running, string>()
  for (const one of running) starts.set(one, await endOfChanges(one))
  await editLast(prisma, articles, PAGE, round + WARM_UP_ROUNDS)
  // The gateways look for webhooks and subscribers of the changes.
  await after(SETTLE_MS)
  for (const one of order) {
    const [first, ...others] = one.keys as [string, ...string[]]
    const path = `/syndication/changes?first=${PAGE}&after=${starts.get(one)}`
    const take = async (name: Case, keys: readonly string[]) => {
      const cost = await costOf(one, cpu, keys, async (key) => {
        const text = await read(one, path, key)
        one.bytes = text.length
        const { changes } = JSON.parse(text)
        if (changes.length !== PAGE) throw new Error(`a page has ${changes.length} changes`)
      })
      if (round > 0) one.costs[name].push(cost)
    }
    await take('first', [first])
    await take('others', others)
    await take(
      'again',
      Array.from({ length: requests }, () => first),
    )
    const reader = await addReader(prisma)
    let cursor: string | null = null
    const pages = Array.from({ length: 10 }, () => reader)
    const cost = await costOf(one, cpu, pages, async (key) => {
      const after = cursor === null ? '' : `&after=${cursor}`
      cursor = JSON.parse(await read(one, `/syndication/changes?first=${PAGE}${after}`, key)).cursor
    })
    if (round > 0) one.costs.sync.push(cost)
  }
}

/** The cursor after the newest change. */
async function endOfChanges({ client, keys }: Running): Promise<string> {
  let cursor = ''
  for (;;) {
    const after = cursor === '' ? '' : `&after=${cursor}`
    const authorization = `Bearer ${keys[0]}`
    const page = JSON.parse(await client.get(`/syndication/changes?first=100${after}`, { authorization }))
    cursor = page.cursor
    if (!page.more) return cursor
  }
}

function read({ client }: Running, path: string, key: string): Promise<string> {
  return client.get(path, { authorization: `Bearer ${key}` })
}

async function costOf(
  { gateway, counter }: Running,
  cpu: DatabaseCpu,
  keys: readonly string[],
  send: (key: string) => Promise<unknown>,
): Promise<Cost> {
  const pid = gateway.process.pid as number
  const before = { sessions: await cpu.bySession(), gateway: processCpu(pid), statements: counter.statements }
  for (const key of keys) await send(key)
  return {
    gateway: (processCpu(pid) - before.gateway) / keys.length,
    database: usedBetween(before.sessions, await cpu.bySession()) / keys.length,
    statements: (counter.statements - before.statements) / keys.length,
  }
}
