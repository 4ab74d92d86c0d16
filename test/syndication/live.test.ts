import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Viewer } from '../../src/auth/viewer.ts'
import { notifyPublisher } from '../../src/bus/notify.ts'
import type { PrismaClient } from '../../src/db/client/client.ts'
import type { OperationCharge } from '../../src/graphql/operation-charge.ts'
import { currentCursor } from '../../src/syndication/changes.ts'
import { followChanges } from '../../src/syndication/live.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'

// A subscription to changes from its beginning to its end.

let database: TestDatabase
let prisma: PrismaClient
let partner: { id: string; slug: string }

beforeAll(async () => {
  database = await freshDatabase()
  prisma = database.prisma
})

beforeEach(async () => {
  partner = await addPartner(prisma)
})

afterAll(() => database.close())

/** A subscription whose hints the test gives. */
async function follow({
  after = null,
  charge,
  viewer = {},
}: {
  after?: string | null
  charge?: OperationCharge
  viewer?: Partial<Viewer>
} = {}) {
  const watchers = new Set<() => void>()
  const changes = {
    watch(hint: () => void) {
      watchers.add(hint)
      return async () => void watchers.delete(hint)
    },
  }
  const whole = {
    role: 'partner',
    partnerId: partner.id,
    subject: null,
    displayName: null,
    expiresAt: null,
    ...viewer,
  } as Viewer
  const deps = {
    prisma,
    bus: notifyPublisher(prisma),
    now: () => new Date(),
    publicUrl: 'https://news.example',
    changes: changes as never,
  }
  const stream = await followChanges({ viewer: whole, after, charge }, deps)
  const hint = () => {
    for (const each of watchers) each()
  }
  return { stream, watchers, hint }
}

test('without a cursor it begins now, and tells what comes when a hint says that there is something', async () => {
  await addArticle(prisma, { headline: 'Before' })
  const { stream, hint, watchers } = await follow()
  const next = stream.next()
  await expect.poll(() => watchers.size).toBe(1)
  const { key } = await addArticle(prisma, { headline: 'After' })
  hint()
  expect(await next).toMatchObject({ done: false, value: { articleId: key, kind: 'PUBLISHED' } })
  await stream.return?.()
})

test('behind a cursor it tells all that came since, however much, in order', async () => {
  const after = await currentCursor(prisma)
  const keys: string[] = []
  for (let i = 0; i < 45; i += 1) keys.push((await addArticle(prisma)).key)
  const { stream } = await follow({ after })
  const told: string[] = []
  while (told.length < 45) told.push((await stream.next()).value?.articleId ?? '')
  expect(told).toEqual(keys)
  await stream.return?.()
})

describe('it ends', () => {
  test('at once when the partner leaves while nothing happens, and watches nothing any more', async () => {
    const { stream, watchers } = await follow()
    const next = stream.next()
    await expect.poll(() => watchers.size).toBe(1)
    const ended = vi.fn()
    void stream.return?.()?.then(ended)
    await expect.poll(() => ended.mock.calls.length).toBe(1)
    expect(await next).toEqual({ done: true, value: undefined })
    expect(watchers.size).toBe(0)
  })

  test('with the token', async () => {
    const { stream, watchers } = await follow({ viewer: { expiresAt: new Date(Date.now() - 1) } })
    await expect(stream.next()).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' })
    expect(watchers.size).toBe(0)
  })

  test('when the partner is not served any more', async () => {
    const { stream, hint, watchers } = await follow()
    const next = stream.next()
    next.catch(() => {})
    await expect.poll(() => watchers.size).toBe(1)
    await prisma.partner.update({ where: { id: partner.id }, data: { suspendedAt: new Date() } })
    // Until it is heard: the first look may still be under way.
    const hints = setInterval(hint, 20)
    await expect(next).rejects.toMatchObject({ code: 'FORBIDDEN' })
    clearInterval(hints)
    expect(watchers.size).toBe(0)
  })

  test('at a cursor that is not known', async () => {
    const { stream, watchers } = await follow({ after: 'nonsense' })
    await expect(stream.next()).rejects.toMatchObject({ code: 'UNKNOWN_CURSOR' })
    expect(watchers.size).toBe(0)
  })
})

test('what it tells a partner is in the ledger as told by a subscription', async () => {
  const after = await currentCursor(prisma)
  const { key: articleId } = await addArticle(prisma)
  const { stream } = await follow({ after })
  await stream.next()
  const where = { partnerId: partner.id, articleId }
  expect(await prisma.delivery.findMany({ where })).toMatchObject([{ via: 'SUBSCRIPTION', times: 1 }])
  await stream.return?.()
})

test('with a quota used up it tells of removals only', async () => {
  const after = await currentCursor(prisma)
  const { key: articleId, slug } = await addArticle(prisma)
  const before = await follow({ after })
  await before.stream.next()
  await before.stream.return?.()
  const behind = await currentCursor(prisma)
  await addArticle(prisma)
  await addArticle(prisma, { slug, status: 'WITHHELD' })
  const charge = { exceeded: { retryAfter: 3_600 }, again: vi.fn() } as unknown as OperationCharge
  const { stream } = await follow({ after: behind, charge })
  expect((await stream.next()).value).toMatchObject({ articleId, outcome: { removed: 'WITHHELD' } })
  expect(charge.again).not.toHaveBeenCalled()
  await stream.return?.()
})

test('to an editor it tells of every story, and of no licence', async () => {
  const after = await currentCursor(prisma)
  const editor = { role: 'editor', partnerId: undefined, subject: 'e' } as Partial<Viewer>
  const { key } = await addArticle(prisma, { status: 'WITHHELD' })
  const { stream } = await follow({ after, viewer: editor })
  expect((await stream.next()).value).toMatchObject({ articleId: key, outcome: { article: { id: key } } })
  await stream.return?.()
})
