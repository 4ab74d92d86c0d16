import { topicsUnder } from '../articles/topics/under.ts'
import { visibleArticles } from '../articles/visible.ts'
import { InvalidInput } from '../base/errors.ts'
import type { Prisma } from '../db/client/client.ts'
import { builder } from '../graphql/builder.ts'
import { pageComplexity, rootPage } from '../graphql/connections.ts'
import type { Context } from '../graphql/context.ts'
import { rowIdOrSlug } from '../graphql/ids.ts'
import { canonicalLanguage } from '../text/language.ts'
import { Article, ArticleConnection, byPublication } from './article.ts'

const ArticleFilter = builder.inputType('ArticleFilter', {
  description: 'Filters articles. All given conditions must match.',
  fields: (t) => ({
    topic: t.string({ description: 'Filters by the slug of a topic. Subtopics are included.' }),
    language: t.string({ description: 'Filters by language, a BCP 47 tag. "en" includes "en-GB".' }),
    person: t.string({ description: 'Filters by the slug or id of a person that the text names.' }),
    organisation: t.string({
      description: 'Filters by the slug or id of an organisation that the text names.',
    }),
    publishedFrom: t.field({ type: 'DateTime', description: 'Filters by publication time, inclusive.' }),
    publishedBefore: t.field({ type: 'DateTime', description: 'Filters by publication time, exclusive.' }),
  }),
})

builder.queryField('articles', (t) =>
  t.connection(
    {
      type: Article,
      description: 'Articles, newest first.',
      args: { filter: t.arg({ type: ArticleFilter, description: 'Filters articles.' }) },
      complexity: pageComplexity,
      resolve: async (_root, args, context, info) => {
        const where = [visibleArticles(context), ...(await conditions(args.filter ?? {}, context))]
        const rows = await context.db.article.findMany(rootPage(byPublication, args, where, context, info))
        const totalCount = () => context.db.article.count({ where: { AND: where } })
        return { ...byPublication.page(rows, args), totalCount }
      },
    },
    ArticleConnection,
  ),
)

async function conditions(
  filter: typeof ArticleFilter.$inferInput,
  { db }: Context,
): Promise<Prisma.ArticleWhereInput[]> {
  const { topic, person, organisation, publishedFrom, publishedBefore } = filter
  if (publishedFrom && publishedBefore && publishedFrom >= publishedBefore) {
    throw new InvalidInput('publishedBefore', '"publishedBefore" must be later than "publishedFrom".')
  }
  const where: Prisma.ArticleWhereInput[] = []
  if (topic != null) where.push({ topicId: { in: await topicsUnder(topic, db) } })
  if (filter.language != null) {
    const language = canonicalLanguage(filter.language)
    where.push({ OR: [{ language }, { language: { startsWith: `${language}-` } }] })
  }
  if (person != null) {
    const entity = { kind: 'PERSON' as const, ...rowIdOrSlug('Person', person) }
    where.push({ entities: { some: { namedIn: 'ARTICLE', entity } } })
  }
  if (organisation != null) {
    const entity = { kind: 'ORGANISATION' as const, ...rowIdOrSlug('Organisation', organisation) }
    where.push({ entities: { some: { namedIn: 'ARTICLE', entity } } })
  }
  if (publishedFrom) where.push({ publishedAt: { gte: publishedFrom } })
  if (publishedBefore) where.push({ publishedAt: { lt: publishedBefore } })
  return where
}
