import { expect, test } from 'vitest'
import { migrate } from '../../src/db/migrate.ts'
import { databaseBefore, migrateUpTo } from './database-before.ts'

test('names in articles have the publication time of the article, also those from before and those that others write', async () => {
  await using database = await databaseBefore('20261130060001')
  const { prisma } = database
  const articles = ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002'] as const
  const entity = '00000000-0000-7000-8000-000000000003'
  await prisma.$executeRaw`INSERT INTO "Entity" ("id", "kind", "slug", "name") VALUES (${entity}::uuid, 'PERSON', 'a', 'A')`
  for (const [day, id] of articles.entries()) {
    await prisma.$executeRaw`
      INSERT INTO "Article" ("id", "slug", "canonicalUrl", "language", "headline", "publishedAt", "updatedAt")
      VALUES (${id}::uuid, ${`s-${day}`}, ${`https://news.example/${day}`}, 'en', 'H', ${new Date(Date.UTC(2026, 0, day + 1))}, now())`
  }
  // As the version before writes it.
  const name = (id: string) => prisma.$executeRaw`
    INSERT INTO "ArticleEntity" ("articleId", "entityId", "kind", "namedIn", "position", "rolesAsPrinted")
    VALUES (${id}::uuid, ${entity}::uuid, 'PERSON', 'ARTICLE', 1, '{}')`
  await name(articles[0])
  await migrateUpTo('20261130060002', database)
  await name(articles[1])
  await migrate(database)
  const times = async () =>
    (await prisma.articleEntity.findMany({ orderBy: { articleId: 'asc' } })).map(({ publishedAt }) =>
      publishedAt.getUTCDate(),
    )
  expect(await times()).toEqual([1, 2])
  await prisma.article.update({
    where: { id: articles[0] },
    data: { publishedAt: new Date(Date.UTC(2026, 0, 9)) },
  })
  expect(await times()).toEqual([9, 2])
})
