import fc from 'fast-check'
import { expect, test } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { freshDatabase } from '../support/database.ts'
import { untilEnough } from '../support/histories.ts'
import type { Json } from '../support/json.ts'
import { addArticle, addComment, approve, globalId, reject } from '../support/newsroom.ts'
import { connect, listen } from '../support/socket.ts'

// Writers submit and decide at the same time; two desks, on two gateways, are sent each submission and decision once.

const HISTORIES = 10
const LEAST = 3

type Step = 'submit' | 'approve' | 'reject' | 'retract'
const steps = fc.array(fc.constantFrom<Step>('submit', 'submit', 'approve', 'reject', 'retract'), {
  minLength: 3,
  maxLength: 12,
})
const writers = fc.array(steps, { minLength: 2, maxLength: 6 })

async function follow(app: TestApp) {
  const window = listen(
    connect(app.wsUrl, await app.token('moderator')),
    operationText('ModerationQueueEvents'),
  )
  await window.take(1)
  return window
}

function keyOf({ moderationQueue: { __typename, commentId, decision } }: Json): string {
  return [__typename, commentId, decision?.verdict].filter(Boolean).join(' ')
}

test(`in ${HISTORIES} random histories, or as many as there is time for, each submission and decision is sent once, in order`, {
  timeout: 600_000,
}, async () => {
  await using database = await freshDatabase()
  const { prisma } = database
  await using one = await freshApp({ database })
  await using other = await freshApp({ database })
  const articles = [await addArticle(prisma), await addArticle(prisma)]
  await using first = await follow(one)
  await using second = await follow(other)
  const isEnough = untilEnough()
  let lived = 0
  let count = 0

  const submit = async () => {
    count += 1
    const by = `Reader ${count}`
    await addComment(prisma, articles[count % 2]!.key, { body: `comment ${count}`, by })
  }
  const perform = async (step: Step, n: number) => {
    if (step === 'submit') return submit()
    const status = step === 'retract' ? 'APPROVED' : 'PENDING'
    const found = await prisma.comment.findMany({ where: { status }, select: { id: true }, take: 3 })
    const ids = found.map(({ id }) => id)
    if (ids.length > 0) await (step === 'approve' ? approve : reject)(prisma, ids, `Moderator ${n}`)
  }

  const property = fc.asyncProperty(writers, async (plan) => {
    if (lived >= LEAST && isEnough()) return
    const since = { comments: await prisma.comment.findMany(), decisions: await prisma.decision.findMany() }
    const known = new Set([...since.comments, ...since.decisions].map(({ id }) => id))
    await Promise.all(
      plan.map(async (each, n) => {
        for (const step of each) await perform(step, n)
      }),
    )
    // The last event of the history.
    await submit()
    const comments = (await prisma.comment.findMany()).filter(({ id }) => !known.has(id))
    const decisions = (await prisma.decision.findMany()).filter(({ id }) => !known.has(id))
    const expected = [
      ...comments.map(({ id }) => `CommentQueued ${globalId('Comment', id)}`),
      ...decisions.map(
        ({ commentId, verdict }) => `DecisionMade ${globalId('Comment', commentId)} ${verdict}`,
      ),
    ].sort()
    for (const desk of [first, second]) {
      const events = (await desk.take(expected.length)).map(keyOf)
      expect(events.toSorted()).toEqual(expected)
      expectOrder(events)
    }
    lived += 1
  })
  await fc.assert(property, { numRuns: HISTORIES })
  expect(lived).toBeGreaterThanOrEqual(LEAST)
})

/** A comment is submitted before it is decided, and approved before it is retracted. */
function expectOrder(events: readonly string[]): void {
  const places = new Map(events.map((event, place) => [event, place]))
  for (const [event, place] of places) {
    const [name, id, verdict] = event.split(' ')
    if (name !== 'DecisionMade') continue
    expect(places.get(`CommentQueued ${id}`) ?? -1).toBeLessThan(place)
    if (verdict === 'REJECTED') expect(places.get(`DecisionMade ${id} APPROVED`) ?? -1).toBeLessThan(place)
  }
}
