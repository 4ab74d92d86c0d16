import { afterAll, beforeAll, expect, test } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle, addComment, approve, globalId, reject } from '../support/newsroom.ts'

let app: TestApp
let moderator: string
const waiting: string[] = []

beforeAll(async () => {
  app = await freshApp()
  moderator = await app.token('moderator')
  const { prisma } = app.database
  const { key } = await addArticle(prisma)
  const times = [5, 3, 9, 1, 1, 7, 2, 8, 4, 6]
  const rows: { id: string; at: number }[] = []
  for (const [index, minute] of times.entries()) {
    const at = new Date(Date.UTC(2026, 0, 1, 12, minute))
    const { id } = await addComment(prisma, key, { body: `Comment ${index}`, by: `${index}`, at })
    rows.push({ id, at: minute })
  }
  await approve(prisma, [rows[2]?.id as string])
  await reject(prisma, [rows[5]?.id as string])
  const left = rows.filter((_, index) => index !== 2 && index !== 5)
  left.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  waiting.push(...left.map(({ id }) => globalId('Comment', id)))
})
afterAll(() => app.close())

async function page(variables: object, by: string | undefined = moderator): Promise<Json> {
  return (await app.ask(operationText('ModerationQueue'), variables, by)).moderationQueue
}

const idsIn = ({ edges }: { edges: { node: { id: string } }[] }) => edges.map(({ node }) => node.id)

test('the queue holds what waits, longest waiting first', async () => {
  expect(idsIn(await page({}))).toEqual(waiting)
})

test('page by page it is the same queue, whatever the size of the page', async () => {
  for (const first of [1, 3, 8]) {
    const ids: string[] = []
    for (let after: string | null = null, more = true; more; ) {
      const part: Json = await page({ first, after })
      ids.push(...idsIn(part))
      after = part.pageInfo.endCursor
      more = part.pageInfo.hasNextPage
    }
    expect(ids).toEqual(waiting)
  }
})

test('what is decided while one pages neither hides nor repeats the rest', async () => {
  const { prisma } = app.database
  const { key } = await addArticle(prisma)
  const rows = []
  for (const minute of [20, 21, 22, 23]) {
    const at = new Date(Date.UTC(2026, 0, 1, 13, minute))
    rows.push(await addComment(prisma, key, { body: `At ${minute}`, by: `${minute}`, at }))
  }
  const last = waiting.length + 2
  const start = await page({ first: last })
  await approve(
    prisma,
    rows.slice(0, 2).map(({ id }) => id),
  )
  const rest = await page({ first: 10, after: start.pageInfo.endCursor })
  expect(idsIn(rest)).toEqual(rows.slice(2).map(({ id }) => globalId('Comment', id)))
  await reject(
    prisma,
    rows.slice(2).map(({ id }) => id),
  )
})

test('only moderators see it', async () => {
  for (const by of [undefined, await app.token('reader')]) {
    const { data, errors } = await app.post(operationText('ModerationQueue'), {}, by)
    expect(data?.moderationQueue ?? null).toBeNull()
    expect(errors).toMatchObject([{ extensions: { code: by ? 'FORBIDDEN' : 'NOT_SIGNED_IN' } }])
  }
})

test('the queue of one language holds no other, however the language is written', async () => {
  const { prisma } = app.database
  const { key, id: articleId } = await addArticle(prisma)
  const add = async (body: string, language: string | null) => {
    const { id } = await addComment(prisma, key, { body, by: body })
    // Comments are never edited, so the language is given by making the row anew.
    const { position, approvedAt, ...row } = await prisma.comment.delete({ where: { id } })
    await prisma.comment.create({ data: { ...row, language } })
  }
  await add('In Turkish', 'tr')
  await add('In Sorani', 'ckb')
  await add('In English', 'en')
  await add('In no language that was said', null)
  const query = `query ($filter: ModerationFilter) { moderationQueue(filter: $filter) { edges { node { body } } } }`
  const bodies = async (filter: object) => {
    const { moderationQueue } = await app.ask(query, { filter: { articleId, ...filter } }, moderator)
    return moderationQueue.edges.map(({ node }: Json) => node.body)
  }
  expect(await bodies({})).toHaveLength(4)
  expect(await bodies({ language: 'ckb' })).toEqual(['In Sorani'])
  expect(await bodies({ language: 'CKB' })).toEqual(['In Sorani'])
  expect(await bodies({ language: 'tr', status: 'APPROVED' })).toEqual([])
  expect(await bodies({ language: 'fr' })).toEqual([])
})
