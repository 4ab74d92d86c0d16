import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildSchema } from 'graphql'
import { throwawayDatabase } from '../support/database.ts'
import { type Gateway, spawnGateway } from '../support/gateway.ts'
import { attacks } from './attacks.ts'
import { eventLoopCpuMs } from './cpu.ts'
import { hostilePages, ordinaryPage, randomPages } from './pages.ts'
import { randomAttacks } from './random-attacks.ts'
import { readHostilePage } from './read-pages.ts'
import { type Attack, send } from './send.ts'
import { type Row, Table } from './table.ts'

// What anonymous clients and pages may send to hold the gateway up: the CPU of the event loop, or of the command
// that reads pages, and the size of each refusal. VERBOSE=1 prints what was answered.

const { values } = parseArgs({
  options: {
    /** Classes whose name contains this. */
    only: { type: 'string', default: '' },
    random: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
  },
})

const MAX_REQUEST_CPU_MS = 200
const MAX_PAGE_CPU_MS = 2_000

/** How often a page is read that takes too long. */
const MAX_READINGS = 3

const table = new Table()
const database = await throwawayDatabase()
const env = { DATABASE_URL: database.url, SAMPLE: 'on', LOG_LEVEL: 'silent' }
let pages = 0
let gateway = await spawnGateway(env)
try {
  await sendAll()
  await readAll()
} finally {
  await gateway.kill()
  await database.drop()
}
process.exit(table.close() > 0 ? 1 : 0)

async function sendAll() {
  await send(attacks['document: the schema'] as Attack, gateway.port)
  for (const [name, attack] of Object.entries(attacks)) {
    if (name.includes(values.only)) table.add(await measure(name, attack))
  }
  const schema = buildSchema(
    readFileSync(join(import.meta.dirname, '../../../schema/schema.graphql'), 'utf8'),
  )
  const byClass = new Map<string, Row[]>()
  let i = 0
  for (const { name, attack } of randomAttacks(schema, Number(values.random), Number(values.seed))) {
    i += 1
    if (!name.includes(values.only)) continue
    const row = await measure(`number ${i}`, attack)
    byClass.set(name, [...(byClass.get(name) ?? []), row])
  }
  for (const [name, rows] of byClass) table.addWorst(name, rows)
}

async function measure(name: string, attack: Attack): Promise<Row> {
  const pid = gateway.process.pid as number
  const before = eventLoopCpuMs(pid)
  const answer = await send(attack, gateway.port).catch((error) => ({
    bytes: 0,
    refused: true,
    start: String(error),
  }))
  const ended = hasEnded(gateway)
  const count = 'answers' in attack && attack.answers ? attack.answers : 1
  const cpuMs = ended ? 0 : (eventLoopCpuMs(pid) - before) / count
  if (ended) gateway = await spawnGateway(env)
  return {
    name,
    cpuMs,
    maxCpuMs: MAX_REQUEST_CPU_MS,
    refused: answer.refused,
    refusalBytes: answer.refused ? answer.bytes : 0,
    ended,
    note: answer.start.replace(/[\s\S]*?\r\n\r\n/, ''),
  }
}

function hasEnded({ process: { exitCode, signalCode } }: Gateway): boolean {
  return exitCode !== null || signalCode !== null
}

async function readAll() {
  // The first one compiles what later ones find compiled.
  await readHostilePage(ordinaryPage, database.url)
  const twice = [
    await readHostilePage(ordinaryPage, database.url),
    await readHostilePage(ordinaryPage, database.url),
  ]
  const ordinary = Math.min(...twice.map(({ cpuMs }) => cpuMs))
  console.log(
    `  An ordinary page takes ${ordinary} ms of CPU; each page below lists only its CPU time above this.`,
  )
  const random = randomPages(Math.ceil(Number(values.random) / 30), Number(values.seed))
  const rows: Row[] = []
  for (const [name, html] of Object.entries(hostilePages)) {
    if (`page: ${name}`.includes(values.only))
      table.add(await leastOf(() => read(`page: ${name}`, html, ordinary)))
  }
  for (const [name, html] of random) {
    if (name.includes(values.only)) rows.push(await leastOf(() => read(name, html, ordinary)))
  }
  if (rows.length > 0) table.addWorst('random pages', rows)
}

/**
 * Reads a page again, up to three times, if it takes too long: a busy machine adds to the CPU time of a process, and
 * never subtracts from it. Requests are not repeated, because the gateway may have cached a result.
 */
async function leastOf(reading: () => Promise<Row>): Promise<Row> {
  let least = await reading()
  for (let i = 1; i < MAX_READINGS && least.cpuMs > least.maxCpuMs && !least.ended; i++) {
    const again = await reading()
    if (again.ended || again.cpuMs < least.cpuMs) least = again
  }
  return least
}

async function read(name: string, html: string, ordinary: number): Promise<Row> {
  pages += 1
  // Each at an address of its own: an equal story at a known address is not stored again.
  const { cpuMs, output, end } = await readHostilePage(
    html.replace('/ferry-line-to-the-islands-is-reopened">', `/story-${pages}">`),
    database.url,
  )
  const refused = output.includes('"outcome":"failed"')
  return {
    name,
    cpuMs: Math.max(0, cpuMs - ordinary),
    maxCpuMs: MAX_PAGE_CPU_MS,
    refused,
    refusalBytes: refused ? output.length : 0,
    // 1 says that a page could not be read, with the reason.
    ended: end !== 0 && !(end === 1 && refused) ? true : output.includes('unexpected error'),
    note: output,
  }
}
