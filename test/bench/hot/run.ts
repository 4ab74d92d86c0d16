import { assertSameContent } from '../cold/canonical.ts'
import type { Answer } from '../support/http-client.ts'
import { processCpu } from '../support/process-cpu.ts'
import { runWrk } from '../support/wrk.ts'
import { type Case, cases, type Request, requestOf, sendWith } from './cases.ts'
import { knownAnswer, startBare } from './known-answers.ts'
import {
  BARE,
  CONNECTIONS,
  DATELINE,
  type Running,
  running,
  type ServerKind,
  startServer,
  stop,
} from './servers.ts'

// What it costs a server to answer the same request again. All servers run for the whole time and take turns.

export interface Load {
  peers: readonly ServerKind[]
  databaseUrl: string
  /** The article whose page is requested. */
  slug: string
  /** Of one turn of a server. */
  seconds: number
  rounds: number
}

export interface Measured {
  case: Case
  server: string
  /** Of a response's body. */
  bytes: number
  /** For each round. */
  rounds: { cpu: number; perSecond: number }[]
}

/** One of the measured cases with one of the servers. */
interface Turn extends Measured {
  running: Running
  request: Request
  expected: Answer
}

/** Requests whose responses are compared, before the rounds and after them. The first ones are the warm-up. */
const CHECKS = 400

export async function measureHot(load: Load, tell: (line: string) => void): Promise<Measured[]> {
  const servers: Running[] = []
  try {
    for (const kind of [DATELINE, ...load.peers]) servers.push(await startServer(kind, load.databaseUrl))
    const turns: Turn[] = []
    for (const server of servers) turns.push(...(await turnsOf(server, load)))
    await assertUncached(turns, load)
    const bare = running(BARE, await startBare(turns.filter(isOwn).map(answerOf)))
    servers.push(bare)
    turns.push(
      ...turns.filter(isOwn).map((turn) => ({ ...turn, server: BARE.name, running: bare, rounds: [] })),
    )
    for (const turn of turns) await check(turn)
    for (let round = 0; round <= load.rounds; round++) {
      tell(round > 0 ? `round ${round} of ${load.rounds}` : 'warm-up')
      for (const turn of inTurns(turns)) {
        const figures = await measure(turn, load.seconds)
        if (round > 0) turn.rounds.push(figures)
      }
    }
    for (const turn of turns) await check(turn)
    await assertUncached(turns, load)
    return turns
  } finally {
    await Promise.all(servers.map(stop))
  }
}

/** The cases that a server can answer. */
async function turnsOf(server: Running, { slug }: Load): Promise<Turn[]> {
  const turns: Turn[] = []
  for (const one of cases) {
    if (one.isFeed && server.kind !== DATELINE) continue
    const request = await requestOf(one, server.kind, slug, server.client)
    if (!request) continue
    const expected = await sendWith(server.client, request)
    const status = one.isConditional ? 304 : 200
    if (expected.status !== status) {
      throw new Error(`${server.kind.name}, ${one.name}: answered ${expected.status}: ${expected.body}`)
    }
    const bytes = expected.body.length
    turns.push({ case: one, server: server.kind.name, bytes, rounds: [], running: server, request, expected })
  }
  return turns
}

/**
 * Compares the responses with those of a gateway that has just started, where nothing is cached: the gateway's by
 * their bytes, those of its peers by their content.
 */
async function assertUncached(turns: readonly Turn[], { databaseUrl, slug }: Load): Promise<void> {
  const fresh = await startServer(DATELINE, databaseUrl)
  try {
    for (const one of cases.filter(({ isConditional }) => !isConditional)) {
      const uncached = await sendWith(fresh.client, one.request(DATELINE, slug))
      for (const { server, expected } of turns.filter((turn) => turn.case === one)) {
        if (expected.body.equals(uncached.body)) continue
        if (server === DATELINE.name) throw new Error(`${one.name}: not the uncached response`)
        assertSameContent(server, one.name, expected.body.toString(), uncached.body.toString())
      }
    }
  } finally {
    await stop(fresh)
  }
}

/** Compares many responses with the expected one. */
async function check({
  case: { name },
  server,
  running: { client },
  request,
  expected,
}: Turn): Promise<void> {
  let left = CHECKS
  const send = async () => {
    while (left-- > 0) {
      const { status, headers, body } = await sendWith(client, request)
      const isSame = status === expected.status && headers.etag === expected.headers.etag
      if (!isSame || !body.equals(expected.body)) {
        throw new Error(`${server}, ${name}: another response than the first one: ${status}, ${body}`)
      }
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, send))
}

async function measure({ running: { process, port }, request, server, bytes }: Turn, seconds: number) {
  const pid = process.pid as number
  const before = processCpu(pid)
  const sent = await runWrk({ port, ...request, seconds, connections: CONNECTIONS })
  const cpu = (processCpu(pid) - before) / sent.requests
  // wrk does not compare responses. The mean size differs where it sends errors; headers are at most 2 kB.
  const mean = sent.bytes / sent.requests
  if (mean < bytes * 0.97 || mean > bytes + 2_000) {
    throw new Error(`${server}: responses of ${mean} bytes on average, expected ${bytes}`)
  }
  return { cpu, perSecond: sent.requests / sent.seconds }
}

/** By case, so that compared servers follow each other. */
function inTurns(turns: readonly Turn[]): Turn[] {
  return cases.flatMap((one) => turns.filter((turn) => turn.case === one))
}

function isOwn({ server }: Turn): boolean {
  return server === DATELINE.name
}

function answerOf({ request: { method, path }, expected }: Turn) {
  return knownAnswer(method, path, expected)
}
