import { type DocumentName, pages, questionOf } from './documents.ts'
import type { ApiWrite, Asked, History, OtherWrite, Step } from './plan.ts'
import { type Gateway, poll, send, sendForPath, type World } from './world.ts'
import { knowHistory, type Newsroom, openNewsroom, writeByApi, writeElsewhere } from './writes.ts'

/** What was done so far, by the kind of write and what came of it. */
export type Tally = Map<string, number>

/**
 * Lets a history happen, and compares each answer with that of a gateway which keeps nothing.
 * @throws Error for an answer that is stale, or of another viewer
 */
export async function live(world: World, history: History, tally: Tally): Promise<void> {
  const newsroom = await openNewsroom(world)
  await world.drain()
  for (const gateway of world.gateways) {
    gateway.isDeaf = false
    await poll(gateway)
  }
  truths.clear()
  await check(world, newsroom, history.asked, world.gateways, 'at the beginning')
  for (const [index, step] of history.steps.entries()) {
    const at = `after step ${index + 1}`
    await take(world, newsroom, { step, asked: history.asked, at, tally })
  }
}

async function take(
  world: World,
  newsroom: Newsroom,
  { step, asked, at, tally }: { step: Step; asked: readonly Asked[]; at: string; tally: Tally },
): Promise<void> {
  const { gateways } = world
  // The cache answers for a second after a poll. A gateway that is behind would catch up.
  for (const gateway of gateways) if (!gateway.isBehind) await poll(gateway)
  for (const [index, gateway] of gateways.entries()) gateway.isDeaf = !step.heard[index]
  const overlap = step.overlap && (await begin(world, newsroom, step.overlap))
  const author = await write(world, newsroom, step, tally)
  truths.clear()
  // The gateway that has made the write shows it in the next answer, before any hint.
  const knows = author !== null && !author.isBehind
  const waiter = overlap && overlap.gateway === author ? overlap.repeat() : null
  if (knows) await check(world, newsroom, asked, [author], `${at}, on the gateway that made it`)
  if (overlap && !step.overlap?.isHeldLonger) await overlap.end()
  await world.drain()
  if (step.write.kind === 'newHistory') {
    await knowHistory(world)
    truths.clear()
  }
  for (const [index, gateway] of gateways.entries()) {
    if (gateway === author && knows && !overlap) continue
    const isShown =
      gateway === author ? knows : !gateway.isBehind && isHinted(step.write) && step.heard[index]
    if (isShown) {
      await check(world, newsroom, asked, [gateway], `${at}, by its hint`)
    } else if (step.polls[index]) {
      await poll(gateway)
      await check(world, newsroom, asked, [gateway], `${at}, after a poll`)
    } else {
      gateway.isBehind = true
    }
  }
  if (!overlap) return
  await overlap.end()
  const { gateway, question } = overlap
  if (gateway.isBehind) return
  const expected = await send(world.uncached, question, ANYBODY)
  if (waiter) expectSame(`${at}, for who waits for a query from before`, await waiter, expected)
  expectSame(`${at}, for a query that was in progress`, await send(gateway, question, ANYBODY), expected)
}

/** Whether the hint of a write drops what it changes, without a poll. */
function isHinted({ kind }: ApiWrite | OtherWrite): boolean {
  return kind === 'approve' || kind === 'reject' || kind === 'decideElsewhere' || kind === 'clock'
}

/** Returns the gateway that made the write; null for another program. */
async function write(
  world: World,
  newsroom: Newsroom,
  { write: what, by }: Step,
  tally: Tally,
): Promise<Gateway | null> {
  const count = (outcome: string) => tally.set(outcome, (tally.get(outcome) ?? 0) + 1)
  if (isByApi(what)) {
    const gateway = world.gateways[by]
    count(`${what.kind} ${await writeByApi(world, gateway, newsroom, what)}`)
    return gateway
  }
  await writeElsewhere(world, newsroom, what)
  newsroom.isRenamed ||= what.kind === 'sql'
  count(what.kind === 'sql' ? `sql ${what.what}` : what.kind)
  return null
}

const OTHERS: ReadonlySet<string> = new Set([
  'import',
  'sql',
  'decideElsewhere',
  'clock',
  'announceDue',
  'newHistory',
  'reconnect',
] satisfies OtherWrite['kind'][])

function isByApi(write: ApiWrite | OtherWrite): write is ApiWrite {
  return !OTHERS.has(write.kind)
}

const ANYBODY = { who: 'anonymous', method: 'POST' } as const

let variants = 0

/** A query that has read something, and is not answered until the end. */
async function begin(
  { gateways }: World,
  newsroom: Newsroom,
  { on, document }: { on: 0 | 1; document: DocumentName },
) {
  const gateway = gateways[on]
  const { query, variables } = questionOf(document, newsroom)
  // Nobody has asked in these words before.
  const question = { query: `${query} # ${++variants}`, variables }
  const hold = gateway.holder.hold()
  const answer = send(gateway, question, ANYBODY)
  // A query in a transaction is answered at once: its reads are not held.
  if ((await Promise.race([hold.held, answer])) !== undefined) hold.release()
  return {
    gateway,
    question,
    /** Sends the same question again. */
    repeat: () => send(gateway, question, ANYBODY),
    async end() {
      hold.release()
      await answer
    },
  }
}

async function check(
  world: World,
  newsroom: Newsroom,
  asked: readonly Asked[],
  gateways: readonly Gateway[],
  at: string,
): Promise<void> {
  const failures: string[] = []
  await Promise.all(
    asked.map(async (each) => {
      if ('feed' in each && newsroom.isRenamed) return
      const [expected, ...answers] = await Promise.all([
        truthOf(world, newsroom, each),
        ...gateways.map((gateway) => ask(gateway, newsroom, each)),
      ])
      for (const answer of answers) {
        if (answer !== expected) failures.push(`${JSON.stringify(each)} ${difference(answer, expected)}`)
      }
    }),
  )
  if (failures.length > 0) throw new Error([at, ...failures].join('\n'))
}

/** The answers of the gateway that keeps nothing, since the last write. */
const truths = new Map<string, Promise<string>>()

function truthOf(world: World, newsroom: Newsroom, asked: Asked): Promise<string> {
  const key = JSON.stringify(asked)
  const known = truths.get(key) ?? ask(world.uncached, newsroom, asked)
  truths.set(key, known)
  return known
}

function ask(gateway: Gateway, newsroom: Newsroom, asked: Asked): Promise<string> {
  if ('feed' in asked) return sendForPath(gateway, asked.feed)
  if ('page' in asked) return sendForPath(gateway, pages[asked.page](newsroom))
  return send(gateway, questionOf(asked.document, newsroom), asked)
}

function expectSame(what: string, answer: string, expected: string): void {
  if (answer !== expected) throw new Error(`${what} ${difference(answer, expected)}`)
}

/** Two answers from shortly before the place at which they begin to differ. */
function difference(answer = '', expected = ''): string {
  let at = 0
  while (answer[at] === expected[at]) at += 1
  const [is, should] = [answer, expected].map((text) => text.slice(Math.max(0, at - 200), at + 100))
  return `\nis        …${is}\nshould be …${should}`
}
