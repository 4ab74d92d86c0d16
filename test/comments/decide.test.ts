import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decide } from '../../src/comments/decide.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { addPending } from '../comment-feed/fill.ts'
import { checkFeed } from '../comment-feed/history/verdict.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle, globalId } from '../support/newsroom.ts'

const invalid = '... on InvalidInput { field } ... on Error {'
const approveText = operationText('ApproveComments').replace('... on Error {', invalid)
const rejectText = operationText('RejectComments').replace('... on Error {', invalid)

let app: TestApp
let first: string
let second: string
let key: string

beforeAll(async () => {
  app = await freshApp()
  first = await app.token('moderator', { name: 'First' })
  second = await app.token('moderator', { name: 'Second' })
  ;({ key } = await addArticle(app.database.prisma))
})
afterAll(() => app.close())

async function pending(count = 1, article = key): Promise<string[]> {
  return (await addPending(app.database.prisma, article, count)).map((id) => globalId('Comment', id))
}

async function approve(ids: string[], by: string | undefined = first): Promise<Json> {
  return (await app.ask(approveText, { ids }, by)).approveComments
}

async function reject(
  ids: string[],
  by = first,
  more: { guidelines?: string[]; note?: string } = {},
): Promise<Json> {
  return (await app.ask(rejectText, { ids, guidelines: ['RELEVANCE'], ...more }, by)).rejectComments
}

test('a rejection of what was seen pending does not take down what somebody approved since', async () => {
  const ids = await pending()
  await approve(ids, first)
  const variables = { ids, guidelines: ['RELEVANCE'], seen: 'PENDING' }
  const { rejectComments } = await app.ask(rejectText, variables, second)
  expect(rejectComments.results).toMatchObject([{ __typename: 'DecisionConflict' }])
})

describe('a decision', () => {
  test('in bulk has a result for each id, in the order of the ids', async () => {
    const [one, two, three] = (await pending(3)) as [string, string, string]
    await reject([two], second)
    const unknown = globalId('Comment', '00000000-0000-4000-8000-000000000000')
    const story = globalId('Article', key)
    const { results } = await approve([three, unknown, two, story, one, 'no id', three])
    expect(results).toMatchObject([
      { __typename: 'CommentDecided', changed: true, comment: { id: three, status: 'APPROVED' } },
      { __typename: 'NotFound', code: 'NOT_FOUND' },
      {
        __typename: 'DecisionConflict',
        code: 'CONFLICT',
        decision: { verdict: 'REJECTED', moderatorName: 'Second' },
      },
      { __typename: 'NotFound' },
      { __typename: 'CommentDecided', comment: { id: one } },
      { __typename: 'NotFound' },
      { __typename: 'CommentDecided', comment: { id: three } },
    ])
    await checkFeed(app.database.prisma, key)
  })

  test('that is repeated by the same moderator stands, and changes nothing', async () => {
    const ids = await pending(2)
    for (const act of [approve, reject]) {
      const before = (await act(ids)).results
      const again = (await act(ids)).results
      expect(before).toMatchObject([{ changed: true }, { changed: true }])
      expect(again).toMatchObject([{ changed: false }, { changed: false }])
      expect(again[0].decision).toEqual(before[0].decision)
    }
    await checkFeed(app.database.prisma, key)
  })

  test('that another moderator repeats is a conflict that names who decided', async () => {
    const ids = await pending()
    await approve(ids)
    expect((await approve(ids, second)).results).toMatchObject([
      { __typename: 'DecisionConflict', decision: { verdict: 'APPROVED', moderatorName: 'First' } },
    ])
  })

  test('to reject what was approved takes it down, and is final', async () => {
    const ids = await pending()
    await approve(ids)
    expect((await reject(ids, second)).results).toMatchObject([
      { changed: true, comment: { status: 'REJECTED' } },
    ])
    for (const by of [first, second]) {
      expect((await approve(ids, by)).results).toMatchObject([{ __typename: 'DecisionConflict' }])
    }
    const feed = await checkFeed(app.database.prisma, key)
    expect(feed.filter(({ commentId }) => commentId === ids[0]).map(({ kind }) => kind)).toEqual([
      'APPROVED',
      'RETRACTED',
    ])
  })

  test.each<[string, { guidelines?: string[]; note?: string }, string]>([
    ['without a guideline', { guidelines: [] }, 'guidelines'],
    ['by a guideline that does not exist', { guidelines: ['RELEVANCE', 'TASTE'] }, 'guidelines'],
    ['with a note that is too long', { note: 'x'.repeat(1_001) }, 'note'],
    ['with a NUL in its note', { note: 'a\u0000b' }, 'note'],
    ['with half an emoji in its note', { note: 'a\ud83db' }, 'note'],
    ['by a guideline with a NUL in it', { guidelines: ['RELEV\u0000ANCE'] }, 'guidelines'],
  ])('%s to reject is refused', async (_what, more, field) => {
    const ids = await pending()
    expect(await reject(ids, first, more)).toMatchObject({
      __typename: 'InvalidInput',
      code: 'INVALID_INPUT',
      field,
    })
    expect((await approve(ids)).results).toMatchObject([{ changed: true }])
  })

  test('on no comment, or on too many, is refused', async () => {
    const [id] = (await pending()) as [string]
    for (const ids of [[], Array(101).fill(id)]) {
      expect(await approve(ids)).toMatchObject({ code: 'INVALID_INPUT', field: 'ids' })
    }
    expect((await approve(Array(100).fill(id))).results).toHaveLength(100)
  })

  test('names every guideline once, however often it was given', async () => {
    const [id] = (await pending()) as [string]
    await reject([id], first, { guidelines: ['RELEVANCE', 'RELEVANCE'], note: ' Off topic ' })
    const query =
      'query ($id: ID!) { node(id: $id) { ... on Comment { decisions { note guidelines { code } } } } }'
    const { node } = await app.ask(query, { id }, first)
    expect(node.decisions).toEqual([{ note: 'Off topic', guidelines: [{ code: 'RELEVANCE' }] }])
  })

  test('is for moderators and above', async () => {
    const ids = await pending()
    expect(await approve(ids, await app.token('reader'))).toMatchObject({
      __typename: 'Forbidden',
      code: 'FORBIDDEN',
    })
    expect(await reject(ids, await app.token('reader'))).toMatchObject({ code: 'FORBIDDEN' })
    expect((await app.ask(approveText, { ids })).approveComments).toMatchObject({ code: 'NOT_SIGNED_IN' })
    expect((await approve(ids, await app.token('editor'))).results).toMatchObject([{ changed: true }])
  })
})

describe('two moderators at once', () => {
  test.each([
    ['approving', [approve, approve]],
    ['rejecting', [reject, reject]],
    ['approving and rejecting', [approve, reject]],
  ] as const)(
    '%s the same comment: one decision and one conflict, 20 times over',
    { timeout: 120_000 },
    async (_what, [one, other]) => {
      const { prisma } = app.database
      const { key: story } = await addArticle(prisma)
      const ids = await pending(20, story)
      for (const id of ids) {
        const answers = await Promise.all([one([id], first), other([id], second)])
        const results = answers.map(({ results: [result] }) => result)
        const kinds = results.map(({ __typename }) => __typename).sort()
        // A rejection that was asked for after the approval had been made overrules it.
        if (one !== other && kinds[1] === 'CommentDecided') expect(results[1].comment.status).toBe('REJECTED')
        else expect(kinds).toEqual(['CommentDecided', 'DecisionConflict'])
      }
      await checkFeed(prisma, story)
    },
  )

  test('in bulk, over several stories in opposite orders: none waits for ever, and counts are always right', {
    timeout: 120_000,
  }, async () => {
    const { prisma } = app.database
    const stories = await Promise.all(Array.from({ length: 4 }, () => addArticle(prisma)))
    const comments: string[] = []
    for (const story of stories) comments.push(...(await pending(8, story.key)))
    let deciding = true
    const watch = async () => {
      let looks = 0
      for (; deciding; looks++) {
        const wrong = await prisma.$queryRaw<unknown[]>`
          SELECT a."id" FROM "Article" a WHERE
            a."commentCount" <> (SELECT count(*) FROM "Comment" c WHERE c."articleId" = a."id" AND c."status" = 'APPROVED')
            OR a."feedPosition" <> (SELECT count(*) FROM "FeedEntry" f WHERE f."articleId" = a."id")
            OR a."feedPosition" <> (SELECT coalesce(max(f."position"), 0) FROM "FeedEntry" f WHERE f."articleId" = a."id")`
        expect(wrong).toEqual([])
        // The embedded database answers without a turn of the event loop, in which all else happens.
        await turn()
      }
      return looks
    }
    const watching = watch()
    const shuffled = (step: number) =>
      comments.map((_, index) => comments[(index * step) % comments.length] as string)
    try {
      await Promise.all([
        approve(comments, first),
        approve(comments.toReversed(), second),
        approve(shuffled(5), await app.token('moderator', { name: 'Third' })),
        reject(shuffled(3).slice(0, 20), first),
        reject(comments.toReversed().slice(0, 20), second),
        ...comments.slice(0, 10).map((id) => approve([id], second)),
      ])
    } finally {
      deciding = false
    }
    expect(await watching).toBeGreaterThan(0)
    for (const story of stories) await checkFeed(prisma, story.key)
  })
})

describe('nothing changes the words of a comment', () => {
  test('in the schema: only submitting takes a body', async () => {
    const { __schema } =
      await app.ask(`{ __schema { types { name kind inputFields { name } fields { args { name } } }
      mutationType { fields { name } } } }`)
    const names: string[] = __schema.mutationType.fields.map(({ name }: { name: string }) => name)
    expect(names.filter((name) => /comment(s|$)/i.test(name)).sort()).toEqual([
      'approveComments',
      'rejectComments',
      'submitComment',
    ])
    const withBody = __schema.types.filter(({ inputFields, fields: own }: Json) =>
      [...(inputFields ?? []), ...(own ?? []).flatMap(({ args }: Json) => args)].some(
        ({ name }) => name === 'body',
      ),
    )
    expect(withBody.map(({ name }: { name: string }) => name)).toEqual(['SubmitCommentInput'])
  })

  test('in the database: it refuses', async () => {
    const [id] = await addPending(app.database.prisma, key, 1)
    const edit = app.database.prisma.comment.update({ where: { id }, data: { body: 'Other words' } })
    await expect(edit).rejects.toThrow('a comment is never edited')
  })
})

test('a rejection takes down what was approved before it arrived, and nothing that was approved after', async () => {
  const { prisma } = app.database
  const moderatorNamed = (name: string) => ({
    prisma,
    bus: app.services.bus,
    viewer: { role: 'moderator' as const, subject: name, displayName: name, expiresAt: null },
  })
  const at = (second: number) => new Date(Date.UTC(2026, 4, 1, 12, 0, second))
  for (const [arrived, taken] of [
    [9, false],
    [10, true],
    [11, true],
  ] as const) {
    const ids = await addPending(prisma, key, 1)
    await decide({ verdict: 'APPROVED', ids }, { ...moderatorNamed('first'), now: () => at(10) })
    const [outcome] = await decide(
      { verdict: 'REJECTED', ids, guidelines: ['RELEVANCE'] },
      { ...moderatorNamed('second'), now: () => at(12), receivedAt: at(arrived) },
    )
    const { status } = await prisma.comment.findUniqueOrThrow({ where: { id: ids[0] } })
    expect([arrived, 'failure' in outcome!, status]).toEqual([
      arrived,
      !taken,
      taken ? 'REJECTED' : 'APPROVED',
    ])
  }
})
