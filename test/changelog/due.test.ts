import { afterAll, beforeAll, expect, test } from 'vitest'
import { notifyPublisher } from '../../src/bus/notify.ts'
import { readChangeHead } from '../../src/changelog/head.ts'
import { type NewChange, recordChanges } from '../../src/changelog/record.ts'
import { announceDue, boundaryChange } from '../../src/licensing/due-changes.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'

const noon = new Date('2026-03-01T12:00:00Z')
/** What else is known of a story that a partner has. */
const KEPT = { version: 1, since: noon }

const at = (minutes: number) => new Date(noon.getTime() + minutes * 60_000)

let database: TestDatabase
let messages: string[] = []

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.close())

/** Announces what is due at a moment; returns the entries that this wrote. */
async function announced(now: Date) {
  const { prisma } = database
  const { position } = await readChangeHead(prisma)
  messages = []
  const { transaction } = notifyPublisher(prisma)
  const bus: { transaction: typeof transaction } = {
    transaction: (work, options) =>
      transaction(
        (tx) => work(tx, async ({ channel, payload }) => void messages.push(`${channel} ${payload}`)),
        options,
      ),
  }
  await announceDue({ prisma, bus, now: () => now })
  return prisma.articleChange.findMany({
    where: { position: { gt: position } },
    orderBy: { position: 'asc' },
    omit: { position: true },
  })
}

test('nothing that is due writes nothing and tells nobody', async () => {
  await addArticle(database.prisma)
  await addArticle(database.prisma, { embargoedUntil: at(1) })
  expect(await announced(noon)).toEqual([])
  expect(messages).toEqual([])
  await announced(at(1))
})

test('stories whose hour has come are published in the order of the clock, once, and no others', async () => {
  const { prisma } = database
  const later = await addArticle(prisma, { embargoedUntil: noon })
  const sooner = await addArticle(prisma, { publishedAt: at(-1) })
  await prisma.article.update({ where: { id: sooner.key }, data: { dueAt: at(-1) } })
  const notYet = await addArticle(prisma, { embargoedUntil: new Date(noon.getTime() + 1) })
  const changes = await announced(noon)
  const base = { kind: 'PUBLISHED', version: 1, at: noon, partnerId: null, licenceBefore: null }
  expect(changes).toMatchObject([
    { ...base, articleId: sooner.key },
    { ...base, articleId: later.key },
  ])
  const { position } = await readChangeHead(prisma)
  expect(messages).toEqual([`dateline_changes ${position}`])
  expect(await announced(noon)).toEqual([])
  expect(await announced(new Date(noon.getTime() + 1))).toMatchObject([{ articleId: notYet.key }])
})

test('more than 500 stories of one hour are published in one go', async () => {
  const { prisma } = database
  const rows = Array.from({ length: 501 }, (_, i) => ({
    slug: `due-${i}`,
    canonicalUrl: `https://dateline.example/due-${i}`,
    language: 'en',
    headline: 'Due',
    publishedAt: at(10),
    updatedAt: at(10),
    dueAt: at(10),
  }))
  await prisma.article.createMany({ data: rows })
  expect(await announced(at(10))).toHaveLength(501)
  expect(messages).toHaveLength(6)
  expect(await prisma.article.count({ where: { dueAt: { not: null } } })).toBe(0)
})

test('a story that a partner may keep no longer is told to that partner alone, once', async () => {
  const { prisma } = database
  const [one, other] = [await addPartner(prisma), await addPartner(prisma)]
  const { key: articleId } = await addArticle(prisma)
  await prisma.holding.createMany({
    data: [
      { partnerId: one.id, articleId, lapsesAt: at(20) },
      { partnerId: other.id, articleId, lapsesAt: at(21) },
    ].map((holding) => ({ ...holding, ...KEPT })),
  })
  expect(await announced(at(19))).toEqual([])
  expect(await announced(at(20))).toMatchObject([
    { articleId, kind: 'RIGHTS_CHANGED', version: 1, partnerId: one.id, licenceBefore: null },
  ])
  expect(await announced(at(20))).toEqual([])
  expect(await announced(at(22))).toMatchObject([{ articleId, partnerId: other.id }])
})

test('more than 100 stories that a partner may keep no longer are told, each once', async () => {
  const { prisma } = database
  const { id: partnerId } = await addPartner(prisma)
  const stories: string[] = []
  for (let i = 0; i < 101; i++) stories.push((await addArticle(prisma)).key)
  const holdings = stories.map((articleId) => ({ partnerId, articleId, lapsesAt: at(20), ...KEPT }))
  await prisma.holding.createMany({ data: holdings })
  const told = await announced(at(20))
  expect(told.map(({ articleId }) => articleId).sort()).toEqual(stories.sort())
  expect(messages).toHaveLength(2)
  expect(await prisma.holding.count({ where: { partnerId, lapsesAt: { not: null } } })).toBe(0)
})

test('licences that come into or go out of force are told to their partners, each boundary once', async () => {
  const { prisma } = database
  const until = { validFrom: at(30), validUntil: at(40) }
  const one = await addPartner(prisma, { licence: until }, () => noon)
  const other = await addPartner(prisma, { licence: until }, () => noon)
  expect(await announced(at(29))).toEqual([])
  const told = async (now: Date) => {
    const changes = await announced(now)
    for (const change of changes) {
      expect(change).toMatchObject({ articleId: null, kind: 'RIGHTS_CHANGED', at: now })
      expect(change.licenceBefore).toBe(change.version)
    }
    return changes.map(({ partnerId }) => partnerId).toSorted()
  }
  const both = [one.id, other.id].toSorted()
  expect(await told(at(30))).toEqual(both)
  expect(await told(at(30))).toEqual([])
  expect(await told(at(40))).toEqual(both)
  expect(await told(at(1_000))).toEqual([])
})

test('a boundary is an entry about no story, with the licence as it was before', () => {
  expect(boundaryChange({ partnerId: 'p', version: 7 })).toEqual({
    articleId: null,
    kind: 'RIGHTS_CHANGED',
    partnerId: 'p',
    version: 7,
    licenceBefore: 7,
  })
})

test('changes are recorded in their order, behind what is there, and told once', async () => {
  const { prisma } = database
  const partner = await addPartner(prisma)
  const [one, other] = [await addArticle(prisma), await addArticle(prisma)]
  const before = (await readChangeHead(prisma)).position
  const record = (changes: NewChange[]) => {
    messages = []
    return prisma.$transaction((tx) =>
      recordChanges(tx, changes, {
        at: noon,
        publish: async ({ channel, payload }) => void messages.push(`${channel} ${payload}`),
      }),
    )
  }
  expect(await record([])).toBe(before)
  expect(messages).toEqual([])
  const changes: NewChange[] = [
    { articleId: other.key, kind: 'UPDATED', version: 4 },
    { articleId: null, kind: 'RIGHTS_CHANGED', version: 3, licenceBefore: 2, partnerId: partner.id },
    { articleId: one.key, kind: 'RIGHTS_CHANGED', version: 5, partnerId: partner.id },
    { articleId: one.key, kind: 'CORRECTED', version: 6 },
  ]
  expect(await record(changes)).toBe(before + 4)
  expect(messages).toEqual([`dateline_changes ${before + 4}`])
  expect((await readChangeHead(prisma)).position).toBe(before + 4)
  const rows = await prisma.articleChange.findMany({
    where: { position: { gt: before } },
    orderBy: { position: 'asc' },
  })
  expect(rows).toMatchObject(
    changes.map((change, i) => ({
      partnerId: null,
      licenceBefore: null,
      at: noon,
      position: before + 1 + i,
      ...change,
    })),
  )
})
