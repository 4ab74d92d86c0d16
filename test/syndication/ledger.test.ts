import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { DeliveryWay, PrismaClient } from '../../src/db/client/client.ts'
import { type DeliveryRequest, recordDelivery } from '../../src/syndication/delivery.ts'
import { everDelivered } from '../../src/syndication/holdings.ts'
import {
  acknowledgeDelivery,
  type DeliveryRecord,
  recordArrival,
  recordDeliveries,
  recordFailure,
} from '../../src/syndication/ledger.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner, relicense } from '../support/partner.ts'

// What is written down of a story that goes to a partner, attempt by attempt.

const T1 = new Date('2026-03-01T12:00:01Z')
const T2 = new Date('2026-03-01T12:00:02Z')
const T3 = new Date('2026-03-01T12:00:03Z')
const LAPSE = new Date('2026-04-01T00:00:00Z')

let database: TestDatabase
let prisma: PrismaClient
let partnerId: string
let slug: string
let articleId: string
let storySlug: string

beforeAll(async () => {
  database = await freshDatabase()
  prisma = database.prisma
})

// Each test has a partner and a story of its own.
beforeEach(async () => {
  ;({ id: partnerId, slug } = await addPartner(prisma))
  ;({ key: articleId, slug: storySlug } = await addArticle(prisma))
})

afterAll(() => database.close())

const story = (version = 1, lapsesAt: Date | null = null): DeliveryRecord => ({
  articleId,
  version,
  kind: 'ARTICLE',
  lapsesAt,
})
const removal = (version = 1): DeliveryRecord => ({ articleId, version, kind: 'REMOVAL', lapsesAt: null })
const give = (via: DeliveryWay, at: Date, ...deliveries: DeliveryRecord[]) =>
  recordDeliveries(prisma, { partnerId, via, at }, deliveries)
const holding = () => prisma.holding.findUnique({ where: { partnerId_articleId: { partnerId, articleId } } })
const lines = () =>
  prisma.delivery.findMany({ where: { partnerId }, orderBy: [{ firstAt: 'asc' }, { version: 'asc' }] })

describe('a story that is given', () => {
  test('is held from then on, in that version, until the right to it lapses', async () => {
    await give('REST', T1, story(1, LAPSE))
    expect(await holding()).toEqual({
      partnerId,
      articleId,
      version: 1,
      since: T1,
      lapsesAt: LAPSE,
      removalAttemptedAt: null,
      removalNotifiedAt: null,
      removedAt: null,
      confirmed: null,
      confirmedAt: null,
    })
    expect(await lines()).toMatchObject([
      { articleId, version: 1, kind: 'ARTICLE', via: 'REST', firstAt: T1, lastAt: T1, times: 1, failures: 0 },
    ])
  })

  test('again is counted on its line, and keeps the moment since which it is held', async () => {
    await give('REST', T2, story(1, LAPSE))
    await give('REST', T3, story())
    await give('REST', T1, story())
    expect(await lines()).toMatchObject([{ firstAt: T2, lastAt: T3, times: 3, deliveredAt: T2 }])
    expect(await holding()).toMatchObject({ version: 1, since: T2, lapsesAt: null })
  })

  test('on another way has a line of its own', async () => {
    await give('REST', T1, story())
    await give('FEED', T2, story())
    expect(await lines()).toMatchObject([{ via: 'REST' }, { via: 'FEED' }])
    expect(await holding()).toMatchObject({ since: T1 })
  })

  test('in a newer version is held since then, and an older one takes nothing back', async () => {
    await give('REST', T1, story(2))
    await give('REST', T2, story(3))
    expect(await holding()).toMatchObject({ version: 3, since: T2 })
    await give('REST', T3, story(1))
    expect(await holding()).toMatchObject({ version: 3, since: T2 })
    expect(await lines()).toHaveLength(3)
  })

  test('after it had to go is held anew, and nothing is left of its removal', async () => {
    await give('REST', T1, story())
    await give('REST', T2, removal())
    await prisma.holding.updateMany({ where: { partnerId }, data: { removedAt: T2 } })
    await give('REST', T3, story())
    expect(await holding()).toMatchObject({
      since: T3,
      removalAttemptedAt: null,
      removalNotifiedAt: null,
      removedAt: null,
    })
  })

  test('nothing is written of nothing', async () => {
    await give('REST', T1)
    expect(await lines()).toEqual([])
    expect(await everDelivered(prisma, partnerId, [])).toEqual(new Set())
  })
})

describe('a delivery', () => {
  test.each(['GRAPHQL', 'SUBSCRIPTION', 'REST', 'FEED'] as const)(
    'by %s is told, because the partner asked for it',
    async (via) => {
      await give(via, T1, story())
      await give(via, T2, removal())
      expect(await lines()).toMatchObject([{ deliveredAt: T1 }, { deliveredAt: T2 }])
      expect(await holding()).toMatchObject({ removalAttemptedAt: T2, removalNotifiedAt: T2 })
    },
  )

  test.each(['WEBHOOK', 'WEBSUB'] as const)('by %s is attempted, and told when it arrives', async (via) => {
    await give(via, T1, story())
    await give(via, T1, removal())
    expect(await lines()).toMatchObject([{ deliveredAt: null }, { deliveredAt: null }])
    expect(await holding()).toMatchObject({ removalAttemptedAt: T1, removalNotifiedAt: null })
    // A second attempt does not move the first, and what arrives in another way is told by that.
    await give(via, T2, removal())
    expect(await holding()).toMatchObject({ removalAttemptedAt: T1, removalNotifiedAt: null })
    await recordArrival(prisma, { partnerId, via, at: T3 }, [removal()])
    expect(await holding()).toMatchObject({ removalAttemptedAt: T1, removalNotifiedAt: T3, removedAt: null })
    const told = (await lines()).map(({ kind, deliveredAt }) => [kind, deliveredAt])
    expect(told).toContainEqual(['REMOVAL', T3])
    expect(told).toContainEqual(['ARTICLE', null])
  })

  test('that was told stays told at the first time', async () => {
    await give('WEBHOOK', T1, story())
    await give('WEBHOOK', T1, removal())
    await give('REST', T2, removal())
    await recordArrival(prisma, { partnerId, via: 'WEBHOOK', at: T3 }, [removal()])
    await recordArrival(prisma, { partnerId, via: 'WEBHOOK', at: LAPSE }, [removal()])
    expect(await holding()).toMatchObject({ removalNotifiedAt: T2 })
    const { deliveredAt } = await prisma.delivery.findFirstOrThrow({
      where: { partnerId, kind: 'REMOVAL', via: 'WEBHOOK' },
    })
    expect(deliveredAt).toEqual(T3)
  })

  test('of a removal ends the term, and of a story that was never held makes nobody a holder', async () => {
    await give('REST', T1, removal())
    expect(await holding()).toBeNull()
    await give('REST', T1, story(1, LAPSE))
    await give('REST', T2, removal())
    expect(await holding()).toMatchObject({ lapsesAt: null })
  })

  test('that failed says how often, when and why, on its own line only', async () => {
    await give('WEBHOOK', T1, story(1))
    await give('WEBSUB', T1, story(1))
    await give('WEBHOOK', T1, story(2))
    const failed = { partnerId, via: 'WEBHOOK', reason: 'the receiver answered 500' } as const
    await recordFailure(prisma, { ...failed, at: T2 }, [story(1)])
    await recordFailure(prisma, { ...failed, at: T3, reason: 'x'.repeat(501) }, [story(1)])
    const rows = await lines()
    const of = (via: string, version: number) =>
      rows.find((row) => row.via === via && row.version === version)
    expect(of('WEBHOOK', 1)).toMatchObject({ failures: 2, failedAt: T3, failure: 'x'.repeat(500) })
    expect(of('WEBHOOK', 2)).toMatchObject({ failures: 0, failedAt: null, failure: null })
    expect(of('WEBSUB', 1)).toMatchObject({ failures: 0 })
  })
})

describe('a delivery that the partner confirms with its answer', () => {
  const confirm = (at: Date, { version, kind }: DeliveryRecord) =>
    acknowledgeDelivery(prisma, { partnerId, articleId, version, kind, via: 'WEBHOOK', at })

  test('confirms that version, on the line of that way', async () => {
    await give('WEBHOOK', T1, story(2))
    await give('REST', T1, story(2))
    await confirm(T2, story(2))
    expect(await holding()).toMatchObject({ confirmed: 2, confirmedAt: T2 })
    const rows = (await lines()).map(({ via, deliveredAt, acknowledgedAt }) => [
      via,
      deliveredAt,
      acknowledgedAt,
    ])
    expect(rows).toContainEqual(['WEBHOOK', T2, T2])
    expect(rows).toContainEqual(['REST', T1, null])
    await confirm(T3, story(2))
    expect(await holding()).toMatchObject({ confirmed: 2, confirmedAt: T3 })
    expect((await lines()).find(({ via }) => via === 'WEBHOOK')).toMatchObject({ acknowledgedAt: T2 })
  })

  test('of an older version takes no newer one back', async () => {
    await give('WEBHOOK', T1, story(1))
    await give('WEBHOOK', T1, story(2))
    await confirm(T2, story(2))
    await confirm(T3, story(1))
    expect(await holding()).toMatchObject({ confirmed: 2, confirmedAt: T2 })
  })

  test('of a removal is told and removed, once', async () => {
    await give('WEBHOOK', T1, story())
    await give('WEBHOOK', T1, removal())
    await confirm(T2, removal())
    expect(await holding()).toMatchObject({ removalNotifiedAt: T2, removedAt: T2, confirmed: null })
    await confirm(T3, removal())
    expect(await holding()).toMatchObject({ removalNotifiedAt: T2, removedAt: T2 })
  })

  test('of a removal that was taken back meanwhile removes nothing', async () => {
    await give('WEBHOOK', T1, story())
    await give('WEBHOOK', T1, removal())
    await give('REST', T2, story())
    await confirm(T3, removal())
    expect(await holding()).toMatchObject({ removalNotifiedAt: null, removedAt: null })
  })
})

test('who was ever given a story is known by it, also after it had to go', async () => {
  const { key: other } = await addArticle(prisma)
  await give('REST', T1, story())
  await give('REST', T2, removal())
  expect(await everDelivered(prisma, partnerId, [articleId, other])).toEqual(new Set([articleId]))
  const stranger = await addPartner(prisma)
  expect(await everDelivered(prisma, stranger.id, [articleId])).toEqual(new Set())
})

describe('what was read is handed over', () => {
  const head = async () => (await prisma.changeHead.findUniqueOrThrow({ where: { id: 1 } })).position
  const request = (at: number): DeliveryRequest => ({
    partnerId,
    via: 'REST',
    head: at,
    deliveries: [story()],
  })
  const deps = () => ({ prisma, now: () => T1 })

  test.each<[string, () => Promise<unknown>, boolean]>([
    ['nothing happened', async () => {}, true],
    ['another story changed', () => addArticle(prisma), true],
    ['the story changed', () => addArticle(prisma, { slug: storySlug, headline: 'Other' }), false],
    ['its licence changed', () => relicense(prisma, slug, { fullText: false }), false],
    [
      "another partner's licence changed",
      async () => relicense(prisma, (await addPartner(prisma)).slug, { fullText: false }),
      true,
    ],
    ['the story changed for the partner', () => changeFor(partnerId), false],
    ['the story changed for another one', async () => changeFor((await addPartner(prisma)).id), true],
  ])('or not, where since then %s', async (_what, meanwhile, isHanded) => {
    const before = await head()
    await meanwhile()
    expect(await recordDelivery(request(before), deps())).toBe(isHanded)
    expect(await lines()).toHaveLength(isHanded ? 1 : 0)
    expect((await holding()) !== null).toBe(isHanded)
  })

  test('at once where there is nothing to hand over', async () => {
    expect(await recordDelivery({ ...request(0), deliveries: [] }, deps())).toBe(true)
  })

  async function changeFor(whom: string) {
    const at = new Date()
    await prisma.$transaction(async (tx) => {
      const { position } = await tx.changeHead.update({
        where: { id: 1 },
        data: { position: { increment: 1 } },
      })
      const data = { position, articleId, kind: 'RIGHTS_CHANGED', version: 1, partnerId: whom, at } as const
      await tx.articleChange.create({ data })
    })
  }
})
