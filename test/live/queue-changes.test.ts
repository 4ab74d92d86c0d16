import { afterAll, beforeAll, expect, test } from 'vitest'
import { bodyDigestOf } from '../../src/comments/body.ts'
import { deleteOldQueueChanges } from '../../src/live/queue-reads.ts'
import { addPending } from '../comment-feed/fill.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addArticle, approve, reject } from '../support/newsroom.ts'

// The table that triggers fill.

let database: TestDatabase

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.close())

function recorded() {
  return database.prisma.queueChange.findMany({
    select: { commentId: true, decisionId: true },
    orderBy: { writtenAt: 'asc' },
  })
}

test('each pending comment and each decision is recorded, whatever statement writes them', async () => {
  const { prisma } = database
  const { key } = await addArticle(prisma)
  const ids = await addPending(prisma, key, 3)
  await approve(prisma, ids.slice(0, 2))
  await reject(prisma, ids.slice(1))
  const changes = await recorded()
  const decisions = await prisma.decision.findMany()
  const sorted = (texts: string[]) => texts.toSorted()
  expect(sorted(changes.map(({ commentId, decisionId }) => `${commentId} ${decisionId}`))).toEqual(
    sorted([...ids.map((id) => `${id} null`), ...decisions.map(({ id, commentId }) => `${commentId} ${id}`)]),
  )
  expect(changes.slice(0, 3).map(({ decisionId }) => decisionId)).toEqual([null, null, null])
})

test('a comment that is stored with a status is not recorded', async () => {
  const { prisma } = database
  const { key } = await addArticle(prisma)
  const reader = await prisma.reader.create({
    data: { subject: 'imported', displayName: 'Imported', createdAt: new Date() },
  })
  const before = await recorded()
  await prisma.comment.create({
    data: {
      articleId: key,
      readerId: reader.id,
      body: 'old',
      bodyDigest: bodyDigestOf('old'),
      submittedAt: new Date(),
      status: 'REJECTED',
    },
  })
  expect(await recorded()).toEqual(before)
})

test('records are deleted after an hour', async () => {
  const { prisma } = database
  const [first, ...others] = await prisma.queueChange.findMany({ orderBy: { writtenAt: 'asc' } })
  await prisma.queueChange.update({
    where: { id: first?.id },
    data: { writtenAt: new Date(Date.now() - 61 * 60_000) },
  })
  await deleteOldQueueChanges(prisma)
  expect(await prisma.queueChange.count()).toBe(others.length)
})
