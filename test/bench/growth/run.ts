import { signToken } from '../../../src/auth/sign.ts'
import { withThrowawayDatabase } from '../support/database.ts'
import { type Gateway, spawnGateway } from '../support/gateway.ts'
import { HttpClient } from '../support/http-client.ts'
import { median } from '../support/median.ts'
import { processCpu } from '../support/process-cpu.ts'
import { DatabaseCpu, usedBetween } from './database-cpu.ts'
import { fillNewsroom, type Size } from './fill.ts'
import { type Page, pages } from './pages.ts'

// The CPU of gateway and database together for each page, in a small and in a large newsroom. Both gateways run
// for the whole time and take turns.

export interface Grown {
  page: string
  /** µs of CPU per request in the small newsroom and in the large one, for each round. */
  small: Cpu[]
  large: Cpu[]
}

export interface Cpu {
  gateway: number
  database: number
}

interface Newsroom {
  gateway: Gateway
  client: HttpClient
  cpu: DatabaseCpu
}

const CONNECTIONS = 2
/** Requests for each page before those that are measured. */
const WARM_UP_REQUESTS = 60
/** The time after which no further requests are sent in a round, in ms: some pages take a second each. */
const MAX_ROUND_MS = 5_000

const AUTH = {
  kind: 'secret' as const,
  secret: 'a secret of the benchmark, of at least 32 bytes',
  issuer: 'https://issuer.example',
  audience: 'dateline',
}

export async function measureGrowth(
  sizes: { small: Size; large: Size },
  load: { requests: number; rounds: number },
  tell: (line: string) => void,
): Promise<Grown[]> {
  return withNewsroom(sizes.small, tell, (small) =>
    withNewsroom(sizes.large, tell, (large) => measure(small, large, load, tell)),
  )
}

async function withNewsroom<T>(
  size: Size,
  tell: (line: string) => void,
  work: (newsroom: Newsroom) => Promise<T>,
): Promise<T> {
  return withThrowawayDatabase(async (database) => {
    const start = performance.now()
    await fillNewsroom(database, size)
    const seconds = ((performance.now() - start) / 1_000).toFixed(0)
    tell(`${size.articles} articles and ${size.comments} comments are filled in ${seconds} s`)
    const { secret: AUTH_SECRET, issuer: AUTH_ISSUER, audience: AUTH_AUDIENCE } = AUTH
    const env = {
      NODE_ENV: 'production',
      // Each request is read from the database.
      READ_CACHE_MB: '0',
      AUTH_SECRET,
      AUTH_ISSUER,
      AUTH_AUDIENCE,
      DATABASE_URL: database.url,
    }
    const gateway = await spawnGateway(env)
    const cpu = await DatabaseCpu.open(database.url)
    const client = new HttpClient(gateway.port, CONNECTIONS)
    try {
      return await work({ gateway, client, cpu })
    } finally {
      client.close()
      await cpu.close()
      await gateway.kill()
    }
  })
}

async function measure(
  small: Newsroom,
  large: Newsroom,
  { requests, rounds }: { requests: number; rounds: number },
  tell: (line: string) => void,
): Promise<Grown[]> {
  const token = await signToken({ auth: AUTH, dataDir: '', role: 'moderator', ttlSeconds: 7_200 })
  const grown: Grown[] = []
  for (const page of pages) {
    const headers: Record<string, string> = page.moderator ? { authorization: `Bearer ${token}` } : {}
    const one: Grown = { page: page.name, small: [], large: [] }
    const senders = [
      { newsroom: small, send: await senderOf(small, page, headers), cpus: one.small },
      { newsroom: large, send: await senderOf(large, page, headers), cpus: one.large },
    ]
    for (const { newsroom, send } of senders) await cpuPerRequest(newsroom, send, WARM_UP_REQUESTS)
    for (let round = 0; round < rounds; round++) {
      for (const { newsroom, send, cpus } of senders) cpus.push(await cpuPerRequest(newsroom, send, requests))
    }
    grown.push(one)
    tell(`${page.name}: ${ratioOf(one).toFixed(2)}`)
  }
  return grown
}

/** Makes the measured request of a page. */
async function senderOf(
  { client, cpu }: Newsroom,
  { path, query, variables = {}, cursor }: Page,
  headers: Record<string, string>,
): Promise<() => Promise<unknown>> {
  if (path) {
    return async () => {
      await cpu.appendChange()
      return client.get(path, headers)
    }
  }
  const first = { query, variables }
  if (!cursor) return () => client.post(first, headers)
  const { data } = JSON.parse(await client.post(first, headers))
  const next = { query, variables: { ...variables, after: cursor(data as never) } }
  return () => client.post(next, headers)
}

async function cpuPerRequest(
  { gateway, cpu }: Newsroom,
  send: () => Promise<unknown>,
  requests: number,
): Promise<Cpu> {
  const pid = gateway.process.pid as number
  const before = { sessions: await cpu.bySession(), gateway: processCpu(pid) }
  const end = performance.now() + MAX_ROUND_MS
  let sent = 0
  for (; sent === 0 || (sent < requests && performance.now() < end); sent++) await send()
  const used = processCpu(pid) - before.gateway
  return {
    gateway: used / sent,
    database: usedBetween(before.sessions, await cpu.bySession()) / sent,
  }
}

/** How much more a page costs in the large newsroom: the median over the rounds. */
export function ratioOf({ small, large }: Grown): number {
  return median(large.map((cpu, round) => total(cpu) / total(small[round] as Cpu)))
}

export function total({ gateway, database }: Cpu): number {
  return gateway + database
}
