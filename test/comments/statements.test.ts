import { afterAll, beforeAll, expect, test } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { addPending } from '../comment-feed/fill.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle, globalId } from '../support/newsroom.ts'
import { statementsOfRequests } from '../support/statements.ts'

// How many SQL statements a submission and a decision take, the lookup of the viewer left out. COMMIT is one of them.

let app: TestApp
let reader: string
let moderator: string
const statements: string[] = []

beforeAll(async () => {
  app = await freshApp({
    onStatement: statementsOfRequests((sql) => statements.push(sql)),
    pollMs: 3_600_000,
    changePollMs: 3_600_000,
  })
  reader = await app.token('reader')
  moderator = await app.token('moderator')
})
afterAll(() => app.close())

async function statementsOf(operation: () => Promise<Json>): Promise<number> {
  statements.length = 0
  await operation()
  return statements.filter((sql) => !/"standing" = 'BANNED'|"dueAt" <=/.test(sql)).length
}

async function pending(count: number, articles: number): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < articles; i++) {
    const { key } = await addArticle(app.database.prisma)
    ids.push(...(await addPending(app.database.prisma, key, count / articles)))
  }
  return ids.map((id) => globalId('Comment', id))
}

async function decide(operation: 'ApproveComments' | 'RejectComments', ids: string[]): Promise<void> {
  const { approveComments, rejectComments } = await app.ask(
    operationText(operation),
    { ids, guidelines: ['RELEVANCE'] },
    moderator,
  )
  const { results } = approveComments ?? rejectComments
  expect(results.filter(({ changed }: Json) => changed)).toHaveLength(ids.length)
}

test.each([
  { count: 1, articles: 1, parts: 1 },
  { count: 50, articles: 1, parts: 1 },
  { count: 100, articles: 1, parts: 2 },
  { count: 100, articles: 100, parts: 2 },
])(
  'deciding $count comments on $articles articles takes the same few statements for each 50 comments',
  async ({ count, articles, parts }) => {
    const approved = await pending(count, articles)
    expect(await statementsOf(() => decide('ApproveComments', approved))).toBe(1 + 6 * parts)
    expect(await statementsOf(() => decide('RejectComments', approved))).toBe(2 + 6 * parts)
    const rejected = await pending(count, articles)
    // Nobody is notified of these.
    expect(await statementsOf(() => decide('RejectComments', rejected))).toBe(2 + 5 * parts)
  },
)

test('a submission takes four statements, and a reply no more', async () => {
  const { id: articleId } = await addArticle(app.database.prisma)
  let count = 0
  let id = ''
  const submit = async (parentId: string | null) => {
    const input = { articleId, parentId, body: `Comment ${++count}` }
    const { submitComment } = await app.ask(operationText('SubmitComment'), { input }, reader)
    id = submitComment.comment.id
  }
  expect(await statementsOf(() => submit(null))).toBe(4)
  expect(await statementsOf(() => submit(null))).toBe(4)
  await decide('ApproveComments', [id])
  expect(await statementsOf(() => submit(id))).toBe(4)
})
