import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { recordDelivery } from '../../src/syndication/delivery.ts'
import { freshDatabase } from '../support/database.ts'
import { untilSomebodyWaits } from '../support/locks.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'

// The embedded database runs one statement after the other: nothing is committed during one.
describe.runIf(process.env.DATABASE_URL)('a delivery that waits for another one', () => {
  test.each([
    ['of its article is not recorded', true],
    ['of another article is recorded', false],
  ])('while a change %s', async (_what, isConcerned) => {
    await using database = await freshDatabase()
    const { prisma } = database
    const { id: partnerId } = await addPartner(prisma)
    const { key, slug } = await addArticle(prisma)
    const other = await addArticle(prisma)
    const { position: head } = await prisma.changeHead.findUniqueOrThrow({ where: { id: 1 } })
    const deliveries = [{ articleId: key, version: 1, kind: 'ARTICLE', lapsesAt: null }] as const
    const request = { partnerId, via: 'REST', head, deliveries, isExpectedFree: true } as const
    const deps = { prisma, now: () => new Date() }
    expect(await recordDelivery(request, deps)).toBe(true)

    const holder = new pg.Client({ connectionString: database.url })
    await holder.connect()
    await holder.query('BEGIN; SELECT FROM "Holding" FOR UPDATE')
    // Its statement has begun, so it does not see what is committed from now on.
    const waiting = recordDelivery(request, deps)
    await untilSomebodyWaits(prisma)
    await addArticle(prisma, { slug: isConcerned ? slug : other.slug, headline: 'Another' })
    await holder.query('COMMIT')
    await holder.end()
    expect(await waiting).toBe(!isConcerned)
    const { times } = await prisma.delivery.findFirstOrThrow()
    expect(times).toBe(isConcerned ? 1 : 2)
  })
})
