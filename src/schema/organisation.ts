import { visibleArticles } from '../articles/visible.ts'
import { slugOrId } from '../graphql/arguments.ts'
import { builder } from '../graphql/builder.ts'
import { nestedPage, pageComplexity, rootPage } from '../graphql/connections.ts'
import { slugOrRowId, toRowId } from '../graphql/ids.ts'
import { Article, ArticleConnection, byPublication } from './article.ts'
import {
  articlesNaming,
  byName,
  byNameComplexity,
  Entity,
  inOrderOfMention,
  NamedIn,
  named,
  whereNamed,
} from './entity.ts'
import { newestQuotation, Quotation, QuotationConnection } from './quotation.ts'

export const Organisation = builder.prismaNode('Organisation', {
  id: { field: 'id' },
  nullable: true,
  interfaces: [Entity],
  findUnique: (id) => ({ id: toRowId(id) }),
  fields: (t) => ({
    names: t.relation('names', { query: { orderBy: [{ kind: 'asc' }, { normalised: 'asc' }] } }),
    externalIds: t.relation('externalIds', { query: { orderBy: { scheme: 'asc' } } }),
    affiliations: t.relation('affiliations', { query: { orderBy: [{ from: 'desc' }, { id: 'asc' }] } }),
    articles: t.connection(
      {
        type: Article,
        description: 'Articles whose text names this organisation, newest first.',
        complexity: pageComplexity,
        select: (args, context, nested) => ({ articles: articlesNaming(args, context, nested) }),
        resolve: (organisation, args) =>
          byPublication.page(
            organisation.articles.map(({ article }) => article),
            args,
          ),
      },
      ArticleConnection,
    ),
    quotations: t.connection(
      {
        type: Quotation,
        description: 'Quotations of this organisation, newest first.',
        complexity: pageComplexity,
        select: (args, context, nested) => ({
          quotations: nestedPage(newestQuotation, args, [{ article: visibleArticles(context) }], nested),
        }),
        resolve: (organisation, args) => newestQuotation.page(organisation.quotations, args),
      },
      QuotationConnection,
    ),
  }),
})

const OrganisationFilter = builder.inputType('OrganisationFilter', {
  description: 'Filters organisations.',
  fields: (t) => ({
    name: t.string({
      description:
        'Filters by words of any name, in any script. All words must match. Maximum 10 words and 200 characters.',
    }),
  }),
})

builder.queryField('organisation', (t) =>
  t.prismaField({
    type: Organisation,
    nullable: true,
    description: 'Finds an organisation by slug or id.',
    args: slugOrId,
    resolve: (query, _root, args, context) =>
      context.db.organisation.findUnique({ ...query, where: slugOrRowId('Organisation', args) }),
  }),
)

builder.queryField('organisations', (t) =>
  t.connection(
    {
      type: Organisation,
      description: 'All organisations, ordered by name.',
      args: { filter: t.arg({ type: OrganisationFilter, description: 'Filters organisations.' }) },
      complexity: byNameComplexity,
      resolve: async (_root, args, context, info) => {
        const where = args.filter?.name == null ? [] : [named(args.filter.name)]
        const rows = await context.db.organisation.findMany(rootPage(byName, args, where, context, info))
        return byName.page(rows, args)
      },
    },
    OrganisationConnection,
  ),
)

export const OrganisationConnection = builder.connectionObject({
  type: Organisation,
  name: 'OrganisationConnection',
})

builder.prismaObject('ArticleOrganisation', {
  fields: (t) => ({
    organisation: t.relation('organisation'),
    namedIn: t.expose('namedIn', { type: NamedIn }),
  }),
})

builder.prismaObjectField('Article', 'organisations', (t) =>
  t.relation('organisations', {
    description: 'The organisations that the article names, in the order of first mention.',
    args: whereNamed,
    query: inOrderOfMention,
    complexity: { field: 1, multiplier: 10 },
  }),
)
