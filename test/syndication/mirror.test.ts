import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import { untilEnough } from '../support/histories.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'
import { Mirror, script } from './mirror/mirror.ts'
import { licenceOf, Newsroom } from './mirror/newsroom.ts'
import { type History, history } from './mirror/plan.ts'

/** Histories that happen at the same time on one gateway, each with a partner and topics of its own. */
const AT_ONCE = 10

const UNLIMITED = { quotaPerMinute: 1_000_000, quotaPerDay: 1_000_000 }

const HISTORIES = 200
/** However slow the machine. */
const LEAST = HISTORIES / 10

test(`in ${HISTORIES} random histories, or as many as there is time for, a mirror that is killed at random ends with exactly what its licence covers`, {
  timeout: 600_000,
}, async () => {
  const clock = { now: Date.parse('2026-03-01T00:00:00Z') }
  await using app = await freshApp({ now: () => new Date(clock.now) })
  const editor = await longToken(app)
  const isEnough = untilEnough()
  let lived = 0
  const batch = fc.array(history, { minLength: AT_ONCE, maxLength: AT_ONCE })
  const property = fc.asyncProperty(batch, async (histories) => {
    if (lived >= LEAST && isEnough()) return
    await using lives = new AsyncDisposableStack()
    const begun = histories.map((plan, i) => begin(plan, { app, editor, clock, name: `h${lived + i}` }))
    const under = (await Promise.all(begun)).map((life) => lives.use(life))
    lived += histories.length
    for (let round = 0; under.some((life) => life.lasts(round)); round++) {
      await Promise.all(under.map((life) => life.live(round)))
      // The clock is everybody's, and goes on between the rounds only.
      for (const life of under) life.wait(round)
    }
    await Promise.all(under.map((life) => life.settle()))
  })
  // Histories that run at once differ from run to run, so a failing one can't be made smaller.
  await fc.assert(property, { numRuns: HISTORIES / AT_ONCE, endOnFailure: true })
  expect(lived).toBeGreaterThanOrEqual(LEAST)
  if (!isEnough()) expect(lived).toBe(HISTORIES)
  console.log(`${lived} histories`)
})

test('a mirror in a process of its own is killed in the middle of writing, and catches up', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { key } = await addPartner(prisma, UNLIMITED)
  for (let i = 0; i < 20; i++) await addArticle(prisma)
  await using mirror = await Mirror.open(new URL(app.url).origin, key)
  for (let kill = 0; kill < 5; kill++) {
    const child = spawn(process.execPath, [script, new URL(app.url).origin, mirror.folder], {
      env: { DATELINE_KEY: key },
    })
    const gone = once(child, 'exit')
    await addArticle(prisma)
    await prisma.delivery.count()
    child.kill('SIGKILL')
    expect((await gone)[1]).toBe('SIGKILL')
  }
  await mirror.catchUp()
  expect((await mirror.stories()).size).toBe(25)
})

test('a mirror of a newsroom whose database was restored begins again', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { key } = await addPartner(prisma, UNLIMITED)
  const story = await addArticle(prisma)
  await using mirror = await Mirror.open(new URL(app.url).origin, key)
  await mirror.catchUp()
  await prisma.$executeRaw`UPDATE "FeedEpoch" SET epoch = gen_random_uuid()`
  await mirror.catchUp()
  expect([...(await mirror.stories()).keys()]).toEqual([story.id])
})

interface World {
  app: TestApp
  editor: string
  clock: { now: number }
  name: string
}

/** One history under way. */
async function begin(plan: History, { app, editor, clock, name }: World) {
  const { prisma } = app.database
  await prisma.topic.createMany({
    data: ['a', 'b'].map((topic) => ({ slug: `${name}-${topic}`, label: topic })),
  })
  const licence = licenceOf(plan.terms, name)
  const { slug, key } = await addPartner(prisma, { licence, ...UNLIMITED }, () => new Date(clock.now))
  const newsroom = new Newsroom({ app, editor, name, partner: slug, clock }, plan.terms)
  const mirror = await Mirror.open(new URL(app.url).origin, key)
  let mirroring = Promise.resolve()
  return {
    lasts: (round: number) => round < plan.steps.length,
    async live(round: number) {
      const step = plan.steps[round]
      if (!step || step.kind === 'wait') return
      if (step.kind !== 'kill') return newsroom.take(step)
      await mirroring
      // It goes on while the newsroom works, and is killed in the middle of that.
      mirroring = mirror.runUntil(step)
    },
    wait(round: number) {
      const step = plan.steps[round]
      if (step?.kind === 'wait') clock.now += step.hours * 3_600_000
    },
    async settle() {
      await mirroring
      await mirror.catchUp()
      const mirrored = [...(await mirror.stories())].map(([id, story]) => [
        id,
        {
          headline: story.headline,
          picture: story.leadImage?.url ?? null,
          corrections: story.corrections.length,
          hasBody: story.body.length > 0,
        },
      ])
      expect(Object.fromEntries(mirrored)).toEqual(Object.fromEntries(newsroom.licensed()))
    },
    [Symbol.asyncDispose]: () => mirror[Symbol.asyncDispose](),
  }
}

/** Time flies in these histories, but not for their editors. */
function longToken(app: TestApp): Promise<string> {
  return app.token('editor', { ttlSeconds: 100 * 365 * 24 * 3600 })
}
