import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { recordDelivery } from '../../src/syndication/delivery.ts'
import { freshDatabase } from '../support/database.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'

// The embedded database runs one transaction after the other: nobody holds the sequence there.
describe.runIf(process.env.DATABASE_URL)('while a change is being written', () => {
  test('an answer to a partner writes nothing, looks a few times, and then says to ask again', async () => {
    const statements: string[] = []
    await using database = await freshDatabase({ onStatement: (sql) => statements.push(sql) })
    const { prisma } = database
    const partner = await addPartner(prisma, {}, () => new Date())
    const { key } = await addArticle(prisma)
    const { position } = await prisma.changeHead.findUniqueOrThrow({ where: { id: 1 } })
    const holder = new pg.Client({ connectionString: database.url })
    await holder.connect()
    await holder.query('BEGIN; SELECT FROM "ChangeHead" FOR UPDATE')
    statements.length = 0
    const request = {
      partnerId: partner.id,
      via: 'REST',
      head: position,
      deliveries: [{ articleId: key, version: 1, kind: 'ARTICLE' }],
    } as const
    const now = () => new Date()
    await expect(recordDelivery(request as never, { prisma, now, timeoutMs: 1_000 })).rejects.toThrow(
      expect.objectContaining({ code: 'TEMPORARILY_UNAVAILABLE' }),
    )
    expect(statements.filter((sql) => !/^SELECT "position" FROM "ChangeHead"/.test(sql))).toEqual([])
    // 20 + 40 + 80 + … ms: not once every 20 ms.
    expect(statements.length).toBeLessThanOrEqual(7)

    await holder.query('ROLLBACK')
    await holder.end()
    expect(await recordDelivery(request as never, { prisma, now })).toBe(true)
    expect(await prisma.delivery.count()).toBe(1)
  })
})
