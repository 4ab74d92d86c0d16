import { afterAll, beforeAll, expect, test } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle, addComment, approve, globalId, reject } from '../support/newsroom.ts'

let app: TestApp
let moderator: string
let articles: { key: string; id: string }[]
const ids: string[] = []

beforeAll(async () => {
  app = await freshApp()
  moderator = await app.token('moderator', { name: 'Nadia' })
  const { prisma } = app.database
  articles = [await addArticle(prisma), await addArticle(prisma)]
  for (let i = 0; i < 4; i++) {
    const { id } = await addComment(prisma, articles[i % 2]!.key, { body: `Comment ${i}`, by: `${i}` })
    ids.push(id)
  }
  await approve(prisma, [ids[0]!], 'Ann')
  await approve(prisma, [ids[1]!], 'Ben')
  await reject(prisma, [ids[2]!], 'Ann')
  await reject(prisma, [ids[0]!], 'Ben')
})
afterAll(() => app.close())

async function decisions(filter: object = {}, more: object = {}): Promise<Json> {
  return (await app.ask(operationText('Decisions'), { filter, ...more }, moderator)).decisions
}
const told = ({ edges }: Json) =>
  edges.map(({ node }: Json) => `${node.moderatorName} ${node.verdict} ${node.comment.body}`)

test('moderators see what was decided and by whom, latest first', async () => {
  const all = await decisions()
  expect(told(all)).toEqual([
    'Ben REJECTED Comment 0',
    'Ann REJECTED Comment 2',
    'Ben APPROVED Comment 1',
    'Ann APPROVED Comment 0',
  ])
  expect(all.edges[0].node).toMatchObject({
    moderator: 'moderator-Ben',
    guidelines: [{ code: 'RELEVANCE' }],
    comment: { status: 'REJECTED' },
  })
})

test('decisions are filtered by moderator, verdict, article and time', async () => {
  expect(told(await decisions({ moderator: 'moderator-Ann' }))).toHaveLength(2)
  expect(told(await decisions({ verdict: 'APPROVED' }))).toEqual([
    'Ben APPROVED Comment 1',
    'Ann APPROVED Comment 0',
  ])
  expect(told(await decisions({ articleId: articles[1]!.id }))).toEqual(['Ben APPROVED Comment 1'])
  const { at } = (await decisions()).edges[1].node
  expect(told(await decisions({ decidedFrom: at }))).toHaveLength(2)
  expect(told(await decisions({ decidedBefore: at }))).toHaveLength(2)
})

test('the pages of decisions follow each other', async () => {
  const first = await decisions({}, { first: 3 })
  const second = await decisions({}, { first: 3, after: first.pageInfo.endCursor })
  expect([...told(first), ...told(second)]).toEqual(told(await decisions()))
})

test('one comment has its record of decisions', async () => {
  const { node } = await app.ask(
    operationText('CommentRecord'),
    { id: globalId('Comment', ids[0]!) },
    moderator,
  )
  expect(node.decisions.map(({ verdict, moderatorName }: Json) => [verdict, moderatorName])).toEqual([
    ['APPROVED', 'Ann'],
    ['REJECTED', 'Ben'],
  ])
})

test('a conflict names who decided what and when', async () => {
  const id = globalId('Comment', ids[0]!)
  const { approveComments } = await app.ask(operationText('ApproveComments'), { ids: [id] }, moderator)
  expect(approveComments.results).toMatchObject([
    {
      __typename: 'DecisionConflict',
      comment: { id, status: 'REJECTED' },
      decision: { verdict: 'REJECTED', moderatorName: 'Ben', at: expect.any(String) },
    },
  ])
})
