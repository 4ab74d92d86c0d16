import type { Gateway } from '../support/gateway.ts'
import { HttpClient } from '../support/http-client.ts'
import { median } from '../support/median.ts'
import { processCpu } from '../support/process-cpu.ts'
import { assertSameContent } from './canonical.ts'
import { type Page, pages, textOf } from './documents.ts'
import { type ServerKind, startServer } from './servers.ts'

// What a request costs a server that has to read it from the database. All servers run for the whole time, on
// the same database, and take turns: a machine that others share is faster in one minute than in the next.

export interface Load {
  kinds: readonly ServerKind[]
  databaseUrl: string
  /** The articles whose pages are requested, in turn. */
  slugs: readonly string[]
  requests: number
  rounds: number
  connections: number
}

export interface Measured {
  server: string
  page: string
  /** Whether every document was new to the server. */
  isNew: boolean
  bytes: number
  /** µs of server CPU per request, for each round. */
  rounds: number[]
}

interface Running extends Gateway {
  kind: ServerKind
  client: HttpClient
}

/** Requests for each page before those that are measured: until then V8 compiles what a server runs. */
const WARM_UP_REQUESTS = 300

export async function measureCold(load: Load, onRound: (round: number) => void): Promise<Measured[]> {
  const running: Running[] = []
  try {
    for (const kind of load.kinds) {
      const gateway = await startServer(kind, load.databaseUrl)
      running.push({ ...gateway, kind, client: new HttpClient(gateway.port, load.connections) })
    }
    const measured = await sizes(running, load)
    const warmUps = Math.ceil(WARM_UP_REQUESTS / load.requests)
    for (let round = 1 - warmUps; round <= load.rounds; round++) {
      onRound(round)
      for (const one of measured) {
        const server = running.find(({ kind }) => kind.name === one.server) as Running
        const page = pages.find(({ name }) => name === one.page) as Page
        const cpu = await cpuPerRequest(server, page, one.isNew, load)
        if (round > 0) one.rounds.push(cpu)
      }
    }
    return measured
  } finally {
    for (const { client } of running) client.close()
    await Promise.all(running.map((server) => server.kill()))
  }
}

/** Asks each server once for each page, and compares what they answer. Returns what to measure, in turns. */
async function sizes(running: readonly Running[], { slugs }: Load): Promise<Measured[]> {
  const measured: Measured[] = []
  for (const page of pages) {
    let expected: string | null = null
    const able = running.filter(({ kind }) => page.documents[kind.dialect])
    // Our own page has fields that only the gateway has: the others are not asked for it.
    const asked = page.documents.postgraphile ? able : able.filter(({ kind }) => !kind.file)
    for (const { kind, client } of asked) {
      const response = await client.post(bodyOf(page, kind, false, slugs[0] as string))
      expected ??= response
      assertSameContent(kind.name, page.name, response, expected)
      const bytes = Buffer.byteLength(response)
      measured.push({ server: kind.name, page: page.name, isNew: false, bytes, rounds: [] })
    }
    const known = measured.filter((one) => one.page === page.name)
    measured.push(...known.map((one) => ({ ...one, isNew: true, rounds: [] })))
  }
  return measured
}

async function cpuPerRequest(server: Running, page: Page, isNew: boolean, load: Load): Promise<number> {
  const { slugs, requests, connections } = load
  const pid = server.process.pid as number
  // Made before the clock runs.
  const bodies = Array.from({ length: requests }, (_, i) =>
    bodyOf(page, server.kind, isNew, slugs[i % slugs.length] as string),
  )
  const before = processCpu(pid)
  const send = async () => {
    for (let body = bodies.pop(); body; body = bodies.pop()) await server.client.post(body)
  }
  await Promise.all(Array.from({ length: connections }, send))
  return (processCpu(pid) - before) / requests
}

function bodyOf(page: Page, { dialect }: ServerKind, isNew: boolean, slug: string): object {
  const query = textOf(page.documents[dialect] as string, isNew)
  return { query, variables: page.ofArticle ? { slug } : {} }
}

/** The ratio of one server's CPU to another's, for each round, and their median. */
export function ratioOf(one: Measured, other: Measured): { median: number; least: number; most: number } {
  const ratios = one.rounds.map((cpu, round) => cpu / (other.rounds[round] as number))
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) }
}
