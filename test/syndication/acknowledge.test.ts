import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { PrismaClient } from '../../src/db/client/client.ts'
import { audienceForRemovals } from '../../src/licensing/partner-audience.ts'
import { acknowledge } from '../../src/syndication/acknowledge.ts'
import { endOfSequence } from '../../src/syndication/changes.ts'
import { type Place, START, writeChangeCursor, writeRemovalCursor } from '../../src/syndication/cursor.ts'
import { readEntries, readRemovals } from '../../src/syndication/entries.ts'
import { recordDeliveries } from '../../src/syndication/ledger.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner, relicense } from '../support/partner.ts'

// What stands before a place in the change sequence: what is read up to it, and what is confirmed by it.

const T1 = new Date('2026-03-01T12:00:01Z')
const T2 = new Date('2026-03-01T12:00:02Z')

let database: TestDatabase
let prisma: PrismaClient
let partner: { id: string; slug: string }
let start: number

beforeAll(async () => {
  database = await freshDatabase()
  prisma = database.prisma
})

// Each test has a partner of its own, and begins where the sequence ends.
beforeEach(async () => {
  partner = await addPartner(prisma)
  start = (await endOfSequence(prisma)).head
})

afterAll(() => database.close())

const head = async () => (await endOfSequence(prisma)).head
const give = (articleId: string, kind: 'ARTICLE' | 'REMOVAL' = 'ARTICLE', version = 1) =>
  recordDeliveries(prisma, { partnerId: partner.id, via: 'REST', at: T1 }, [
    { articleId, version, kind, lapsesAt: null },
  ])
const holding = (articleId: string) =>
  prisma.holding.findUniqueOrThrow({
    where: { partnerId_articleId: { partnerId: partner.id, articleId } },
  })

async function confirm(place: Place, ahead: Place | null = null) {
  const { epoch } = await endOfSequence(prisma)
  const cursor = writeChangeCursor({ epoch, ...place, ahead })
  return acknowledge({ partnerId: partner.id, cursor }, { prisma, now: () => T2 })
}

const place = (position: number, within: string | null = null): Place => ({ position, within })

describe('an acknowledgement', () => {
  test('confirms what was given, in its version, with its lines, and not twice', async () => {
    const { key } = await addArticle(prisma)
    await give(key)
    expect(await confirm(place(start + 1))).toEqual({ confirmed: 1, removed: 0 })
    expect(await holding(key)).toMatchObject({ confirmed: 1, confirmedAt: T2, removedAt: null })
    const where = { partnerId: partner.id }
    expect(await prisma.delivery.findMany({ where })).toMatchObject([{ acknowledgedAt: T2 }])
    expect(await confirm(place(start + 1))).toEqual({ confirmed: 0, removed: 0 })
  })

  test('confirms no story that changed behind it, nor one whose licence did', async () => {
    const { key, slug } = await addArticle(prisma)
    await give(key)
    await addArticle(prisma, { slug, headline: 'Changed' })
    expect(await confirm(place(start + 1))).toEqual({ confirmed: 0, removed: 0 })
    await give(key, 'ARTICLE', 2)
    await relicense(prisma, partner.slug, { fullText: false })
    expect(await confirm(place(start + 2))).toEqual({ confirmed: 0, removed: 0 })
    expect(await confirm(place(start + 3))).toEqual({ confirmed: 1, removed: 0 })
    expect(await holding(key)).toMatchObject({ confirmed: 2 })
  })

  test('within a licence change confirms the articles up to its own', async () => {
    const keys = [(await addArticle(prisma)).key, (await addArticle(prisma)).key].sort()
    const [one, two] = keys as [string, string]
    for (const key of keys) await give(key)
    await relicense(prisma, partner.slug, { fullText: false })
    expect(await confirm(place(start + 2, one))).toEqual({ confirmed: 1, removed: 0 })
    expect([(await holding(one)).confirmed, (await holding(two)).confirmed]).toEqual([1, null])
    await relicense(prisma, partner.slug, { fullText: true })
    expect(await confirm(place(start + 2, two))).toEqual({ confirmed: 0, removed: 0 })
  })

  test('is held up by no change of a licence of somebody else', async () => {
    const { key } = await addArticle(prisma)
    await give(key)
    const other = await addPartner(prisma)
    await relicense(prisma, other.slug, { fullText: false })
    // Nor by one of the story that concerns only another partner.
    await prisma.$transaction(async (tx) => {
      const { position } = await tx.changeHead.update({
        where: { id: 1 },
        data: { position: { increment: 1 } },
      })
      const entry = { position, articleId: key, kind: 'RIGHTS_CHANGED', version: 1, at: T2 } as const
      await tx.articleChange.create({ data: { ...entry, partnerId: other.id } })
    })
    expect(await confirm(place(start + 1))).toEqual({ confirmed: 1, removed: 0 })
  })

  test('confirms removals that were told before their turn, and no story that stands between', async () => {
    const { key: gone, slug } = await addArticle(prisma)
    const { key: kept, slug: other } = await addArticle(prisma)
    await give(gone)
    await give(kept)
    await addArticle(prisma, { slug: other, headline: 'Changed' })
    await addArticle(prisma, { slug, status: 'WITHHELD' })
    await give(gone, 'REMOVAL', 2)
    expect(await confirm(place(start + 2))).toEqual({ confirmed: 0, removed: 0 })
    expect(await confirm(place(start + 2), place(start + 3))).toEqual({ confirmed: 0, removed: 0 })
    expect(await confirm(place(start + 2), place(start + 4))).toEqual({ confirmed: 0, removed: 1 })
    expect(await holding(gone)).toMatchObject({ removedAt: T2, removalNotifiedAt: T1 })
    expect(await holding(kept)).toMatchObject({ confirmed: null })
    const removal = { partnerId: partner.id, articleId: gone, kind: 'REMOVAL' } as const
    expect(await prisma.delivery.findFirst({ where: removal })).toMatchObject({ acknowledgedAt: T2 })
    const story = { partnerId: partner.id, articleId: gone, kind: 'ARTICLE' } as const
    expect(await prisma.delivery.findFirst({ where: story })).toMatchObject({ acknowledgedAt: null })
  })

  test('of a removal that was only attempted counts as told by it', async () => {
    const { key, slug } = await addArticle(prisma)
    await give(key)
    await addArticle(prisma, { slug, status: 'WITHHELD' })
    await recordDeliveries(prisma, { partnerId: partner.id, via: 'WEBHOOK', at: T1 }, [
      { articleId: key, version: 2, kind: 'REMOVAL', lapsesAt: null },
    ])
    expect(await confirm(place(start + 2))).toEqual({ confirmed: 0, removed: 1 })
    expect(await holding(key)).toMatchObject({ removalAttemptedAt: T1, removalNotifiedAt: T2, removedAt: T2 })
  })

  test('of the removals says nothing of articles', async () => {
    const { key } = await addArticle(prisma)
    const { key: gone, slug } = await addArticle(prisma)
    await give(key)
    await give(gone)
    await addArticle(prisma, { slug, status: 'WITHHELD' })
    await give(gone, 'REMOVAL', 2)
    const { epoch } = await endOfSequence(prisma)
    const cursor = writeRemovalCursor({ epoch, ...place(start + 3) })
    expect(await acknowledge({ partnerId: partner.id, cursor }, { prisma, now: () => T2 })).toEqual({
      confirmed: 0,
      removed: 1,
    })
    expect(await holding(key)).toMatchObject({ confirmed: null })
  })

  test('says nothing of what other partners have', async () => {
    const { key } = await addArticle(prisma)
    await give(key)
    const mine = partner
    partner = await addPartner(prisma)
    expect(await confirm(place(start + 1))).toEqual({ confirmed: 0, removed: 0 })
    partner = mine
    expect(await holding(key)).toMatchObject({ confirmed: null })
  })

  test('of what lies ahead is refused', async () => {
    const end = await head()
    expect(await confirm(place(end))).toEqual({ confirmed: 0, removed: 0 })
    await expect(confirm(place(end + 1))).rejects.toMatchObject({ code: 'UNKNOWN_CURSOR' })
    await expect(confirm(place(0), place(end + 1))).rejects.toMatchObject({ code: 'UNKNOWN_CURSOR' })
  })
})

describe('what is read of the sequence', () => {
  const range = async (take: number, after: Place = place(start)) => ({
    audience: await audienceForRemovals(partner.id, prisma),
    after,
    upTo: await head(),
    take,
  })

  test('is no more than is wanted, and ends behind what was read', async () => {
    const keys: string[] = []
    for (let i = 0; i < 3; i += 1) keys.push((await addArticle(prisma)).key)
    const some = await readEntries(prisma, await range(2))
    expect(some.articles.map(({ articleId, position }) => [articleId, position])).toEqual([
      [keys[0], start + 1],
      [keys[1], start + 2],
    ])
    expect(some.end).toEqual(place(start + 2))
    const rest = await readEntries(prisma, await range(2, some.end))
    expect([rest.articles.length, rest.end]).toEqual([1, place(start + 3)])
    const nothing = await readEntries(prisma, await range(2, rest.end))
    expect(nothing).toEqual({ articles: [], end: place(start + 3) })
    // The last position is read, and none behind it.
    const bounded = await readEntries(prisma, { ...(await range(9)), upTo: start + 2 })
    expect(bounded.articles).toHaveLength(2)
  })

  test('is for editors what is about articles, for a partner its own licence too, and for nobody that of others', async () => {
    const { key } = await addArticle(prisma)
    await relicense(prisma, partner.slug, { fullText: false })
    await relicense(prisma, (await addPartner(prisma)).slug, { fullText: false })
    const kinds = async (more: object) =>
      (await readEntries(prisma, { ...(await range(1_000)), ...more })).articles
        .filter(({ articleId }) => articleId === key)
        .map(({ kind }) => kind)
    expect(await kinds({})).toEqual(['PUBLISHED', 'RIGHTS_CHANGED'])
    for (const audience of [{ kind: 'newsroom' }, { kind: 'public' }] as const) {
      expect(await kinds({ audience })).toEqual(['PUBLISHED'])
    }
  })

  test('of a licence change is read in parts, each story once', async () => {
    for (let i = 0; i < 3; i += 1) await addArticle(prisma)
    await relicense(prisma, partner.slug, { fullText: false })
    const after = place((await head()) - 1)
    const whole = await readEntries(prisma, await range(10_000, after))
    expect(whole.end).toEqual(place(await head()))
    const ids = whole.articles.map(({ articleId }) => articleId)
    expect(ids.length).toBeGreaterThan(2)
    expect(ids).toEqual(ids.toSorted())
    const parts: string[] = []
    let end: Place = after
    for (let size = -1; size !== 0; ) {
      const part: Awaited<ReturnType<typeof readEntries>> = await readEntries(prisma, await range(2, end))
      size = part.articles.length
      parts.push(...part.articles.map(({ articleId }) => articleId))
      ;({ end } = part)
    }
    expect(parts).toEqual(ids)
    expect(end).toEqual(place(await head()))
  })

  test('of removals is what the partner was given and may not have, by the last entry of each', async () => {
    const had = await addArticle(prisma)
    const never = await addArticle(prisma)
    const back = await addArticle(prisma)
    for (const { key } of [had, back]) await give(key)
    await addArticle(prisma, { slug: had.slug, status: 'WITHHELD' })
    await addArticle(prisma, { slug: never.slug, status: 'WITHHELD' })
    await addArticle(prisma, { slug: back.slug, status: 'WITHHELD' })
    await addArticle(prisma, { slug: back.slug, status: 'USABLE' })
    await addArticle(prisma, { slug: had.slug, status: 'CANCELED' })
    const now = new Date()
    const read = async (take: number, after: Place) =>
      readRemovals(prisma, { ...(await range(take, after)) }, now)
    const { articles, end } = await read(10, START)
    expect(articles.map(({ articleId, position }) => [articleId, position])).toEqual([
      [had.key, await head()],
    ])
    expect(end).toEqual(place(await head()))
    expect((await read(10, end)).articles).toEqual([])
  })

  test('of removals by a licence is read in parts too', async () => {
    const keys: string[] = []
    for (let i = 0; i < 3; i += 1) {
      const { key } = await addArticle(prisma)
      await give(key)
      keys.push(key)
    }
    await relicense(prisma, partner.slug, { languages: ['de'] })
    const seen: string[] = []
    // Behind their own entries, which tell of the same.
    let end: Place = place(start + 3)
    for (let i = 0; i < 10 && (i === 0 || end.position < (await head())); i += 1) {
      const part = await readRemovals(prisma, await range(1, end), new Date())
      seen.push(...part.articles.map(({ articleId }) => articleId))
      ;({ end } = part)
    }
    expect(seen.toSorted()).toEqual(keys.toSorted())
  })
})
