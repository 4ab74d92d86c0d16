import { expect, test } from 'vitest'
import { notifyPublisher } from '../../src/bus/notify.ts'
import { recordChanges } from '../../src/changelog/record.ts'
import { announceDue } from '../../src/licensing/due-changes.ts'
import { freshDatabase } from '../support/database.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner, relicense } from '../support/partner.ts'

test('stories saved at the same time stand one behind the other in the change sequence', async () => {
  await using database = await freshDatabase()
  const { prisma } = database
  await Promise.all(Array.from({ length: 8 }, () => addArticle(prisma)))
  const changes = await prisma.articleChange.findMany({ orderBy: { position: 'asc' } })
  expect(changes.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(new Set(changes.map(({ kind }) => kind))).toEqual(new Set(['PUBLISHED']))
})

test('an embargo that has lifted is announced once, by however many gateways look', async () => {
  await using database = await freshDatabase()
  const { prisma } = database
  const embargoedUntil = new Date('2026-01-02T00:00:00Z')
  await addArticle(prisma, { embargoedUntil })
  const deps = { prisma, bus: notifyPublisher(prisma), now: () => embargoedUntil }
  await Promise.all([announceDue(deps), announceDue(deps), announceDue(deps)])
  const changes = await prisma.articleChange.findMany({ orderBy: { position: 'asc' } })
  expect(changes.map(({ kind }) => kind)).toEqual(['EMBARGOED', 'PUBLISHED'])
})

// The embedded database runs one transaction after the other.
test.runIf(process.env.DATABASE_URL)(
  'a story that is renamed and a licence that covers it do not wait for each other in a circle',
  async () => {
    await using database = await freshDatabase()
    const { prisma } = database
    const partner = await addPartner(prisma)
    const { key, slug } = await addArticle(prisma)
    await notifyPublisher(prisma).transaction(async (tx, publish) => {
      await tx.article.update({ where: { id: key }, data: { slug: `${slug}-renamed`, version: 2 } })
      // It is one entry, which waits for no story.
      await relicense(prisma, partner.slug, { agencies: ['AFP'] })
      await recordChanges(tx, [{ articleId: key, kind: 'UPDATED', version: 2 }], { at: new Date(), publish })
    })
    const changes = await prisma.articleChange.findMany({ orderBy: { position: 'asc' } })
    expect(changes.map(({ kind }) => kind)).toEqual(['PUBLISHED', 'RIGHTS_CHANGED', 'UPDATED'])
  },
)
