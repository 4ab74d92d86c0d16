import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { notifyPublisher } from '../../../src/bus/notify.ts'
import { recordChanges } from '../../../src/changelog/record.ts'
import { addHook } from '../../support/hook.ts'
import { addArticle } from '../../support/newsroom.ts'
import { addPartner } from '../../support/partner.ts'
import { throwawayDatabase } from '../support/database.ts'
import { type Gateway, spawnGateway } from '../support/gateway.ts'
import { startReceiver } from './receiver.ts'

// Two gateways send one webhook an event for each of many changes, and are killed by turns. The receiver turns
// requests away at random. Exits with 1 unless everything arrived, in order for each story, under stable ids,
// with no more repeats than allowed.
//
//   node test/bench/webhooks/main.ts [--events 10000] [--kills 10] [--failing 0.3] [--stories 500]

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '10' },
    failing: { type: 'string', default: '0.3' },
    stories: { type: 'string', default: '500' },
  },
})
const events = Number(values.events)
const kills = Number(values.kills)
const failing = Number(values.failing)
const stories = Number(values.stories)

/** The part of all events that may arrive twice. */
const REPEATS_ALLOWED = 0.005

/** Nothing arrives for so long: something is lost, in ms. Longer than the longest wait between two attempts. */
const PATIENCE = 90_000

/** Events written in one transaction. */
const BATCH = 100

const GATEWAY = join(import.meta.dirname, 'gateway.ts')

const database = await throwawayDatabase()
const receiver = await startReceiver(failing)
let gateways: Gateway[] = []
try {
  process.exitCode = (await measure()) ? 0 : 1
} finally {
  await Promise.all(gateways.map((gateway) => gateway.kill()))
  receiver.close()
  await database.drop()
}
process.exit()

async function measure(): Promise<boolean> {
  const { prisma } = database
  const keys: string[] = []
  while (keys.length < stories) keys.push((await addArticle(prisma)).key)
  const hook = await addHook(prisma, (await addPartner(prisma)).slug, receiver.url)
  receiver.expect(hook.secret)
  const start = () => spawnGateway({ DATABASE_URL: database.url }, GATEWAY)
  gateways = await Promise.all([start(), start()])

  const began = performance.now()
  const writing = write(keys)
  for (let kill = 0; kill < kills; kill++) {
    await receiver.until(Math.floor(((kill + 0.5) * events) / kills), PATIENCE)
    const which = kill % gateways.length
    await gateways[which]?.kill()
    gateways[which] = await start()
  }
  await receiver.until(Math.floor(0.95 * events), PATIENCE)
  const most = (performance.now() - began) / 1_000
  await writing
  await receiver.until(events, PATIENCE)
  const all = (performance.now() - began) / 1_000
  await queueIsEmpty()
  return report(most, all)
}

async function write(keys: string[]): Promise<void> {
  const bus = notifyPublisher(database.prisma)
  for (let written = 0; written < events; written += BATCH) {
    const changes = Array.from({ length: Math.min(BATCH, events - written) }, (_, i) => ({
      articleId: keys[(written + i) % keys.length] as string,
      kind: 'UPDATED' as const,
      version: 1,
    }))
    await bus.transaction((tx, publish) => recordChanges(tx, changes, { at: new Date(), publish }))
  }
}

/** What was taken in and not yet settled when its sender was killed comes once more. */
async function queueIsEmpty(): Promise<void> {
  for (;;) {
    const { rows } = await database.executeSql(
      `SELECT count(*)::int AS left FROM pgboss.job WHERE "name" = 'webhooks' AND "state" < 'completed'`,
    )
    if (rows[0]?.left === 0) return
    await database.prisma.$executeRaw`SELECT pg_sleep(0.2)`
  }
}

function report(most: number, all: number): boolean {
  const { requests, failed, distinct, repeats, unstable, disordered, forged } = receiver.tally
  const share = repeats / events
  console.log(
    `${events} events, ${stories} stories, ${failing * 100} % of requests answered with 500, ${kills} kills`,
  )
  console.log(`requests            ${requests} (${failed} answered with 500)`)
  console.log(`delivered, distinct ${distinct}`)
  console.log(`repeats             ${repeats} (${(share * 100).toFixed(2)} %)`)
  console.log(`ids that changed    ${unstable}`)
  console.log(`out of order        ${disordered}`)
  console.log(`wrong signatures    ${forged}`)
  console.log(
    `time                ${all.toFixed(1)} s (95 % in ${most.toFixed(1)} s: ${Math.round((0.95 * events) / most)}/s)`,
  )
  const isMet = distinct === events && share <= REPEATS_ALLOWED && unstable + disordered + forged === 0
  console.log(isMet ? 'All limits are met.' : 'MISSED: a limit')
  return isMet
}
