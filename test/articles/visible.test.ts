import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isArticleVisible, visibleArticles, visibleArticlesSql } from '../../src/articles/visible.ts'
import { anonymous, roles, type Viewer } from '../../src/auth/viewer.ts'
import { freshDatabase } from '../support/database.ts'

/** Moments close together, so that stories are often published or freed at the very moment asked about. */
const moment = fc.integer({ min: 0, max: 6 }).map((n) => new Date(Date.UTC(2026, 0, 1) + n))

const story = fc.record({
  status: fc.constantFrom('USABLE', 'WITHHELD', 'CANCELED'),
  publishedAt: moment,
  embargoedUntil: fc.option(moment),
})

const viewer: fc.Arbitrary<Viewer> = fc.constantFrom(
  anonymous,
  ...roles.map((role) => ({ role, subject: role, displayName: role, expiresAt: null })),
)

test('the rule on stories says the same in all its three forms', async () => {
  await using database = await freshDatabase()
  const { prisma } = database
  let count = 0
  const agree = fc.asyncProperty(
    fc.array(story, { minLength: 1, maxLength: 20 }),
    viewer,
    moment,
    async (stories, viewer, moment) => {
      await prisma.article.deleteMany()
      await prisma.article.createMany({
        data: stories.map((each) => ({
          ...each,
          slug: `s${++count}`,
          canonicalUrl: `https://dateline.example/${count}`,
          language: 'en',
          headline: 'A story',
          updatedAt: each.publishedAt,
        })),
      })
      const asking = { viewer, now: () => moment }
      const rows = await prisma.article.findMany({ orderBy: { id: 'asc' } })
      const here = rows.filter((row) => isArticleVisible(row, asking)).map(({ id }) => id)
      const where = await prisma.article.findMany({ where: visibleArticles(asking), orderBy: { id: 'asc' } })
      const sql = await prisma.$queryRaw<{ id: string }[]>`
        SELECT a."id" FROM "Article" a WHERE ${visibleArticlesSql(asking)} ORDER BY a."id"`
      expect(where.map(({ id }) => id)).toEqual(here)
      expect(sql.map(({ id }) => id)).toEqual(here)
    },
  )
  await fc.assert(agree, { numRuns: 100 })
})
