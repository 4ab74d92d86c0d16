import { visibleTopics } from '../articles/topics/visible.ts'
import { visibleArticles } from '../articles/visible.ts'
import { slugOrId } from '../graphql/arguments.ts'
import { builder } from '../graphql/builder.ts'
import { nestedPage, pageComplexity, rootPage, totalOf } from '../graphql/connections.ts'
import { slugOrRowId, toRowId } from '../graphql/ids.ts'
import { keyset } from '../graphql/keyset.ts'
import { dependsOn } from '../graphql/record-reads.ts'
import type { Selected } from '../graphql/selected-fields.ts'
import { ARTICLES, REFERENCE_NAMES } from '../read-cache/reads.ts'
import { Article, ArticleConnection, byPublication } from './article.ts'

const Topic = builder.prismaNode('Topic', {
  id: { field: 'id' },
  nullable: true,
  findUnique: (id, context) => ({ id: toRowId(id), AND: visibleTopics(context) }),
  select: {},
  fields: (t) => ({
    slug: t.exposeString('slug'),
    name: t.exposeString('label', { description: 'The name that readers see.' }),
    parent: t.relation('parent', { nullable: true }),
    articles: t.connection(
      {
        type: Article,
        description: 'Articles of exactly this topic, newest first. Articles of subtopics are not included.',
        complexity: pageComplexity,
        select: (args, context, nested, selected?: Selected) => ({
          articles: nestedPage(byPublication, args, [visibleArticles(context)], nested),
          ...totalOf('articles', visibleArticles(context), selected),
        }),
        resolve: ({ articles, _count }, args) => ({
          ...byPublication.page(articles, args),
          totalCount: () => _count.articles,
        }),
      },
      ArticleConnection,
    ),
  }),
})

const bySlug = keyset<{ slug: string }>({ field: 'slug', direction: 'asc', kind: 'text' })

builder.queryField('topics', (t) =>
  t.connection(
    {
      type: Topic,
      description: 'The topics of the articles that you may see, ordered by slug.',
      complexity: pageComplexity,
      resolve: async (_root, args, context, info) =>
        bySlug.page(
          await context.db.topic.findMany(rootPage(bySlug, args, [visibleTopics(context)], context, info)),
          args,
        ),
    },
    { name: 'TopicConnection' },
    { name: 'TopicEdge' },
  ),
)

builder.queryField('topic', (t) =>
  t.prismaField({
    type: Topic,
    nullable: true,
    description: 'Finds a topic by slug or id, if it has articles that you may see.',
    args: slugOrId,
    ...dependsOn(() => [ARTICLES, REFERENCE_NAMES]),
    resolve: (query, _root, args, context) =>
      context.db.topic.findFirst({
        ...query,
        where: { AND: [slugOrRowId('Topic', args), visibleTopics(context)] },
      }),
  }),
)

builder.prismaObjectField('Article', 'topic', (t) => t.relation('topic', { nullable: true }))
