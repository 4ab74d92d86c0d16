import { beforeEach, expect, test } from 'vitest'
import { notifyPublisher } from '../../src/bus/notify.ts'
import { readChangeHead } from '../../src/changelog/head.ts'
import type { DeliveryWay, PrismaClient } from '../../src/db/client/client.ts'
import { announceDue } from '../../src/licensing/due-changes.ts'
import { audienceOf } from '../../src/licensing/partner-audience.ts'
import { type ChangeDeps, readChanges } from '../../src/syndication/changes.ts'
import { type EntryArticle, readEntries } from '../../src/syndication/entries.ts'
import { licensedArticle } from '../../src/syndication/load-licensed-article.ts'
import { jobOf, type WebhookJob } from '../../src/webhooks/job.ts'
import { makeMessage } from '../../src/webhooks/message.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner, relicense } from '../support/partner.ts'

// What happens between the reading of a story and its delivery.

const NOW = new Date('2026-02-01T00:00:00Z')

let database: TestDatabase
let prisma: PrismaClient
let partner: { id: string; slug: string }

beforeEach(async () => {
  database = await freshDatabase()
  prisma = database.prisma
  partner = await addPartner(prisma, {}, () => NOW)
  return () => database.close()
})

function depsOf(client: PrismaClient = prisma, now: Date = NOW): ChangeDeps {
  return {
    prisma: client,
    bus: notifyPublisher(client),
    now: () => now,
    publicUrl: 'https://gateway.example',
  }
}

function audience() {
  const viewer = {
    role: 'partner',
    partnerId: partner.id,
    subject: null,
    displayName: null,
    expiresAt: null,
  } as const
  return audienceOf(viewer, prisma)
}

async function changes(deps = depsOf(), after: string | null = null) {
  const via: DeliveryWay = 'REST'
  return readChanges({ audience: await audience(), via, after, first: 100 }, deps)
}

function holding() {
  return prisma.holding.findFirst({ where: { partnerId: partner.id } })
}

/** The same client, behind which something happens once, when it has read whole stories or who holds them. */
function interrupted(at: 'stories' | 'holdings', meanwhile: () => Promise<unknown>): PrismaClient {
  let isOver = false
  const interrupt = async () => {
    if (isOver) return
    isOver = true
    await meanwhile()
  }
  return prisma.$extends({
    query: {
      article: {
        async findMany({ args, query }) {
          const rows = await query(args)
          if (at === 'stories' && args.include) await interrupt()
          return rows
        },
      },
      holding: {
        async findMany({ args, query }) {
          const rows = await query(args)
          if (at === 'holdings') await interrupt()
          return rows
        },
      },
    },
  }) as unknown as PrismaClient
}

test('a story that is withdrawn while it is read is neither given nor in the ledger', async () => {
  const { slug, key } = await addArticle(prisma)
  const withdrawing = () => interrupted('stories', () => addArticle(prisma, { slug, status: 'WITHHELD' }))
  expect((await changes(depsOf(withdrawing()))).changes).toEqual([])
  await addArticle(prisma, { slug, status: 'USABLE' })
  const asked = { articleId: key, audience: await audience(), via: 'REST' } as const
  expect(await licensedArticle(asked, depsOf(withdrawing()))).toBeNull()
  expect(await holding()).toBeNull()
  expect(await prisma.delivery.count()).toBe(0)
})

test('a story that comes back while its removal is read is not one that the partner must remove', async () => {
  const { slug } = await addArticle(prisma)
  const { cursor } = await changes()
  await addArticle(prisma, { slug, status: 'WITHHELD' })
  const returning = interrupted('holdings', async () => {
    await addArticle(prisma, { slug, status: 'USABLE' })
    await changes(depsOf(), cursor)
  })
  const { changes: told } = await changes(depsOf(returning), cursor)
  expect(told.at(-1)?.outcome).toHaveProperty('article')
  expect(await holding()).toMatchObject({ version: 3, removalNotifiedAt: null })
})

test('a licence that changes after the partner was let in holds for what it is told', async () => {
  await addArticle(prisma, { leadImage: { url: 'https://pictures.example/afp.jpg', agency: 'AFP' } })
  await relicense(prisma, partner.slug, { agencies: ['AFP'] }, () => NOW)
  const before = await audience()
  await relicense(prisma, partner.slug, { agencies: [] }, () => NOW)
  const page = await readChanges({ audience: before, via: 'REST', after: null, first: 100 }, depsOf())
  expect(JSON.stringify(page)).not.toContain('afp.jpg')
})

test('an embargo that one gateway has seen lift is not passed over by one whose clock is behind', async () => {
  const { key } = await addArticle(prisma, { embargoedUntil: new Date(NOW.getTime() + 5) })
  const before = await changes()
  await announceDue(depsOf(prisma, new Date(NOW.getTime() + 5)))
  expect((await changes(depsOf(), before.cursor)).changes).toMatchObject([
    { kind: 'PUBLISHED', articleId: key, outcome: { article: { id: key } } },
  ])
})

test('nor by a webhook', async () => {
  const lifts = new Date(NOW.getTime() + 5)
  const { key: articleId } = await addArticle(prisma, { embargoedUntil: lifts })
  await announceDue(depsOf(prisma, lifts))
  const { history } = await readChangeHead(prisma)
  const range = { audience: await audience(), after: { position: 1, within: null }, upTo: 2, take: 1 }
  const { articles: stories } = await readEntries(prisma, range)
  const job = jobOf('endpoint', stories[0] as EntryArticle, { history }).data as WebhookJob
  const { publicUrl, ...deps } = depsOf()
  const message = await makeMessage(job, partner.id, {
    ...deps,
    history,
    publicUrl: () => publicUrl,
  })
  expect(message).toMatchObject({ delivery: { articleId, kind: 'ARTICLE' } })
})

test('no more stories are read than are told', async () => {
  for (let i = 0; i < 5; i += 1) await addArticle(prisma)
  let read = 0
  const counting = prisma.$extends({
    query: {
      article: {
        async findMany({ args, query }) {
          const rows = await query(args)
          if (args.include) read += rows.length
          return rows
        },
      },
    },
  }) as unknown as PrismaClient
  const request = { audience: await audience(), via: 'REST', after: null, first: 2 } as const
  const page = await readChanges(request, depsOf(counting))
  expect([page.changes.length, page.more, read]).toEqual([2, true, 2])
})

test('changes that concern another partner do not stand in the way', async () => {
  await addArticle(prisma)
  const other = await addPartner(prisma, {}, () => NOW)
  const { articleId, version, at } = await prisma.articleChange.findFirstOrThrow()
  const bulk = Array.from({ length: 2500 }, (_, i) => ({
    position: i + 2,
    articleId,
    version,
    at,
    kind: 'RIGHTS_CHANGED' as const,
    partnerId: other.id,
  }))
  await prisma.$transaction(async (tx) => {
    await tx.changeHead.update({ where: { id: 1 }, data: { position: 2501 } })
    await tx.articleChange.createMany({ data: bulk })
  })
  const page = await changes()
  expect([page.changes.length, page.more]).toEqual([1, false])
})
