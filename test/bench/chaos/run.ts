import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { startRedis } from '../support/redis.ts'
import { type Bus, notifyBus, redisBus } from './bus.ts'
import { ChaosDatabase } from './database.ts'
import { breakThings, type Damage } from './faults.ts'
import { Gateways } from './gateways.ts'
import { layOut, readStories } from './ledger.ts'
import type { ReaderLog, Story } from './log.ts'
import { Newsroom } from './newsroom.ts'
import type { Options } from './options.ts'
import { LossyProxy } from './proxy.ts'
import { seeded, zipf } from './random.ts'
import { loadPage, Reader } from './reader.ts'
import { drawUp, type Report } from './report.ts'

/** How long all readers may take to connect in the beginning, in ms. */
const CONNECT_PATIENCE = 120_000

/** How long everybody gets to catch up once nothing is broken any more, in ms. */
const SETTLE_PATIENCE = 30_000

/** Readers that connect at once in the beginning. */
const CROWD = 50

/** Between two lines of progress, in ms. */
const PROGRESS = 10_000

/**
 * Starts a newsroom with readers, breaks it for some minutes, and compares what everybody got with the
 * database. Whatever happens, all that it started is stopped and removed when it settles.
 *
 * @param signal aborts the run
 * @param say called with lines of progress
 */
export async function runChaos(
  options: Options,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Report> {
  await using started = new AsyncDisposableStack()
  const random = seeded(options.seed)
  say(
    `seed ${options.seed}: starting PostgreSQL, ${options.gateways} gateways and ${options.sockets} readers`,
  )

  const folder = await newFolder(started)
  const database = started.use(await ChaosDatabase.start(folder))
  const stories = await layOut(database.url, options.stories)
  const { bus, env: busEnv } = await startBus(options, folder, database, started)
  const auth = {
    kind: 'secret',
    secret: randomBytes(32).toString('hex'),
    issuer: 'chaos',
    audience: 'chaos',
  } as const
  const env = {
    ...busEnv,
    DATABASE_URL: database.url,
    AUTH_SECRET: auth.secret,
    AUTH_ISSUER: auth.issuer,
    AUTH_AUDIENCE: auth.audience,
    SAMPLE: 'off',
    LOG_LEVEL: 'warn',
  }
  const gateways = started.use(await Gateways.start(options.gateways, env, folder))
  const proxy = started.use(
    await LossyProxy.start(
      gateways.all.map(({ port }) => port),
      seeded(options.seed + 1),
    ),
  )
  const newsroom = await Newsroom.open({
    gateways,
    auth,
    stories: stories.map(({ id }) => id),
    rate: options.rate,
    random: seeded(options.seed + 2),
  })
  newsroom.start()

  const readers = makeReaders(options, stories, proxy)
  started.defer(() => {
    for (const reader of readers) reader.stop()
  })
  await connectAll(readers, signal)

  const damage: Damage = {
    kills: [],
    databaseRestarts: [],
    busRestarts: [],
    failovers: [],
    cuts: 0,
    stalls: 0,
    refusals: 0,
  }
  const progress = reportProgress(readers, newsroom, damage, say)
  started.defer(() => clearInterval(progress))
  say(`everybody reads; breaking things for ${options.minutes} minutes`)
  await breakThings(options, { gateways, database, newsroom, bus, proxy, readers }, random, damage, signal)
  say('nothing is broken any more; waiting until everybody has caught up')
  await newsroom.stop()
  const truth = await readStories(database.url)
  await settle(readers, truth, signal)
  const finalPages = await finalPagesOf(gateways, truth)
  for (const reader of readers) reader.stop()

  return drawUp({
    options,
    stories: truth,
    logs: readers.map(({ log }) => log),
    finalPages,
    answered: newsroom,
    damage,
    incidents: [...gateways.crashes, ...newsroom.refusals],
  })
}

/** A folder that the database's user may enter too. */
async function newFolder(started: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dateline-chaos-'))
  started.defer(() => rm(folder, { recursive: true, force: true }))
  // Where stopping in order takes too long, the process ends without it.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  await chmod(folder, 0o755)
  return folder
}

async function startBus(
  { bus }: Options,
  folder: string,
  database: ChaosDatabase,
  started: AsyncDisposableStack,
): Promise<{ bus: Bus; env: Record<string, string> }> {
  if (bus === 'notify') return { bus: notifyBus(database.url), env: {} }
  const redis = started.use(await startRedis(folder))
  return { bus: redisBus(redis), env: { REDIS_URL: redis.url } }
}

function makeReaders(options: Options, stories: { id: string; slug: string }[], proxy: LossyProxy): Reader[] {
  const random = seeded(options.seed + 3)
  const pick = zipf(stories.length)
  return Array.from({ length: options.sockets }, () => {
    const story = stories[pick(random)] as { id: string; slug: string }
    return new Reader(story, proxy.port, random)
  })
}

async function connectAll(readers: readonly Reader[], signal: AbortSignal): Promise<void> {
  const end = performance.now() + CONNECT_PATIENCE
  for (const [i, reader] of readers.entries()) {
    void reader.read()
    while (readers.slice(0, i).filter(({ connected }) => !connected).length >= CROWD) {
      await after(20, undefined, { signal })
      if (performance.now() > end)
        throw new Error('the readers could not all connect, though nothing was broken yet')
    }
  }
}

/** Waits until every reader has the last entry of its story, though not for ever. */
async function settle(
  readers: readonly Reader[],
  stories: readonly Story[],
  signal: AbortSignal,
): Promise<void> {
  const ends = new Map(stories.map(({ id, entries }) => [id, entries.length]))
  const end = performance.now() + SETTLE_PATIENCE
  while (
    performance.now() < end &&
    readers.some(({ log, position }) => position < (ends.get(log.story) ?? 0))
  ) {
    await after(50, undefined, { signal })
  }
  // Whatever came too much would come now.
  await after(500, undefined, { signal })
}

/** Every story's page on every gateway, as the log of a reader who loaded it and left. */
async function finalPagesOf(gateways: Gateways, stories: readonly Story[]): Promise<ReaderLog[]> {
  const logs: ReaderLog[] = []
  for (const { port } of gateways.all) {
    for (const { id, slug } of stories) {
      const { page } = await loadPage(port, slug)
      const reading = { page, events: [], resetBy: null }
      logs.push({ story: id, readings: [reading], losses: [], stalls: [], ends: [] })
    }
  }
  return logs
}

function reportProgress(
  readers: readonly Reader[],
  newsroom: Newsroom,
  damage: Damage,
  say: (line: string) => void,
): NodeJS.Timeout {
  const began = performance.now()
  return setInterval(() => {
    const seconds = Math.round((performance.now() - began) / 1_000)
    const connected = readers.filter((reader) => reader.connected).length
    const deliveries = readers.reduce((sum, { received }) => sum + received, 0)
    say(
      `${String(seconds).padStart(4)} s  connected ${connected}/${readers.length}` +
        `  decided ${newsroom.approved.size + newsroom.retracted.size}  delivered ${deliveries}` +
        `  killed ${damage.kills.length}  database ${damage.databaseRestarts.length}  failed over ${damage.failovers.length}  bus ${damage.busRestarts.length}` +
        `  cut ${damage.cuts}  stalled ${damage.stalls}`,
    )
  }, PROGRESS)
}
