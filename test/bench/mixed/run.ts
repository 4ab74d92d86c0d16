import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seeded } from '../chaos/random.ts'
import { knownAnswer, startBare } from '../hot/known-answers.ts'
import type { ThrowawayDatabase } from '../support/database.ts'
import { type Gateway, killGateways, spawnGateway } from '../support/gateway.ts'
import { processCpu } from '../support/process-cpu.ts'
import { productionSettings } from '../support/production.ts'
import { runWrk } from '../support/wrk.ts'
import { Clients, type Rates } from './clients.ts'
import { fillStories, type Stories } from './fill.ts'
import { type Reader, storyOperation } from './reader.ts'

// Many reads of many stories while comments are approved. wrk reads from one of two gateways on one database, and in
// turn from a bare server; other clients check what both gateways answer.

export interface Load extends Rates {
  stories: number
  /** Of a turn of a server. */
  seconds: number
  rounds: number
}

export interface Round {
  /** µs of server CPU per read; that of the approvals is included. */
  cpu: number
  perSecond: number
}

export interface Mixed {
  gateway: Round[]
  bare: Round[]
  /** The mean size of a page, and the size of the bare server's. */
  bytes: number
  clients: Clients
}

const HEADERS = { 'content-type': 'application/json', accept: 'application/json' }
const CONNECTIONS = 16

export async function measureMixed(
  database: ThrowawayDatabase,
  load: Load,
  tell: (line: string) => void,
): Promise<Mixed> {
  const folder = mkdtempSync(join(tmpdir(), 'dateline-mixed-'))
  try {
    const stories = await fillStories(database, sizesOf(load), seeded(load.seed))
    tell(`${load.stories} stories are filled`)
    const bodies = join(folder, 'bodies.txt')
    writeFileSync(bodies, linesOf(stories))
    const settings = productionSettings(database.url)
    const gateways = { own: await spawnGateway(settings), other: await spawnGateway(settings) }
    const clients = await Clients.open(gateways, stories, load)
    const mixed = await measure(gateways.own, clients, { ...load, bodies }, tell)
    clients.close()
    return mixed
  } finally {
    killGateways()
    rmSync(folder, { recursive: true })
  }
}

/** With approvals for the warm-up, and for turns that take longer than they should. */
function sizesOf({ stories, approvalsPerSecond, seconds, rounds }: Load) {
  return { stories, approvals: approvalsPerSecond * (seconds + 3) * (rounds + 1) }
}

/** The bodies for wrk, most read first. */
function linesOf({ slugs }: Stories): string {
  return slugs.map((slug) => `${JSON.stringify(storyOperation(slug))}\n`).join('')
}

async function measure(
  gateway: Gateway,
  clients: Clients,
  load: Load & { bodies: string },
  tell: (line: string) => void,
): Promise<Mixed> {
  const { own, samples } = clients
  const gatewayRound = (number: number) => clients.during(() => read(gateway, load, number, () => own.reads))
  tell('warm-up')
  await gatewayRound(0)
  const bytes = Math.round(samples.own.bytes / samples.own.count)
  const bare = await startBareOf(own, bytes)
  await read(bare, load, 0)
  const mixed: Mixed = { gateway: [], bare: [], bytes, clients }
  for (let number = 1; number <= load.rounds; number++) {
    tell(`round ${number} of ${load.rounds}`)
    mixed.gateway.push(await gatewayRound(number))
    mixed.bare.push(await read(bare, load, number))
  }
  return mixed
}

/** The bare server with an answer of that size, and with the gateway's headers. */
async function startBareOf(reader: Reader, bytes: number): Promise<Gateway> {
  const answer = await reader.client.send('POST', '/graphql', JSON.stringify(reader.operation(0)), HEADERS)
  return startBare([knownAnswer('POST', '/graphql', { ...answer, body: Buffer.alloc(bytes, 'x') })])
}

/** @param otherReads how many reads of other clients the server has answered so far */
async function read(
  { process, port }: Gateway,
  { bodies, seed, seconds }: Load & { bodies: string },
  round: number,
  otherReads = () => 0,
): Promise<Round> {
  const pid = process.pid as number
  const before = { cpu: processCpu(pid), others: otherReads() }
  const sent = await runWrk({
    port,
    method: 'POST',
    path: '/graphql',
    headers: HEADERS,
    bodies: { file: bodies, seed: seed + round },
    seconds,
    connections: CONNECTIONS,
  })
  const cpu = processCpu(pid) - before.cpu
  const reads = sent.requests + otherReads() - before.others
  return { cpu: cpu / reads, perSecond: reads / sent.seconds }
}
