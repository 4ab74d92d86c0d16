import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Message, Publisher } from '../../src/bus/bus.ts'
import { decide } from '../../src/comments/decide.ts'
import type { DecisionInput } from '../../src/comments/decision-input.ts'
import type { Outcome } from '../../src/comments/decision-outcome.ts'
import type { PrismaClient } from '../../src/db/client/client.ts'
import { uuid7 } from '../../src/db/uuid7.ts'
import { checkFeed } from '../comment-feed/history/verdict.ts'
import { freshDatabase } from '../support/database.ts'
import { addArticle, addComment, someone } from '../support/newsroom.ts'

// Deciding comments in bulk, in parts of any size, has the effects of deciding them one after the other, in the order of
// their submission.

const ARTICLES = 3
const COMMENTS = 10

interface Plan {
  comments: { article: number; repliesTo: number | null; isOwn: boolean; earlier: Earlier | null }[]
  /** Numbers of comments, in any order and repeated; a number that no comment has is an unknown id. */
  list: number[]
  partSize: number
  input: Pick<DecisionInput, 'verdict' | 'allowRemovedParent' | 'seen' | 'note'>
}

interface Earlier {
  verdict: 'APPROVED' | 'REJECTED'
  by: string
}

const plans: fc.Arbitrary<Plan> = fc.record({
  comments: fc.array(
    fc.record({
      article: fc.nat({ max: ARTICLES - 1 }),
      repliesTo: fc.option(fc.nat({ max: COMMENTS - 1 })),
      isOwn: fc.nat({ max: 9 }).map((n) => n === 0),
      earlier: fc.option(
        fc.record({
          verdict: fc.constantFrom('APPROVED' as const, 'REJECTED' as const),
          by: fc.constantFrom('Grace', 'Ada'),
        }),
      ),
    }),
    { minLength: 1, maxLength: COMMENTS },
  ),
  list: fc.array(fc.nat({ max: COMMENTS }), { minLength: 1, maxLength: 2 * COMMENTS }),
  partSize: fc.constantFrom(1, 3, 50),
  input: fc.record({
    verdict: fc.constantFrom('APPROVED', 'REJECTED'),
    allowRemovedParent: fc.option(fc.boolean()),
    seen: fc.option(fc.constantFrom('PENDING', 'APPROVED'), { freq: 1 }),
    note: fc.option(fc.constant(' Note ')),
  }),
})

const at = (second: number) => new Date(Date.UTC(2026, 4, 1, 12, 0, second))
const submittedAt = (index: number) => new Date(Date.UTC(2026, 3, 1, 12, index))

/** Articles and comments as planned, and what decisions do to them. */
class World {
  readonly #prisma: PrismaClient
  readonly #articles: string[] = []
  readonly #ids: string[] = []
  readonly #unknown = uuid7()
  readonly #messages: Message[] = []

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma
  }

  async fill({ comments }: Plan): Promise<void> {
    for (let i = 0; i < ARTICLES; i++) this.#articles.push((await addArticle(this.#prisma)).key)
    // By id, as hints are ordered.
    this.#articles.sort()
    for (const [index, { article, repliesTo, isOwn, earlier }] of comments.entries()) {
      const articleId = this.#articles[article] as string
      const parent = repliesTo === null ? undefined : comments[repliesTo]
      const isReply = parent?.article === article && repliesTo! < index
      const comment = await addComment(this.#prisma, articleId, {
        body: `Comment ${index}`,
        by: isOwn ? 'Both' : `Reader ${index}`,
        at: submittedAt(index),
      })
      this.#ids.push(comment.id)
      if (earlier) await this.decide([index], { verdict: earlier.verdict }, earlier.by, at(1))
      if (isReply) await this.#makeReply(index, repliesTo!)
    }
    this.#messages.length = 0
  }

  async decide(
    list: readonly number[],
    input: Plan['input'],
    by = 'Grace',
    now = at(2),
    partSize?: number,
  ): Promise<ReturnType<World['inShort']>[]> {
    const bus: Publisher = {
      transaction: (work, options) =>
        this.#prisma.$transaction(
          (tx) => work(tx, async (message) => void this.#messages.push(message)),
          options,
        ),
    }
    const ids = list.map((index) => this.#ids[index] ?? this.#unknown)
    const viewer = { ...someone('moderator', by), subject: by === 'Grace' ? 'reader-Both' : by }
    const outcomes = await decide(
      { ...input, ids, guidelines: ['RELEVANCE'] },
      { prisma: this.#prisma, bus, viewer, now: () => now, partSize },
    )
    return outcomes.map((outcome) => this.inShort(outcome))
  }

  inShort(outcome: Outcome) {
    const index = this.#ids.indexOf(outcome.commentId)
    if ('failure' in outcome) return { index, code: outcome.failure.code, message: outcome.failure.message }
    const { comment, decision, changed } = outcome
    const { status, approvedAt, position, body, author } = comment
    const { verdict, moderator, moderatorName, note } = decision
    return {
      index,
      changed,
      comment: { status, approvedAt, position, body, author: author.displayName },
      decision: { verdict, moderator, moderatorName, note, at: decision.at },
    }
  }

  /** The last position that was announced for each article; 0 for none. */
  announced(): number[] {
    const positions = new Map(
      this.#messages.map(({ payload }) => {
        const { articleId, position } = JSON.parse(payload)
        return [articleId as string, position as number]
      }),
    )
    return this.#articles.map((id) => positions.get(id) ?? 0)
  }

  get messages(): number {
    return this.#messages.length
  }

  /** Articles, comments, decisions and feeds, without ids. */
  async state() {
    const articles = []
    for (const id of this.#articles) {
      const feed = await checkFeed(this.#prisma, id)
      articles.push(
        feed.map(({ position, kind, commentCount, body }) => [position, kind, commentCount, body]),
      )
    }
    const rows = await this.#prisma.comment.findMany({
      where: { id: { in: this.#ids } },
      orderBy: { submittedAt: 'asc' },
      select: {
        body: true,
        status: true,
        position: true,
        approvedAt: true,
        decisions: {
          orderBy: { verdict: 'asc' },
          select: {
            verdict: true,
            moderator: true,
            moderatorName: true,
            note: true,
            at: true,
            guidelines: { select: { guidelineCode: true } },
          },
        },
      },
    })
    return { articles, rows }
  }

  /** The author of a reply may submit it only while its parent is approved. */
  async #makeReply(index: number, parent: number): Promise<void> {
    await this.#prisma.$executeRawUnsafe(`ALTER TABLE "Comment" DISABLE TRIGGER "Comment_words_stay"`)
    await this.#prisma.comment.update({
      where: { id: this.#ids[index] },
      data: { parentId: this.#ids[parent] },
    })
    await this.#prisma.$executeRawUnsafe(`ALTER TABLE "Comment" ENABLE TRIGGER "Comment_words_stay"`)
  }
}

test('comments that are decided in bulk have the outcomes, feeds and counters of one decision after the other', {
  timeout: 300_000,
}, async () => {
  await using database = await freshDatabase()
  const property = fc.asyncProperty(plans, async (plan) => {
    const [bulk, single] = [new World(database.prisma), new World(database.prisma)]
    await bulk.fill(plan)
    await single.fill(plan)

    const outcomes = await bulk.decide(plan.list, plan.input, 'Grace', at(2), plan.partSize)
    const inOrder = [...new Set(plan.list)].sort((a, b) => a - b)
    const one = new Map<number, (typeof outcomes)[number]>()
    for (const index of inOrder) one.set(index, (await single.decide([index], plan.input))[0]!)

    expect(outcomes).toEqual(plan.list.map((index) => one.get(index)))
    expect(await bulk.state()).toEqual(await single.state())
    expect(bulk.announced()).toEqual(single.announced())
    if (plan.partSize >= plan.comments.length) {
      expect(bulk.messages).toBe(bulk.announced().filter((position) => position > 0).length)
    }
  })
  await fc.assert(property, { numRuns: 40 })
})
