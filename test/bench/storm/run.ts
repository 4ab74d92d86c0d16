import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { operationText } from '../../../src/graphql/operations.ts'
import { addArticle, addComment, approve } from '../../support/newsroom.ts'
import { throwawayDatabase } from '../support/database.ts'
import { type Gateway, spawnGateway } from '../support/gateway.ts'
import type { Command, Report, Verdict } from './crowd.ts'

export interface StormOptions {
  sockets: number
  /** Comments approved while everybody is away. */
  missed: number
  /** Handshakes that the crowd has under way at once. */
  parallel: number
}

/** What one storm did. Times in s, CPU in s of the gateway, memory in bytes. */
export interface Storm {
  /** From the first knock to the last subscription, of readers without cursors: nothing is replayed. */
  arrival: { seconds: number; cpu: number }
  /** The lowest and the highest position at which somebody was cut, and where the feed stood at the return. */
  cutAt: { lowest: number; highest: number }
  target: number
  /** From the return until so many had what was approved in the meantime. */
  caughtUp: { half: number; most: number; all: number }
  /** From the return to the end of the last handshake. */
  handshakes: number
  cpu: number
  /** Comments approved during the storm itself. */
  alongside: number
  /** Reads of the feed from the database during the storm, and as many as there may be. */
  reads: number
  readsAllowed: number
  /** The most memory that the gateway had: while everybody sat still, and during the storm. */
  memory: { before: number; storm: number }
  verdict: Verdict
}

/** Entries before the cut, so that everybody has a cursor. */
const BEFORE = 20

/** Between two approvals while the crowd comes back, in ms. */
const PAUSE = 500

/** What src/comment-feed/article-feed.ts promises: one read of the end in GATHER ms, one of each stretch in WINDOW ms. */
const GATHER = 50
const WINDOW = 1_000
const STRETCH = 200

/** Cuts a whole crowd at once, lets it come back at once, and holds what everybody got against the feed. */
export async function raiseStorm({ sockets, missed, parallel }: StormOptions): Promise<Storm> {
  const database = await throwawayDatabase()
  const article = await addArticle(database.prisma)
  let position = 0
  const publish = async () => {
    const body = `Comment ${position + 1}. ${'A comment of the usual length. '.repeat(8)}`.trim()
    const { id } = await addComment(database.prisma, article.key, { body, by: `Reader ${position}` })
    await approve(database.prisma, [id])
    position += 1
  }
  const gateway = await spawnGateway({ DATABASE_URL: database.url, MAX_SOCKETS: '1000000' })
  const crowd = new Crowd()
  try {
    const subscribe = { query: operationText('CommentFeed'), variables: { articleId: article.id } }
    const beforeArrival = await usage(gateway)
    crowd.order({ do: 'come', port: gateway.port, count: sockets, parallel, subscribe })
    await crowd.reports('here')
    while ((await gateway.metric('dateline_feed_subscriptions')) < sockets) await after(20)
    const afterArrival = await usage(gateway)

    const begun = crowd.reports('reached')
    crowd.order({ do: 'await', position: BEFORE })
    while (position < BEFORE) await publish()
    await begun
    const still = gateway.memory()
    // The cut comes in the middle of the next ones: not everybody has the same cursor.
    const away = crowd.reports('away')
    for (let i = 0; i < missed; i++) {
      await publish()
      if (i === 4) crowd.order({ do: 'cut' })
    }
    const { lowest, highest } = await away
    while ((await gateway.metric('dateline_sockets')) > 0) await after(20)

    const target = position
    const before = await usage(gateway)
    let most = 0
    const sampler = setInterval(() => {
      most = Math.max(most, gateway.memory())
    }, 100)
    const reached = crowd.reports('reached')
    const here = crowd.reports('here').then(now)
    crowd.order({ do: 'await', position: target })
    const began = now()
    crowd.order({ do: 'return' })
    const storm = new AbortController()
    const alongside = publishUntil(storm.signal, publish)
    const times = (await reached).times.map((at) => (at - began) / 1_000).sort((a, b) => a - b)
    const handshakes = ((await here) - began) / 1_000
    storm.abort()
    await alongside
    const atEnd = await usage(gateway)
    const seconds = (now() - began) / 1_000
    const last = crowd.reports('reached')
    crowd.order({ do: 'await', position })
    await last
    clearInterval(sampler)
    const judged = crowd.reports('judged')
    crowd.order({ do: 'judge' })
    const { verdict } = await judged

    const stretches = Math.floor(position / STRETCH) - Math.floor(lowest / STRETCH) + 1
    return {
      arrival: { seconds: afterArrival.at - beforeArrival.at, cpu: afterArrival.cpu - beforeArrival.cpu },
      cutAt: { lowest, highest },
      target,
      caughtUp: { half: quantile(times, 0.5), most: quantile(times, 0.99), all: times.at(-1) as number },
      handshakes,
      cpu: atEnd.cpu - before.cpu,
      alongside: position - target,
      reads: atEnd.reads - before.reads,
      readsAllowed:
        Math.ceil((seconds * 1_000) / GATHER) +
        stretches * Math.ceil((seconds * 1_000) / WINDOW) +
        (position - target),
      memory: { before: still, storm: most },
      verdict,
    }
  } finally {
    crowd.end()
    await gateway.kill()
    await database.drop()
  }
}

async function publishUntil(over: AbortSignal, publish: () => Promise<void>): Promise<void> {
  while (!over.aborted) {
    await publish()
    await after(PAUSE, undefined, { signal: over }).catch(() => {})
  }
}

async function usage(gateway: Gateway): Promise<{ at: number; cpu: number; reads: number }> {
  const cpu = await gateway.metric('process_cpu_seconds_total')
  return { at: now() / 1_000, cpu, reads: await gateway.metric('dateline_feed_reads_total') }
}

/** The process with the crowd in it. */
class Crowd {
  readonly #process: ChildProcess

  constructor() {
    this.#process = fork(join(import.meta.dirname, 'crowd.ts'), {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      serialization: 'advanced',
    })
    process.once('exit', () => this.end())
  }

  order(command: Command): void {
    this.#process.send(command)
  }

  /** The next report of a kind; fails when the crowd, or somebody in it, is lost. */
  reports<E extends Report['event']>(event: E): Promise<Extract<Report, { event: E }>> {
    return new Promise((resolve, reject) => {
      const child = this.#process
      const settle = () => {
        child.off('message', onMessage)
        child.off('exit', onExit)
      }
      const onMessage = (report: Report) => {
        if (report.event !== event && report.event !== 'lost') return
        settle()
        if (report.event === event) resolve(report as Extract<Report, { event: E }>)
        else reject(new Error(`a reader was lost: ${(report as { why: string }).why}`))
      }
      const onExit = () => {
        settle()
        reject(new Error('the readers ended'))
      }
      child.on('message', onMessage)
      child.on('exit', onExit)
    })
  }

  end(): void {
    this.#process.kill('SIGKILL')
  }
}

function now(): number {
  return performance.timeOrigin + performance.now()
}

function quantile(sorted: number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
}
