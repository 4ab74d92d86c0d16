import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { encodeGlobalID } from '@pothos/plugin-relay'
import { operationText } from '../../../src/graphql/operations.ts'
import { addArticle, addComment, approve } from '../../support/newsroom.ts'
import { throwawayDatabase } from '../support/database.ts'
import type { Command, Report } from './readers.ts'
import type { Order, Told, Usage } from './served.ts'

// Fan-out: what it costs a server to give one event to everybody who watches. Three servers in turn, with
// the same readers and messages of the same length. Beside each of them a comment is approved in the database
// for each event, so that all have the caches and the processor to share with the same work. A machine that
// others share is faster in one minute than in the next: the servers take turns, several rounds of them, and a
// ratio is one of the same round.

const VARIANTS = ['bare', 'stock', 'dateline'] as const
type Variant = (typeof VARIANTS)[number]

export interface Result {
  variant: Variant
  sockets: number
  events: number
  /** µs of server CPU per delivered message. */
  cpu: number
  /** ms from asking for the event to its arrival. */
  p50: number
  p99: number
  /** KiB of memory per subscribed, idle socket: alive in V8's heap, and resident in the process. */
  alive: number
  resident: number
}

/** What several rounds came to: the middle of each figure. */
export interface Summary extends Result {
  /** CPU per message, as a ratio to the bare broadcast's of the same round: of each round, the least first. */
  ratios: number[]
  /** The middle one of them. */
  ratio: number
}

/** Events before those that are measured: what happens once per event is compiled by then. */
const WARM_UP = 50

/**
 * V8 lets its young generation grow from 1 MiB in steps of many MiB, whenever it happens to; here it is
 * resident from the start, or it would be counted as memory of the sockets.
 */
const YOUNG = ['--min-semi-space-size=16', '--max-semi-space-size=16']

/** Measures every server at one number of sockets, in so many rounds. */
export async function measureFanout(
  load: { sockets: number; events: number; rounds: number },
  onMeasured: (round: number, result: Result) => void,
): Promise<Summary[]> {
  const { sockets, events } = load
  const rounds: Result[][] = []
  for (let round = 1; round <= load.rounds; round++) {
    const results: Result[] = []
    for (const variant of VARIANTS) {
      const result = await measure(variant, sockets, events)
      onMeasured(round, result)
      results.push(result)
    }
    rounds.push(results)
  }
  return VARIANTS.map((variant) => summaryOf(variant, rounds))
}

function summaryOf(variant: Variant, rounds: Result[][]): Summary {
  const of = (results: Result[], wanted: Variant) =>
    results.find((result) => result.variant === wanted) as Result
  const results = rounds.map((round) => of(round, variant))
  const middle = (read: (result: Result) => number) => median(results.map(read))
  const ratios = rounds.map((round) => of(round, variant).cpu / of(round, 'bare').cpu)
  return {
    ...(results[0] as Result),
    cpu: middle(({ cpu }) => cpu),
    p50: middle(({ p50 }) => p50),
    p99: middle(({ p99 }) => p99),
    alive: middle(({ alive }) => alive),
    resident: middle(({ resident }) => resident),
    ratios: ratios.toSorted((a, b) => a - b),
    ratio: median(ratios),
  }
}

async function measure(variant: Variant, sockets: number, events: number): Promise<Result> {
  const database = await throwawayDatabase()
  const article = await addArticle(database.prisma)
  const server = start(`${variant}.ts`, { DATABASE_URL: database.url, LOG_LEVEL: 'error' }, [
    '--expose-gc',
    ...YOUNG,
    ...(process.env.PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${process.env.PROFILE}`] : []),
  ])
  const readers = start('readers.ts', {}, [])
  try {
    const { port } = await told(server, 'listening')
    const subscribe = variant === 'bare' ? null : subscription(article.id)
    const connect = async (count: number) => {
      readers.send({ do: 'connect', port, count, subscribe } satisfies Command)
      await reported(readers, 'connected')
    }
    // The first half also pays for what the process grows by once: memory is what the second half adds.
    const some = Math.ceil(sockets / 2)
    await connect(some)
    const half = await subscribed(server, some)
    await connect(sockets - some)
    const full = await subscribed(server, sockets)

    const publish = async (number: number) => {
      const ready = reported(readers, 'ready')
      readers.send({ do: 'expect', messages: sockets } satisfies Command)
      await ready
      const arrival = reported(readers, 'arrived')
      const { id } = await addComment(database.prisma, article.key, {
        body: bodyOf(number),
        by: `Reader ${number}`,
      })
      await approve(database.prisma, [id])
      if (variant !== 'dateline') {
        server.send({ do: 'publish', message: messageOf(variant, number) } satisfies Order)
      }
      return (await arrival).latencies
    }
    for (let i = 0; i < WARM_UP; i++) await publish(i)
    const before = await usage(server)
    const latencies: number[] = []
    for (let i = 0; i < events; i++) for (const ms of await publish(WARM_UP + i)) latencies.push(ms)
    const after = await usage(server)
    latencies.sort((a, b) => a - b)
    return {
      variant,
      sockets,
      events,
      cpu: (after.cpu - before.cpu) / (sockets * events),
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      alive: (full.alive - half.alive) / (sockets - some) / 1024,
      resident: (full.resident - half.resident) / (sockets - some) / 1024,
    }
  } finally {
    readers.kill()
    server.disconnect()
    await once(server, 'exit')
    await database.drop()
  }
}

function start(file: string, env: Record<string, string>, execArgv: string[]): ChildProcess {
  return fork(join(import.meta.dirname, file), {
    env: { ...process.env, ...env },
    execArgv: ['--disable-warning=ExperimentalWarning', ...execArgv],
    serialization: 'advanced',
  })
}

/** Waits until so many readers are subscribed, then reads the server's usage without its garbage. */
async function subscribed(server: ChildProcess, sockets: number): Promise<Usage> {
  let now = await usage(server)
  while (now.sockets < sockets) now = await usage(server)
  return usage(server, true)
}

async function usage(server: ChildProcess, collect = false): Promise<Usage> {
  const answer = told(server, 'usage')
  server.send({ do: 'usage', collect } satisfies Order)
  return answer
}

function told<E extends Told['event']>(server: ChildProcess, event: E): Promise<Extract<Told, { event: E }>> {
  return heard(server, event)
}

function reported<E extends Report['event']>(
  readers: ChildProcess,
  event: E,
): Promise<Extract<Report, { event: E }>> {
  return heard(readers, event)
}

function heard<Message extends { event: string }>(child: ChildProcess, event: string): Promise<Message> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: Message & { why?: string }) => {
      if (message.event === event || message.event === 'lost') settle()
      if (message.event === event) resolve(message)
      else if (message.event === 'lost') reject(new Error(`a reader was ${message.why}`))
    }
    const onExit = (code: number | null) => {
      settle()
      reject(new Error(`${child.spawnargs.at(-1)} ended with ${code}`))
    }
    const settle = () => {
      child.off('message', onMessage)
      child.off('exit', onExit)
    }
    child.on('message', onMessage)
    child.on('exit', onExit)
  })
}

function subscription(articleId: string): string {
  const query = operationText('CommentFeed')
  return JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables: { articleId } } })
}

/** A comment of usual length that says when it was asked for. */
function bodyOf(number: number): string {
  const moment = (performance.timeOrigin + performance.now()).toFixed(3)
  return `at=${moment} ${String(number).padEnd(8)} ${'A comment of the usual length. '.repeat(8)}`.trim()
}

/** What Dateline sends for such a comment; the stock server is given what its own schema makes the same of. */
function messageOf(variant: Variant, number: number): string {
  const moment = new Date().toISOString()
  const id = encodeGlobalID('Comment', `01a203aa-b3d9-7698-82b8-ba1be331${String(number).padStart(4, '0')}`)
  const event = {
    __typename: 'CommentApproved',
    cursor: 'x'.repeat(104),
    commentCount: number + 1,
    comment: {
      id,
      body: bodyOf(number),
      author: { displayName: `Reader ${number}` },
      submittedAt: moment,
      approvedAt: moment,
      isReply: false,
      parentRemoved: false,
      parent: null,
    },
  }
  return JSON.stringify(
    variant === 'stock'
      ? event
      : { id: randomUUID(), type: 'next', payload: { data: { commentFeed: event } } },
  )
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = (sorted.length - 1) / 2
  return ((sorted[Math.floor(half)] ?? Number.NaN) + (sorted[Math.ceil(half)] ?? Number.NaN)) / 2
}

function quantile(sorted: number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
}
